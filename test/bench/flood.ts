// npm run bench -- flood: how long critical transactions wait while junk for more than ten blocks waits, too:
// orders of lane 4, then orders that reduce and never fill, which stand in lane 3 for nothing.
// SECONDS=8 for a short look, ENGINE=embedded for one engine.
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_BLOCK_LIMITS, OrderFlow } from '@causeway/hub'
import { BaseAccount } from '@causeway/protocol/cosmos/auth/v1beta1/auth'
import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/cosmos/auth/v1beta1/query'
import { criticalSender } from '../hostile/critical-sender.ts'
import type { CriticalSender } from '../hostile/critical-sender.ts'
import type { Comparison } from './figures.ts'
import { PAUSE_MS, heightOf, pause, sendCritical } from './flood-critical.ts'
import type { CriticalLoad, Sample } from './flood-critical.ts'
import { FLOOD_GAS, FloodTrader, JUNK_ORDERS } from './flood-trader.ts'
import { startOrderHub } from './hub-orders.ts'
import type { OrderHub } from './hub-orders.ts'
import { jsonRpc, postJson } from './hub-under-load.ts'
import type { Rpc } from './hub-under-load.ts'

const SECONDS = Number(process.env['SECONDS'] ?? 30)
/** Those that send junk; those that cancel, reduce and are paid; those that fail. */
const [JUNK, HONEST, FAILING] = [1_000, 400, 20]
const ACCOUNTS = JUNK + HONEST + FAILING
const RESTING = 2 * ACCOUNTS
/** Transactions of junk that a block has room for. */
const BLOCK_JUNK = Math.floor(DEFAULT_BLOCK_LIMITS.gas / Number(FLOOD_GAS) / JUNK_ORDERS)
const FLOOD = 10 * BLOCK_JUNK
const BATCH = 10
const WALLETS = 10
const JUNK_KINDS = ['orders', 'reduce-only orders'] as const
type JunkKind = (typeof JUNK_KINDS)[number]
const ENGINES = ['embedded', 'cometbft'] as const

/** Blocks from admission to inclusion, by kind, on both engines. */
export async function compareFlood(
  engines: readonly (typeof ENGINES)[number][] = ENGINES,
): Promise<Comparison[]> {
  const only = process.env['ENGINE']
  const rows: Comparison[] = []
  for (const engine of engines.filter((each) => only === undefined || each === only)) {
    const directory = mkdtempSync(join(tmpdir(), 'bench-flood-'))
    const names = Array.from({ length: WALLETS }, (_, i) => `flood ${i}`)
    const holders = names.map((name) => criticalSender(name, 0n).address)
    const offeredPath = join(directory, 'offered.txt')
    const state = { resting: RESTING, failing: FAILING, holders, offeredPath }
    const hub = await startOrderHub(engine, directory, ACCOUNTS, state)
    try {
      const wallets = await Promise.all(names.map((name) => knownSender(hub, name)))
      const flow = new OrderFlow(hub.flow)
      const now = BigInt(Date.now())
      const all = Array.from({ length: ACCOUNTS }, (_, i) => new FloodTrader(flow, i, now))
      const traders = {
        junk: all.slice(0, JUNK),
        honest: all.slice(JUNK, JUNK + HONEST),
        failing: all.slice(JUNK + HONEST),
      }
      for (const junk of JUNK_KINDS)
        rows.push(
          ...(await flood({ ...traders, url: hub.rpcUrl, wallets }, { engine, kind: junk, offeredPath })),
        )
    } finally {
      await hub.stop()
      rmSync(directory, { recursive: true, force: true })
    }
  }
  return rows
}

type Heights = ReadonlyMap<string, number>
type Traders = Readonly<Record<'junk' | 'honest' | 'failing', readonly FloodTrader[]>>

