// The relayer's follower of the record stream over a local cluster: real votes by the vote program, real bank
// hashes, and our own light client as the judge of the headers.
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { startSolanaCluster } from '@causeway/devnet'
import type { RunningSolana } from '@causeway/devnet'
import {
  blstScheme,
  createNativeSignatureVerifier,
  createSolanaClient,
  createWasmLatticeXof,
} from '@causeway/light-clients'
import type { ClientStore } from '@causeway/light-clients'
import { assert, fromBase58, fromHex, sha256, toBase58, toHex, utf8 } from '@causeway/primitives'
import { openBankFollower } from '@causeway/relayer'
import type { Bank, BankFollower } from '@causeway/relayer'
import { afterEach, expect, it, vi } from 'vitest'

const RECORDER = sha256(utf8('recorder'))
const RECORDER_ACCOUNT = sha256(utf8('recorder account'))
const NOBODY = sha256(utf8('nobody'))
const TAG_ACCOUNT = 1
const HEADER_BYTES = 5

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

it('follows a cluster that runs, and shows the light client its headers', { timeout: 180_000 }, async () => {
  const cluster = await openCluster()
  const { follower, until } = await follow(cluster, cluster.streamUrl)
  for (let i = 0; i < 12; i += 1) await cluster.produceSlot()
  await until((bank) => bank.slot >= BigInt(cluster.slot()))
  const seed = follower.headers.seed('solana:x', terms(cluster))
  const client = await openClient(seed, follower.headers.newestFinal()!.timeSeconds + 60n)
  const from = follower.headers.newestFinal()!.slot
  for (let i = 0; i < 6; i += 1) await cluster.produceSlot()
  await until((bank) => bank.slot >= BigInt(cluster.slot()))
  const to = follower.headers.newestFinal()!.slot
  expect(to).toBeGreaterThanOrEqual(from + 6n)
  for (let slot = from + 1n; slot <= to; slot += 1n)
    expect(client.show(follower.headers.header(slot))).toEqual([slot])
})

it(
  'finds the slot that a stream lies about, begins again, and never shows it',
  { timeout: 180_000 },
  async () => {
    const cluster = await openCluster()
    const proxy = await openProxy(cluster.streamUrl)
    const problems: (bigint | undefined)[] = []
    const { follower, until } = await follow(cluster, proxy.url, (slot) => problems.push(slot))
    for (let i = 0; i < 4; i += 1) await cluster.produceSlot()
    await until((bank) => bank.slot >= BigInt(cluster.slot()))
    proxy.spoilNextSlot()
    const spoilt = await cluster.produceSlot()
    for (let i = 0; i < 3; i += 1) await cluster.produceSlot()
    await until(() => problems.length > 0, cluster)
    expect(problems).toEqual([BigInt(spoilt)])
    // The stream that begins again begins at a later slot.
    await until((bank) => bank.slot > BigInt(spoilt) + 3n && bank.parent !== undefined, cluster)
    expect(follower.banks.bank(BigInt(spoilt))).toBeUndefined()
    expect(follower.headers.newestFinal()?.slot).not.toBe(BigInt(spoilt))
    await until(() => (follower.headers.newestFinal()?.slot ?? 0n) > BigInt(spoilt), cluster)
  },
)

async function openCluster(): Promise<RunningSolana> {
  const cluster = await startSolanaCluster({
    ...{ seed: 'follow', slot: 'onDemand', rootDepth: 4, slotsPerEpoch: 8_192 },
    recorder: { program: toBase58(RECORDER), account: toBase58(RECORDER_ACCOUNT) },
  })
  closers.push(() => cluster.stop())
  return cluster
}

function terms(cluster: RunningSolana) {
  return {
    ...{ genesisHash: fromBase58(cluster.genesisHash)!, hardForks: [] },
    ...{ trustingPeriodSeconds: 10_000n, maxClockDriftSeconds: 5n },
    ...{ ibcProgram: NOBODY, rootAccount: NOBODY },
    ...{ recorderProgram: RECORDER, recorderAccount: RECORDER_ACCOUNT },
  }
}

