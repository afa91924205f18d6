// A relayer's own lookup table on the real programs: made behind a flight, used by the next, kept over a
// start, and done without where it is not there.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig, openSolanaChain, openSolanaWallet } from '@causeway/relayer'
import type { Chain, Outcome, SolanaChainConfig } from '@causeway/relayer'
import { VersionedTransaction } from '@solana/web3.js'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { RelayedRequest } from './rpc-relay.ts'
import { CLIENT, SolanaStage } from './solana-stage.ts'
import { PROGRAMS, RELAYER, exampleKeypair } from './stage-cluster.ts'
import { HUB } from './staged-hub.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const PACKETS = 16
const folder = mkdtempSync(join(tmpdir(), 'lookup-table-'))
const recipient = exampleKeypair('looked up').publicKey
let stage: SolanaStage
let chain: Chain
let sequence = 0n

beforeAll(async () => {
  stage = await SolanaStage.start()
  await stage.deposit(400_000_000n, 1n)
  chain = await start()
})
afterAll(async () => {
  await stage?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<Chain> {
  const programs = Object.entries(PROGRAMS).map(([name, key]) => [name, key.toBase58()] as const)
  const { chains } = checkConfig({
    chains: [
      {
        ...{ id: `solana:${stage.cluster.genesisHash.slice(0, 32)}`, type: 'solana', hub: HUB },
        ...{ rpc: [stage.relay.url], stream: stage.cluster.streamUrl, poll: '2ms', recordStakes: false },
        programs: Object.fromEntries(programs) as Record<keyof typeof PROGRAMS, string>,
        ...{ client: { id: CLIENT }, key: { env: 'KEY' } },
      },
    ],
  })
  const wallet = await openSolanaWallet(JSON.stringify([...RELAYER.secretKey]))
  return openSolanaChain(chains[0] as SolanaChainConfig, wallet, Date.now, { folder })
}

const fly = async () =>
  await chain.submit(
    stage.sent(Array.from({ length: PACKETS }, () => stage.withdrawal(++sequence, recipient, 1n))),
  )

/** In how many transactions all of a flight's withdrawals arrived. */
async function transactions(outcomes: readonly Outcome[]): Promise<number> {
  expect(
    outcomes.flatMap(({ failed, error }) => [...failed, ...(error === undefined ? [] : [error])]),
  ).toEqual([])
  expect(outcomes.flatMap(({ done }) => done)).toHaveLength(PACKETS)
  expect(await stage.tokensOf(recipient)).toBe(sequence)
  return outcomes.filter(({ done }) => done.length > 0).length
}

const file = () =>
  join(
    folder,
    readdirSync(folder).find((name) => name.startsWith('lookup-table'))!,
  )

it('has room for more messages in a transaction, from the flight after the first one on', async () => {
  const [without, withTable] = [await transactions(await fly()), await transactions(await fly())]
  process.stdout.write(`${PACKETS} withdrawals: ${without} transactions, ${withTable} by a lookup table\n`)
  expect(withTable).toBeLessThan(without)
  const key = readFileSync(file(), 'utf8')
  chain = await start()
  expect(await transactions(await fly())).toBeLessThanOrEqual(withTable)
  expect(readFileSync(file(), 'utf8')).toBe(key)
})

it('is done without, and made anew, where its file names something else', async () => {
  const before = readFileSync(file(), 'utf8')
  writeFileSync(file(), recipient.toBase58())
  chain = await start()
  await transactions(await fly())
  expect(readFileSync(file(), 'utf8')).not.toContain(recipient.toBase58())
  expect(readFileSync(file(), 'utf8')).not.toBe(before)
})

it('is done without where a node does not know it', async () => {
  const usual = stage.relay.behaviour
  stage.relay.behaviour = async (request, pass) => {
    if (!isByTable(request)) return await usual(request, pass)
    throw Object.assign(new Error("Transaction loads an address table account that doesn't exist"), {
      code: -32602,
    })
  }
  const packets = [1n, 2n].map((more) => stage.withdrawal(sequence + more, recipient, 1n))
  const failures = (await chain.submit(stage.sent(packets))).flatMap(({ failed }) => failed)
  expect(failures.map(({ error }) => [error.failure, error.retry])).toEqual(
    packets.map(() => ['endpoint', 'now']),
  )
  const again = await chain.submit(stage.sent(packets))
  stage.relay.behaviour = usual
  expect(again.flatMap(({ done }) => done)).toHaveLength(2)
})

function isByTable({ method, params }: RelayedRequest): boolean {
  if (method !== 'simulateTransaction') return false
  const { message } = VersionedTransaction.deserialize(Buffer.from(String(params[0]), 'base64'))
  return message.addressTableLookups.length > 0
}
