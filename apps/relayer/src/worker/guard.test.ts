import pino from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { AcceptedState, Chain } from '../chain.ts'
import { checkConfig } from '../config/load-config.ts'
import { MemoryChain } from './memory-chain.fixture.ts'
import { runRelayer } from './relayer.ts'
import type { Relayer } from './relayer.ts'

const settings = (id: string) => ({
  ...{ id, rpc: ['http://127.0.0.1:9'], addressPrefix: 'x', key: { env: 'UNUSED' }, gasPrice: '0stake' },
})
const route = {
  name: 'ab',
  a: { chain: 'a-1', client: '07-tendermint-0' },
  b: { chain: 'b-1', client: '07-tendermint-1' },
}
const config = checkConfig({
  chains: [settings('a-1'), settings('b-1')],
  routes: [{ ...route, rescan: '1h' }],
})
const EVIDENCE = { typeUrl: '/evidence', value: Uint8Array.of(1) }

let relayer: Relayer | undefined
afterEach(async () => await relayer?.stop())

/** Two chains; the client on `b` has accepted these states, of which `a` contradicts that of a height. */
async function start(accepted: readonly AcceptedState[], contradicted: bigint) {
  const a = new MemoryChain('a-1', { chainId: 'b-1', client: '07-tendermint-1' })
  const b = new MemoryChain('b-1', { chainId: 'a-1', client: '07-tendermint-0' })
  const asked: bigint[] = []
  const proving: Chain = {
    ...a.chain,
    findMisbehaviour: async (_, states) =>
      states.some(({ height }) => height === contradicted) ? [EVIDENCE] : [],
  }
  const hosting: Chain = {
    ...b.chain,
    async acceptedStates(_, above) {
      asked.push(above)
      return accepted
    },
  }
  const chains = new Map([proving, hosting].map((chain) => [chain.chainId, chain]))
  const log = pino({ level: 'silent' })
  relayer = await runRelayer(config, { log, chains, nowMs: Date.now, dryRun: false, inMemory: true })
  return { b, asked }
}

const state = (height: bigint): AcceptedState => ({ height, timeSeconds: 1n, commitment: new Uint8Array(24) })

describe('the guard', () => {
  it('shows a client the state that contradicts what it has accepted, once', async () => {
    const { b } = await start([state(1n)], 1n)
    await vi.waitUntil(() => b.flights.length > 0, 15_000)
    expect(b.flights).toEqual([{ clientId: '07-tendermint-1', updates: [EVIDENCE], batches: [] }])
  })

  it('compares each accepted state once', async () => {
    const { b, asked } = await start([state(1n)], 2n)
    await vi.waitUntil(() => asked.length > 1, 15_000)
    expect(asked.slice(0, 2)).toEqual([0n, 1n])
    expect(b.flights).toEqual([])
  })
})
