import { readFileSync } from 'node:fs'
import { jsonRpc } from '../bench/hub-under-load.ts'

/** An event of a block. */
export interface ToldEvent {
  readonly height: bigint
  readonly type: string
  readonly told: Readonly<Record<string, string>>
}

interface JsonEvent {
  readonly type: string
  readonly attributes: readonly { readonly key: string; readonly value: string }[]
}

/** All events of a chain's blocks up to a height, those of transactions first. */
export async function eventsUntil(rpcUrl: string, height: bigint): Promise<ToldEvent[]> {
  const events: ToldEvent[] = []
  for (let at = 1n; at <= height; at++) {
    const results = (await jsonRpc(rpcUrl)('block_results', { height: `${at}` })) as {
      finalize_block_events: JsonEvent[] | null
      txs_results: { events: JsonEvent[] | null }[] | null
    }
    const ofTransactions = (results.txs_results ?? []).flatMap((result) => result.events ?? [])
    for (const { type, attributes } of [...ofTransactions, ...(results.finalize_block_events ?? [])])
      events.push({
        ...{ height: at, type },
        told: Object.fromEntries(attributes.map(({ key, value }) => [key, value])),
      })
  }
  return events
}

/** The app hash of each block up to a height, as the header after it says. */
export async function appHashesUntil(rpcUrl: string, height: bigint): Promise<string[]> {
  const hashes: string[] = []
  for (let at = 2n; at <= height; at++) {
    const { block } = (await jsonRpc(rpcUrl)('block', { height: `${at}` })) as {
      block: { header: { app_hash: string } }
    }
    hashes.push(block.header.app_hash.toLowerCase())
  }
  return hashes
}

/** What a node wrote of its blocks into its log, through all its lives. */
export interface ToldBlocks {
  /** All the app hashes that it told for a height: one, if it never was of two minds. */
  readonly hashes: ReadonlyMap<bigint, ReadonlySet<string>>
  /** Each liquidation that began, `HEIGHT ACCOUNT`, with the maintenance margin before. */
  readonly begun: ReadonlyMap<string, bigint>
}

/** Reads the log of a node that tells `block HEIGHT HASH` and `begun HEIGHT ACCOUNT MARGIN`. */
export function toldIn(logPath: string): ToldBlocks {
  const hashes = new Map<bigint, Set<string>>()
  const begun = new Map<string, bigint>()
  for (const line of readFileSync(logPath, 'utf8').split('\n')) {
    const [, height, hash] = /^block (\d+) ([0-9a-f]{64})$/.exec(line) ?? []
    if (height !== undefined && hash !== undefined)
      hashes.set(BigInt(height), new Set([...(hashes.get(BigInt(height)) ?? []), hash]))
    const [, which, margin] = /^begun (\d+ \w+) (-?\d+)$/.exec(line) ?? []
    if (which !== undefined && margin !== undefined) begun.set(which, BigInt(margin))
  }
  return { hashes, begun }
}
