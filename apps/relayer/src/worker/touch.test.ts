import pino from 'pino'
import { afterEach, expect, it, vi } from 'vitest'

import type { Chain } from '../chain.ts'
import { checkConfig } from '../config/load-config.ts'
import { RelayError } from '../errors.ts'
import { testWork } from '../plan/lane.fixture.ts'
import { MemoryChain } from './memory-chain.fixture.ts'
import { runRelayer } from './relayer.ts'
import type { Relayer } from './relayer.ts'

const CLIENTS = { a: '07-tendermint-0', b: '07-tendermint-1' }
const SECOND = 1_000_000_000n
const settings = (id: string) => ({
  id,
  rpc: ['http://127.0.0.1:9'],
  addressPrefix: 'x',
  key: { env: 'UNUSED' },
  gasPrice: '0stake',
})
const config = checkConfig({
  chains: [settings('a-1'), settings('b-1')],
  routes: [
    {
      name: 'ab',
      a: { chain: 'a-1', client: CLIENTS.a },
      b: { chain: 'b-1', client: CLIENTS.b },
      rescan: '1h',
    },
  ],
})

let relayer: Relayer | undefined
afterEach(async () => {
  await relayer?.stop()
})

it('has commitments written again, once, when the headers that prove packets are too old', async () => {
  const a = new MemoryChain('a-1', { chainId: 'b-1', client: CLIENTS.b })
  const b = new MemoryChain('b-1', { chainId: 'a-1', client: CLIENTS.a })
  const touched: string[] = []
  let provable = 5n
  const head = (height: bigint) => ({ height, timeNanoseconds: height * SECOND })
  const proving: Chain = {
    ...a.chain,
    proofWindow: async (_, final) => {
      return { newest: head(provable), oldestHeight: 0n, lag: 0n, final, heights: [provable] }
    },
    async makeProvable(clientId) {
      touched.push(clientId)
      throw new RelayError('endpoint', 'later', 'a touch that fails holds nothing up')
    },
  }
  relayer = await runRelayer(config, {
    log: pino({ level: 'silent' }),
    chains: new Map([
      ['a-1', proving],
      ['b-1', b.chain],
    ]),
    nowMs: Date.now,
    dryRun: false,
    inMemory: true,
  })
  a.send(testWork({ sequence: 1n, timeoutSeconds: 10_000n }).packet)
  const blocksUntil = (condition: () => boolean) =>
    vi.waitUntil(
      () => {
        a.block()
        b.block()
        return condition()
      },
      { timeout: 30_000 },
    )
  await blocksUntil(() => touched.length > 0)
  const height = a.height + 5n
  await blocksUntil(() => a.height > height)
  expect(b.flights).toEqual([])
  provable = a.height
  await blocksUntil(() => b.flights.length > 0)
  expect(touched).toEqual([CLIENTS.a])
  expect(b.flights[0]?.batches.flat().map(({ proofHeight }) => proofHeight.revisionHeight)).toEqual([
    provable,
  ])
})