/** A follower, and a way to wait for what it sees; given a cluster, slots are made until it does. */
async function follow(
  cluster: RunningSolana,
  stream: string,
  onProblem?: (slot: bigint | undefined) => void,
) {
  const waiting = new Set<(bank: Bank) => void>()
  const begun = Promise.withResolvers<void>()
  const follower: BankFollower = await openBankFollower({
    stream,
    ...{ genesisHash: fromBase58(cluster.genesisHash)!, watched: [], recorderAccount: RECORDER_ACCOUNT },
    onProblem: ({ slot }) => onProblem?.(slot),
    onBank(bank) {
      begun.resolve()
      for (const look of waiting) look(bank)
    },
  })
  closers.push(() => follower.close())
  const until = async (isSeen: (bank: Bank) => boolean, producer?: RunningSolana) => {
    let isDone = false
    const seen = new Promise<void>((resolve) => {
      const look = (bank: Bank) => {
        if (!isSeen(bank)) return
        isDone = true
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      const newest = follower.banks.newest()
      if (newest !== undefined) look(newest)
    })
    if (producer !== undefined) await slotsUntil(producer, () => isDone)
    await seen
  }
  // A slot that is made before the stream is connected is only seen in the accounts that it begins with.
  let isBegun = false
  void begun.promise.then(() => (isBegun = true))
  await slotsUntil(cluster, () => isBegun)
  return { follower, until }
}

/** Makes slots until something is so. */
async function slotsUntil(cluster: RunningSolana, isSo: () => boolean): Promise<void> {
  const look = async () => {
    await cluster.produceSlot()
    return isSo()
  }
  await vi.waitUntil(look, { timeout: 50_000, interval: 20 })
}

/** A proxy that can change the last byte of the next slot's first account. */
async function openProxy(upstream: string) {
  const { hostname, port } = new URL(upstream)
  let isSpoiling = false
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    const source = connect(Number(port), hostname)
    sockets.push(socket, source)
    let rest = Buffer.alloc(0)
    source.on('data', (piece) => {
      rest = Buffer.concat([rest, piece])
      let at = 0
      while (rest.length - at >= HEADER_BYTES) {
        const end = at + HEADER_BYTES + rest.readUInt32LE(at + 1)
        if (end > rest.length) break
        if (isSpoiling && rest[at] === TAG_ACCOUNT) {
          rest[end - 1]! ^= 1
          isSpoiling = false
        }
        at = end
      }
      socket.write(rest.subarray(0, at))
      rest = rest.subarray(at)
    })
    for (const [one, other] of [
      [socket, source],
      [source, socket],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  assert(typeof address === 'object' && address !== null, 'a server that listens has a port')
  return { url: `tcp://127.0.0.1:${address.port}`, spoilNextSlot: () => (isSpoiling = true) }
}

async function openClient(seed: ReturnType<BankFollower['headers']['seed']>, seconds: bigint) {
  const client = createSolanaClient({
    verifySignatures: createNativeSignatureVerifier(),
    bls: blstScheme,
    latticeXof: await createWasmLatticeXof(),
  })
  const store = memoryStore()
  const context = {
    timeNanoseconds: seconds * 1_000_000_000n,
    height: { revisionNumber: 1n, revisionHeight: 5n },
  }
  client.initialise(store, seed.clientState, seed.consensusState, context)
  return {
    show(header: ReturnType<BankFollower['headers']['header']>): bigint[] {
      client.verifyClientMessage(store, header, context)
      expect(client.checkForMisbehaviour(store, header)).toBe(false)
      return client.updateState(store, header, context).map(({ revisionHeight }) => revisionHeight)
    },
  }
}

function memoryStore(): ClientStore {
  const entries = new Map<string, Uint8Array>()
  return {
    get: (key) => entries.get(toHex(key)),
    set: (key, value) => void entries.set(toHex(key), value),
    delete: (key) => void entries.delete(toHex(key)),
    *iterate(start, end, reverse = false) {
      const [from, to] = [start && toHex(start), end && toHex(end)]
      const isInside = (key: string) => (from === undefined || key >= from) && (to === undefined || key < to)
      const inside = [...entries.keys()].filter(isInside).sort()
      for (const key of reverse ? inside.reverse() : inside) yield [fromHex(key), entries.get(key)!]
    },
  }
}
