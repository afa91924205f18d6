import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { checkConfig } from '../config/load-config.ts'
import { RelayError } from '../errors.ts'
import { testWork } from '../plan/lane.fixture.ts'
import { MemoryChain } from './memory-chain.fixture.ts'
import { runRelayer } from './relayer.ts'
import type { Relayer } from './relayer.ts'

const CLIENTS = { a: '07-tendermint-0', b: '07-tendermint-1' }
const packet = (sequence: bigint, timeoutSeconds = 10_000n) => testWork({ sequence, timeoutSeconds }).packet
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

let a: MemoryChain
let b: MemoryChain
let relayer: Relayer | undefined

beforeEach(() => {
  a = new MemoryChain('a-1', { chainId: 'b-1', client: CLIENTS.b })
  b = new MemoryChain('b-1', { chainId: 'a-1', client: CLIENTS.a })
})

afterEach(async () => {
  await relayer?.stop()
})

async function start(): Promise<Relayer> {
  const chains = new Map([a, b].map(({ chain }) => [chain.chainId, chain]))
  relayer = await runRelayer(config, {
    log: pino({ level: 'silent' }),
    chains,
    nowMs: Date.now,
    dryRun: false,
    inMemory: true,
  })
  return relayer
}

/** Makes blocks on both chains until the condition holds. */
async function blocksUntil(condition: () => boolean): Promise<void> {
  await vi.waitUntil(
    () => {
      a.block()
      b.block()
      return condition()
    },
    { timeout: 20_000, interval: 10 },
  )
}

const sentTo = (chain: MemoryChain) =>
  chain.flights.map((flight) =>
    flight.batches.map((batch) => batch.map(({ work }) => `${work.kind} ${work.packet.sequence}`)),
  )

describe('a route', () => {
  it('carries a packet there and its acknowledgement back, with one update each', async () => {
    await start()
    await blocksUntil(() => true)
    a.send(packet(1n))
    await blocksUntil(() => a.pending.size === 0)
    expect(sentTo(b)).toEqual([[['recv 1']]])
    expect(sentTo(a)).toEqual([[['ack 1']]])
    expect(b.flights[0]?.updates).toHaveLength(1)
  })

  it('finds what happened before it began to follow a slow chain', async () => {
    a.isSilent = true // its first head comes late …
    const running = await start()
    // … after a first look at what is pending, and the packet is sent in between, in a block that is not read
    await vi.waitUntil(() => running.routes.every((route) => route.rescannedAtMs > 0))
    a.send(packet(1n))
    a.block()
    a.isSilent = false
    await blocksUntil(() => a.pending.size === 0)
    expect(sentTo(b).flat(2)).toEqual(['recv 1'])
  })

  it('keeps a packet that is sent while it looks up what is pending', async () => {
    const running = await start()
    await blocksUntil(() => running.routes.every((route) => route.rescannedAtMs > 0))
    const ask = a.chain.pendingSequences
    let answer: (() => void) | undefined
    a.chain.pendingSequences = async (client) => {
      const before = await ask(client)
      await new Promise<void>((resolve) => (answer = resolve))
      return before
    }
    const look = running.routes[0]?.rescan()
    await vi.waitUntil(() => answer !== undefined)
    a.send(packet(1n))
    a.block() // seen, not provable yet
    await vi.waitUntil(() => running.routes[0]?.pending === 1)
    answer?.()
    await look
    expect(running.routes[0]?.pending).toBe(1)
    await blocksUntil(() => a.pending.size === 0)
  })

  it('turns what can not be received any more into a timeout on the source', async () => {
    await start()
    await blocksUntil(() => true)
    a.send(packet(1n, a.height + 1n))
    await blocksUntil(() => a.pending.size === 0)
    expect(b.received.size).toBe(0)
    expect(sentTo(a).flat(2)).toEqual(['timeout 1'])
  })

  it('finds the guilty one of a transaction that fails as a whole, and delivers the others', async () => {
    const running = await start()
    await blocksUntil(() => true)
    b.poison = 2n
    for (const sequence of [1n, 2n, 3n]) a.send(packet(sequence))
    await blocksUntil(() => a.pending.size === 1)
    expect([...b.received].sort()).toEqual([1n, 3n])
    expect(sentTo(b)[0]).toEqual([['recv 1', 'recv 2', 'recv 3']])
    expect(sentTo(b)[1]).toEqual([['recv 1'], ['recv 2'], ['recv 3']])
    const [work] = running.routes[0]?.lanes.flatMap((lane) => lane.works) ?? []
    expect(work).toMatchObject({ kind: 'recv', apart: true, packet: { sequence: 2n } })
    b.poison = undefined
    await blocksUntil(() => a.pending.size === 0)
  })

  it('ignores packets of other clients, and of a stranger’s client that names ours', async () => {
    const running = await start()
    await blocksUntil(() => true)
    a.send({ ...packet(1n), sourceClient: '07-tendermint-9' })
    a.send({ ...packet(2n), destinationClient: '07-tendermint-9' })
    const height = a.height
    await blocksUntil(() => a.height > height + 5n)
    expect(running.routes[0]?.pending).toBe(0)
    expect(b.flights).toEqual([])
  })

  it('does not take an error for “not found”: it looks again, and carries what it has found', async () => {
    for (const sequence of [1n, 2n]) a.send(packet(sequence))
    a.block()
    const ask = a.chain.findPacketEvent
    let isBroken = true
    a.chain.findPacketEvent = async (type, client, sequence) => {
      if (isBroken && sequence === 1n) throw new RelayError('endpoint', 'now', 'the index is locked')
      return await ask(type, client, sequence)
    }
    const running = await start()
    await blocksUntil(() => b.received.has(2n))
    const [route] = running.routes
    await expect(route?.rescan()).rejects.toThrow(
      "1 packets of 07-tendermint-0 can't be looked up: the index is locked",
    )
    expect(running.unreadiness()).toContain('route ab: not looked at lately')
    await expect(running.clear(0)).rejects.toThrow('the index is locked')
    isBroken = false
    await route?.rescan()
    await blocksUntil(() => a.pending.size === 0)
  })

  it('says so when the time to clear is up and no index has an event', async () => {
    a.pending.add(5n) // a commitment whose event is nowhere
    const running = await start()
    await expect(running.clear(0)).rejects.toThrow(
      "1 packets are pending and no endpoint's index has their events",
    )
  })

  it('looks up ten thousand pending packets without copying its queue for each', async () => {
    const running = await start()
    await blocksUntil(() => true)
    b.chain.submit = () => new Promise(() => undefined) // everything stays in memory
    for (let sequence = 1n; sequence <= 10_000n; sequence += 1n) a.send(packet(sequence))
    await blocksUntil(() => running.routes[0]?.pending === 10_000)
    const [route] = running.routes
    const reads = route?.lanes.map((lane) => vi.spyOn(lane, 'works', 'get')) ?? []
    expect(await route?.rescan()).toBe(10_000)
    expect(reads.reduce((sum, read) => sum + read.mock.calls.length, 0)).toBeLessThan(100)
    relayer = undefined // its flight never ends: nothing to wait for
  })

  it('clears: what is pending is relayed, then nothing is left', async () => {
    a.send(packet(1n))
    b.send({ ...packet(7n), sourceClient: CLIENTS.b, destinationClient: CLIENTS.a })
    a.block()
    b.block()
    const running = await start()
    const blocks = setInterval(() => (a.block(), b.block()), 20)
    expect(await running.clear(20_000)).toEqual({ left: [] })
    clearInterval(blocks)
  })
})
