import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Chain, Flight } from '../chain.ts'
import { checkConfig } from '../config/load-config.ts'
import { RelayError } from '../errors.ts'
import { testWork } from '../plan/lane.fixture.ts'
import { MemoryChain } from './memory-chain.fixture.ts'
import { runRelayer } from './relayer.ts'
import type { Relayer } from './relayer.ts'

const CLIENTS = { a: '07-tendermint-0', b: '07-tendermint-1' }
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
const packet = (sequence: bigint) => testWork({ sequence, timeoutSeconds: 100_000n }).packet

let a: MemoryChain
let b: MemoryChain
let relayer: Relayer | undefined
let lines: { msg: string; [field: string]: unknown }[]
let aheadMs = 0

beforeEach(() => {
  a = new MemoryChain('a-1', { chainId: 'b-1', client: CLIENTS.b })
  b = new MemoryChain('b-1', { chainId: 'a-1', client: CLIENTS.a })
  lines = []
  aheadMs = 0
})
afterEach(async () => {
  await relayer?.stop()
})

/** Relays from `a` to a `b` that behaves as told; its client is one of attestations. */
async function start(change: { a?: Partial<Chain>; b?: Partial<Chain> }): Promise<void> {
  const target: Chain = {
    ...b.chain,
    clientView: async (id) => ({ ...(await b.chain.clientView(id)), clientType: 'attestation' }),
    ...change.b,
  }
  relayer = await runRelayer(config, {
    log: pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) }),
    chains: new Map([
      ['a-1', { ...a.chain, ...change.a }],
      ['b-1', target],
    ]),
    nowMs: () => Date.now() + aheadMs,
    inMemory: true,
  })
  await blocksUntil(() => true)
}

async function blocksUntil(condition: () => boolean): Promise<void> {
  const look = () => {
    a.block()
    b.block()
    return condition()
  }
  await vi.waitUntil(look, { timeout: 60_000, interval: 10 })
}

const sequencesOf = (flight: Flight) => flight.batches.flat().map(({ work }) => work.packet.sequence)
const proofHeightOf = (flight: Flight | undefined) =>
  flight?.batches.flat()[0]?.proofHeight.revisionHeight ?? 0n
const refusal = (error: RelayError) => async (flight: Flight) => {
  const failed = flight.batches.flat().map(({ work }) => ({ work, error }))
  return [{ inclusion: undefined, done: [], failed, error }]
}

describe('an update that is held up', () => {
  it('is tried again with the same header, while the chain goes on', async () => {
    const refused: Flight[] = []
    const future = refusal(new RelayError('client', 'later', 'from the future'))
    await start({
      b: {
        submit: async (flight) => {
          if (refused.length >= 3) return await b.chain.submit(flight)
          refused.push(flight)
          return await future(flight)
        },
      },
    })
    a.send(packet(1n))
    await blocksUntil(() => b.received.has(1n))
    const heights = [...refused, b.flights[0]].map(proofHeightOf)
    expect(new Set(heights).size).toBe(1)
    expect(a.height).toBeGreaterThan(heights[0]! + 3n)
  })

  it('is made with a newer header when the client refuses that one for good', async () => {
    const refused: Flight[] = []
    const wrong = refusal(new RelayError('client', 'now', 'height stands'))
    await start({
      b: {
        submit: async (flight) => {
          if (refused.length >= 2) return await b.chain.submit(flight)
          refused.push(flight)
          a.block()
          return await wrong(flight)
        },
      },
    })
    a.send(packet(1n))
    await blocksUntil(() => b.received.has(1n))
    const heights = [...refused, b.flights[0]].map(proofHeightOf)
    expect(new Set(heights).size).toBe(3)
  })

  it('blames no message: none is set aside, however often', async () => {
    let refusals = 0
    const busy = refusal(new RelayError('client', 'later', 'before any message: refused'))
    await start({
      b: {
        submit: async (flight) => {
          if (refusals >= 8) return await b.chain.submit(flight)
          refusals += 1
          return await busy(flight)
        },
      },
    })
    a.send(packet(1n))
    await blocksUntil(() => {
      aheadMs += 1_000 // of the lane's longest wait, ten seconds
      return b.received.has(1n)
    })
    expect(lines.filter(({ msg }) => msg === 'set aside')).toEqual([])
  })
})

describe('a message that its chain refuses by name, though it may be tried at once', () => {
  it('is set aside in the end; meanwhile those behind it arrive', async () => {
    const named = new RelayError('transaction', 'now', 'missing', { messageIndex: 0 })
    const left = new RelayError('transaction', 'now', 'left for the next flight')
    const isSetAside = () => lines.some(({ msg }) => msg === 'set aside')
    const flights: bigint[][] = []
    await start({
      b: {
        submit: async (flight) => {
          flights.push(sequencesOf(flight))
          const works = flight.batches.flat().map(({ work }) => work)
          if (works.every(({ packet: { sequence } }) => sequence !== 1n) || isSetAside())
            return await b.chain.submit(flight)
          const failed = works.map((work) => ({ work, error: work.packet.sequence === 1n ? named : left }))
          return [{ inclusion: undefined, done: [], failed, error: undefined }]
        },
      },
    })
    a.send(packet(1n))
    a.send(packet(2n))
    await blocksUntil(() => b.received.has(2n))
    expect(b.received.has(1n)).toBe(false)
    await blocksUntil(() => {
      aheadMs += 1_000
      return isSetAside()
    })
    expect(flights.filter((one) => one.includes(1n))).toHaveLength(6)
    aheadMs += 300_000
    await blocksUntil(() => b.received.has(1n))
  })
})