async function flood(
  load: Omit<CriticalLoad, 'isOver'> & Traders,
  { engine, kind, offeredPath }: { engine: string; kind: JunkKind; offeredPath: string },
): Promise<Comparison[]> {
  const rpc = jsonRpc(load.url)
  let next = 0
  const junkSender = new JunkSender(load.url, () => {
    const trader = load.junk[next++ % JUNK]!
    return kind === 'orders' ? trader.junk() : trader.junkReducing()
  })
  await junkSender.fill()
  const from = await heightOf(rpc)
  let isOver = false
  const [samples] = await Promise.all([
    sendCritical({ ...load, isOver: () => isOver }),
    junkSender.keepUp(SECONDS * 1000).finally(() => (isOver = true)),
  ])
  const blocks = await readBlocks(rpc, from, samples)
  await junkSender.drained()
  const { accepted, refused, refusal = 'none', least } = junkSender
  console.log(
    `  ${engine}, ${kind}: ${accepted * JUNK_ORDERS} taken, ` +
      `${refused * JUNK_ORDERS} refused (${refusal}), ${least}+ transactions waiting ` +
      `(${(least / BLOCK_JUNK).toFixed(0)} blocks’ worth); ` +
      `blocks of ${blocks.transactions.toFixed(0)} transactions, ` +
      `${blocks.seconds.toFixed(2)} s each; prices in ${blocks.priced} of ${blocks.count} blocks`,
  )
  const kinds = [...new Set(samples.map((sample) => sample.kind))]
  return kinds.map((each) => {
    const own = samples.filter((sample) => sample.kind === each)
    const work = `${each} under a flood of ${kind}, ${engine}`
    return waitsOf(own, { included: blocks.included, offered: offersIn(offeredPath), work })
  })
}

/** At what height a proposer was given a transaction first, by hash. */
function offersIn(path: string): ReadonlyMap<string, number> {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return new Map(lines.map((line) => [line.split(' ')[1]!, Number(line.split(' ')[0])]))
}

/** How many blocks transactions of a kind have waited, printed. */
function waitsOf(
  own: readonly Sample[],
  { included, offered, work }: { included: Heights; offered: Heights; work: string },
): Comparison {
  const waitsFrom = (from: (sample: Sample) => number): number[] =>
    own
      .filter(({ hash }) => included.has(hash))
      .map((sample) => included.get(sample.hash)! - from(sample))
      .sort((a, b) => a - b)
  const waits = waitsFrom(({ height }) => height)
  // The first proposal that could have it counts as one.
  const proposals = waitsFrom(({ hash }) => offered.get(hash)! - 1)
  const refusals = own.filter(({ refusal }) => refusal !== undefined)
  const at = (share: number, of = waits) => of[Math.min(of.length - 1, Math.floor((of.length * share) / 100))]
  const why = refusals[0] ? ` (${refusals[0].refusal})` : ''
  const lost = own.length - refusals.length - waits.length
  console.log(
    `    ${own[0]!.kind}: ${own.length} sent, ${refusals.length} refused${why}, ${lost} not in a block; ` +
      `blocks p50 ${at(50)}, p99 ${at(99)}, most ${waits.at(-1)}; ` +
      `of proposals whose maker had it p99 ${at(99, proposals)}, most ${proposals.at(-1)}`,
  )
  const note = `from the last block made to inclusion; ${waits.length} in blocks of ${own.length} sent`
  const ours = { peer: 'causeway', version: '0.1.0', work, blocks: at(99) ?? NaN, note }
  return { what: `${work}: p99`, ours, peer: undefined, by: 'blocks', aim: undefined }
}

/** Keeps more than ten blocks' worth of junk waiting. */
class JunkSender {
  accepted = 0
  refused = 0
  refusal: string | undefined
  least = Infinity
  readonly #url: string
  readonly #rpc: Rpc
  readonly #junk: () => Uint8Array

  constructor(url: string, junk: () => Uint8Array) {
    this.#url = url
    this.#rpc = jsonRpc(url)
    this.#junk = junk
  }

