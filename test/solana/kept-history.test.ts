// A relayer's start on a cluster where packets went both ways: what was final is not read again.
import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig, openSolanaChain, openSolanaWallet } from '@causeway/relayer'
import type { Chain, SolanaChainConfig } from '@causeway/relayer'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { CLIENT, SolanaStage } from './solana-stage.ts'
import { PROGRAMS, RELAYER, exampleKeypair } from './stage-cluster.ts'
import { HUB } from './staged-hub.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const PACKETS = 24
const folder = mkdtempSync(join(tmpdir(), 'kept-history-'))
let stage: SolanaStage
const sequences = Array.from({ length: PACKETS + 2 }, (_, i) => BigInt(i + 1))
const received = sequences.slice(0, PACKETS)

beforeAll(async () => {
  stage = await SolanaStage.start()
  await stage.deposit(400_000_000n, 1n)
  const recipient = exampleKeypair('kept').publicKey
  const packets = received.map((sequence) => stage.withdrawal(sequence, recipient, 1n))
  const outcomes = await (await stage.open()).submit(stage.sent(packets))
  expect(outcomes.flatMap((one) => one.failed)).toEqual([])
  await stage.produce(8)
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

/** Starts; how many transactions that read. */
async function readAtStart(): Promise<number> {
  stage.relay.methods.length = 0
  const chain = await start()
  expect(await chain.unreceivedSequences(CLIENT, sequences)).toEqual(sequences.slice(PACKETS))
  return stage.relay.methods.filter((one) => one === 'getTransaction').length
}

it('is read once from the beginning, then from where it was final', async () => {
  const first = await readAtStart()
  expect(first).toBeGreaterThan(3)
  expect(await readAtStart()).toBe(0)
  const [file] = readdirSync(folder)
  truncateSync(join(folder, file!), 300)
  expect(await readAtStart()).toBe(first)
  expect(await readAtStart()).toBe(0)
})

it('has what was kept, found again by its packet', async () => {
  const chain = await start()
  const event = await chain.findPacketEvent('write_acknowledgement', CLIENT, 5n)
  expect(event?.packet.sequence).toBe(5n)
  expect(await chain.findPacketEvent('write_acknowledgement', CLIENT, 99n)).toBeUndefined()
})