describe('a height that can not be proven any more', () => {
  it('is left for a newer header', async () => {
    const isKept = (height: bigint) => height >= 50n
    await start({
      a: {
        prove: async (_, height) => {
          if (isKept(height)) return new Uint8Array()
          aheadMs += 1_000
          throw new RelayError('endpoint', 'later', `height ${height} is pruned`)
        },
      },
      b: {
        // Ahead of the event, and pruned
        clientView: async (id) => ({
          ...(await b.chain.clientView(id)),
          ...{ clientType: 'attestation', latestHeight: a.height < 40n ? 5n : 35n },
        }),
      },
    })
    a.send(packet(1n))
    await blocksUntil(() => b.received.has(1n))
    expect(proofHeightOf(b.flights[0])).toBeGreaterThanOrEqual(50n)
    expect(lines.find(({ msg }) => msg === 'not proven')).toMatchObject({ packet: `${CLIENTS.a}/1` })
  })
})

describe('a flight that has landed and is not final', () => {
  it('holds nothing up; what it carries is not carried again', async () => {
    const final = Promise.withResolvers<void>()
    const flights: Flight[] = []
    await start({
      b: {
        submit: async (flight, onLanded) => {
          flights.push(flight)
          const outcomes = await b.chain.submit(flight)
          onLanded?.(outcomes)
          if (flights.length === 1) await final.promise
          return outcomes
        },
      },
    })
    a.send(packet(1n))
    await blocksUntil(() => flights.length > 0)
    a.send(packet(2n))
    await blocksUntil(() => b.received.has(2n))
    expect(flights.map(sequencesOf)).toEqual([[1n], [2n]])
    final.resolve()
    await blocksUntil(() => lines.filter(({ msg }) => msg === 'relayed').length >= 2)
  })

  it('ends before the lane does', async () => {
    const final = Promise.withResolvers<void>()
    const told: string[] = []
    await start({
      b: {
        submit: async (flight, onLanded) => {
          const outcomes = await b.chain.submit(flight)
          onLanded?.(outcomes)
          await final.promise
          told.push('final')
          return outcomes
        },
      },
    })
    a.send(packet(1n))
    await blocksUntil(() => b.received.has(1n))
    const stopped = relayer!.stop().then(() => told.push('stopped'))
    final.resolve()
    await stopped
    expect(told).toEqual(['final', 'stopped'])
  })

  it('does not hold up what failed in it, and counts that once', async () => {
    const final = Promise.withResolvers<void>()
    const flights: Flight[] = []
    const error = new RelayError('transaction', 'now', 'left for the next flight')
    await start({
      b: {
        submit: async (flight, onLanded) => {
          flights.push(flight)
          if (flights.length > 1) return await b.chain.submit(flight)
          const works = flight.batches.flat()
          const [done] = await b.chain.submit({ ...flight, batches: [works.slice(0, 1)] })
          const failed = works.slice(1).map(({ work }) => ({ work, error }))
          const outcomes = [done!, { inclusion: undefined, done: [], failed, error: undefined }]
          onLanded?.(outcomes)
          await final.promise
          return outcomes
        },
      },
    })
    a.send(packet(1n))
    a.send(packet(2n))
    await blocksUntil(() => b.received.has(2n))
    expect(flights.map(sequencesOf)).toEqual([[1n, 2n], [2n]])
    final.resolve()
    await blocksUntil(() => lines.filter(({ msg }) => msg === 'relayed').length >= 2)
    expect(lines.filter(({ msg }) => msg === 'failed')).toHaveLength(1)
  })

  it('and falls out of the chain is carried again', async () => {
    const flights: Flight[] = []
    await start({
      b: {
        submit: async (flight, onLanded) => {
          flights.push(flight)
          if (flights.length > 1) return await b.chain.submit(flight)
          const done = flight.batches.flat().map(({ work }) => work)
          const inclusion = { hash: 'AB', height: 1n, gasUsed: 1n, fee: { amount: 1n, denom: 'x' } }
          onLanded?.([{ inclusion, done, failed: [], error: undefined }])
          const error = new RelayError('unconfirmed', 'now', 'not in the final chain')
          return [{ inclusion, done: [], failed: done.map((work) => ({ work, error })), error }]
        },
      },
    })
    a.send(packet(1n))
    await blocksUntil(() => b.received.has(1n))
    expect(flights.map(sequencesOf)).toEqual([[1n], [1n]])
  })
})