  async fill(): Promise<void> {
    while ((await this.#waiting()) < FLOOD * 1.5) await this.#send(30)
  }

  async keepUp(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds
    while (performance.now() < end) {
      const waiting = await this.#waiting()
      this.least = Math.min(this.least, waiting)
      if (waiting < FLOOD * 1.5) await this.#send(8)
      else await pause(PAUSE_MS)
    }
  }

  /** Resolves when hardly anything waits any more. */
  async drained(): Promise<void> {
    while ((await this.#waiting()) > BLOCK_JUNK) await pause(PAUSE_MS)
  }

  async #waiting(): Promise<number> {
    const { total } = (await this.#rpc('num_unconfirmed_txs', {})) as { total: string }
    return Number(total)
  }

  async #send(batches: number): Promise<void> {
    const sends = Array.from({ length: batches }, () =>
      broadcast(this.#url, Array.from({ length: BATCH }, this.#junk)),
    )
    for (const answers of await Promise.all(sends))
      for (const { refusal } of answers) {
        if (refusal === undefined) this.accepted += 1
        else this.refused += 1
        this.refusal ??= refusal
      }
  }
}

/** What blocks hold from a height on, until all that was admitted is in one or forty have passed. */
async function readBlocks(rpc: Rpc, from: number, samples: readonly Sample[]) {
  const wanted = new Set(samples.filter(({ refusal }) => refusal === undefined).map(({ hash }) => hash))
  const included = new Map<string, number>()
  let [transactions, priced, height] = [0, 0, from]
  const last = (await heightOf(rpc)) + 40
  const times: number[] = []
  while (height < last && wanted.size > 0) {
    if (height >= (await heightOf(rpc)) - 1) {
      await pause(PAUSE_MS)
      continue
    }
    height += 1
    const { block } = (await rpc('block', { height: `${height}` })) as {
      block: { header: { time: string }; data: { txs: string[] } }
    }
    times.push(Date.parse(block.header.time))
    transactions += block.data.txs.length - 1
    for (const tx of block.data.txs) {
      const hash = createHash('sha256').update(Buffer.from(tx, 'base64')).digest('hex')
      if (wanted.delete(hash)) included.set(hash, height)
    }
    const results = (await rpc('block_results', { height: `${height}` })) as {
      finalize_block_events?: { type: string }[]
    }
    if (results.finalize_block_events?.some(({ type }) => type === 'causeway.oracle.v1.price')) priced += 1
  }
  const count = height - from
  const seconds = (times.at(-1)! - times[0]!) / 1000 / Math.max(1, count - 1)
  return { included, count, priced, seconds, transactions: transactions / count }
}

async function broadcast(
  url: string,
  txs: readonly Uint8Array[],
): Promise<{ refusal: string | undefined }[]> {
  const calls = txs.map((tx, id) => ({
    ...{ jsonrpc: '2.0', id, method: 'broadcast_tx_sync' },
    params: { tx: Buffer.from(tx).toString('base64') },
  }))
  const answers = (await postJson(url, calls)) as {
    result?: { code: number; log: string }
    error?: unknown
  }[]
  return answers.map(({ result, error }) => ({
    refusal: result?.code === 0 ? undefined : (result?.log ?? JSON.stringify(error)),
  }))
}

async function knownSender(hub: OrderHub, name: string): Promise<CriticalSender> {
  const { address } = criticalSender(name, 0n)
  const data = Buffer.from(QueryAccountRequest.encode({ address }).finish()).toString('hex')
  const path = '/cosmos.auth.v1beta1.Query/Account'
  const { response } = (await jsonRpc(hub.rpcUrl)('abci_query', { path, data })) as {
    response: { value: string }
  }
  const { account } = QueryAccountResponse.decode(Buffer.from(response.value, 'base64'))
  return criticalSender(name, BaseAccount.decode(account!.value).accountNumber)
}
