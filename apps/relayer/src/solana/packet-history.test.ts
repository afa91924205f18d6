import {
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
} from '@causeway/messaging'
import { commitmentLeaf, createSparseTree, taggedRoot } from '@causeway/light-clients'
import { encodePacket } from '@causeway/contracts-solana'
import { concatBytes, le64, toBase58, utf8 } from '@causeway/primitives'
import { Keypair } from '@solana/web3.js'
import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import { RelayError } from '../errors.ts'
import { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { testWork } from '../plan/lane.fixture.ts'
import { HistoryFile } from './history-file.ts'
import { PacketHistory } from './packet-history.ts'
import type { PacketEntry } from './packet-history.ts'
import { Receipts } from './receipts.ts'
import type { SolanaApi } from './solana-api.ts'

const core = Keypair.generate().publicKey
const CLIENT = 'client-0'
const [EVENT, WRITE_ACKNOWLEDGEMENT] = [9, 1]
const REOPENED = Uint8Array.of(EVENT, 4)
const NEWEST = 2n ** 63n
const ROOTS_BYTES = 1_120
const RECEIPTS_AT = 64

/** A cluster on which packets were received, one a slot, with an index that tests let misbehave. */
class Index {
  received = 0
  /** The newest slot that is final. */
  final = 0
  /** Packets that it knows yet. */
  known = Number.POSITIVE_INFINITY
  /** Transactions that reopen an earlier packet, and received none. */
  readonly reopening = new Map<number, number>()
  /** Transactions that it does not give. */
  readonly missing = new Set<number>()
  readonly asked = { pages: 0, transactions: [] as number[] }

  readonly api = {
    url: 'http://one',
    signatures: async (_: unknown, { before, until }: { before?: string; until?: string }) => {
      this.asked.pages += 1
      const newest = before === undefined ? Math.min(this.received, this.known) : Number(before) - 1
      const oldest = Number(until ?? 0) <= this.received ? Number(until ?? 0) : 0
      const count = Math.max(0, newest - oldest)
      return Array.from({ length: count }, (_, i) => ({
        ...{ signature: `${newest - i}`, slot: BigInt(newest - i), isFailed: false },
      }))
    },
    transaction: async (signature: string) => {
      const sequence = Number(signature)
      this.asked.transactions.push(sequence)
      if (this.missing.has(sequence)) throw new RelayError('endpoint', 'now', 'did not answer')
      const reopened = this.reopening.get(sequence)
      if (reopened !== undefined) {
        const data = concatBytes(REOPENED, Uint8Array.of(CLIENT.length), utf8(CLIENT), le64(BigInt(reopened)))
        const called = [{ program: core.toBase58(), data: toBase58(data) }]
        return { slot: BigInt(sequence), error: null, logs: [], called }
      }
      const packet = { ...testWork({ sequence: BigInt(sequence) }).packet, destinationClient: CLIENT }
      const data = Buffer.from([
        ...[EVENT, WRITE_ACKNOWLEDGEMENT],
        ...encodePacket(packet),
        ...SUCCESS_ACKNOWLEDGEMENT,
      ])
      const called = [{ program: core.toBase58(), data: toBase58(data) }]
      return { slot: BigInt(sequence), error: null, logs: [], called }
    },
    slot: async () => BigInt(this.final),
    accounts: async () => {
      const tree = createSparseTree()
      const leaf = commitmentLeaf(acknowledgementCommitment([SUCCESS_ACKNOWLEDGEMENT]))
      const refused = commitmentLeaf(acknowledgementCommitment([ERROR_ACKNOWLEDGEMENT]))
      for (let sequence = 1; sequence <= this.received; sequence += 1)
        if (!this.reopening.has(sequence)) tree.set(BigInt(sequence - 1), leaf)
      for (const reopened of this.reopening.values()) tree.set(BigInt(reopened - 1), refused)
      const data = new Uint8Array(ROOTS_BYTES)
      data.set(taggedRoot('receipts', utf8(CLIENT), tree.root()), RECEIPTS_AT)
      return [{ owner: core, lamports: 1n, data }]
    },
  }
}

let index: Index
let history: PacketHistory
let receipts: Receipts

const folder = mkdtempSync(join(tmpdir(), 'kept-'))
let path: string
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeEach(() => {
  index = new Index()
  path = join(mkdtempSync(join(folder, 'one-')), 'history')
  start()
})

/** A relayer that starts, with what its file has. */
function start(isKeeping = false): void {
  const pool = new EndpointPool<SolanaApi>({
    ...{ urls: ['http://one'], requestTimeoutMs: 1, staleAfterMs: 1, nowMs: () => 0 },
    connect: () => index.api as unknown as SolanaApi,
  })
  index.asked.transactions.length = 0
  history = new PacketHistory(pool, core, CLIENT, isKeeping ? new HistoryFile(path, 'here') : undefined)
  receipts = new Receipts(pool, history, core, CLIENT)
}

const sequences = async () => (await history.upTo(NEWEST)).map((one) => Number(one.sequence))
const firstOf = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

describe('a history', () => {
  it('that breaks off goes on where it was', async () => {
    index.received = 40
    index.missing.add(30)
    await expect(history.upTo(NEWEST)).rejects.toThrow('did not answer')
    index.missing.clear()
    index.asked.transactions.length = 0
    expect(await sequences()).toEqual(firstOf(40))
    expect(Math.min(...index.asked.transactions)).toBeGreaterThan(20)
  })

  it('is read once for all who ask at once', async () => {
    index.received = 3
    const [first, ...others] = await Promise.all(firstOf(20).map(() => sequences()))
    expect(first).toEqual(firstOf(3))
    expect(others.every((one) => one.length === 3)).toBe(true)
    expect(index.asked.transactions).toEqual([1, 2, 3])
    expect(index.asked.pages).toBeLessThanOrEqual(4)
  })

  it('has what came before it was asked for, whoever asks meanwhile', async () => {
    const before = sequences()
    index.received = 1
    const [, after] = await Promise.all([before, sequences()])
    expect(after).toEqual([1])
  })
})

describe('receipts', () => {
  it.each([false, true])('count a reopened packet as refused (kept in a file: %s)', async (isKeeping) => {
    start(isKeeping)
    index.reopening.set(4, 2)
    index.received = 5
    index.final = 5
    await receipts.refresh()
    start(isKeeping)
    await receipts.refresh()
    expect(index.asked.transactions).toEqual(isKeeping ? [] : firstOf(5))
    expect([2n, 4n, 5n].map((sequence) => receipts.has(sequence))).toEqual([true, false, true])
  })

  it('wait for an index that is a moment behind', async () => {
    index.received = 5
    await receipts.refresh()
    index.received = 6
    index.known = 5
    const refreshed = receipts.refresh()
    setTimeout(() => (index.known = 6), 300)
    await refreshed
    expect([receipts.has(6n), receipts.has(7n)]).toEqual([true, false])
  })

  it('do not read again what led to the root account, for an index that lacks the newest', async () => {
    index.received = 40
    await receipts.refresh()
    index.asked.transactions.length = 0
    index.received = 41
    index.known = 40
    await expect(receipts.refresh()).rejects.toThrow(/not those of the root account/)
    expect(index.asked.transactions).toEqual([])
    index.known = 41
    await receipts.refresh()
    expect(index.asked.transactions).toEqual([41])
  })

  it('are read anew in the end: what led there may have been left', async () => {
    index.received = 10
    await receipts.refresh()
    index.received = 11
    index.known = 10
    index.asked.transactions.length = 0
    for (let failures = 4; failures > 0; failures -= 1)
      await expect(receipts.refresh()).rejects.toThrow(/not those of the root account/)
    expect(index.asked.transactions.sort((a, b) => a - b)).toEqual(firstOf(10))
  }, 60_000)

  it('are compared by one at a time', async () => {
    index.received = 8
    await Promise.all(firstOf(4).map(() => receipts.refresh()))
    receipts.assume(9n, new Uint8Array(32).fill(1))
    await receipts.refresh()
    expect([receipts.has(8n), receipts.has(9n)]).toEqual([true, false])
  })
})

describe('a history that is kept', () => {
  beforeEach(async () => {
    index.received = 20
    index.final = 15
    start(true)
    await receipts.refresh()
    index.received = 25
    start(true)
  })
  const kept = () => new HistoryFile(path, 'here').load()

  it('is read from what was final on', async () => {
    await receipts.refresh()
    expect(index.asked.transactions.sort((a, b) => a - b)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25])
    expect(await sequences()).toEqual(firstOf(25))
    expect(kept()).toHaveLength(15)
    index.final = 25
    start(true)
    await receipts.refresh()
    expect(kept()).toHaveLength(25)
  })

  it('is torn, and read as far as it stands', async () => {
    truncateSync(path, 700)
    await receipts.refresh()
    expect(await sequences()).toEqual(firstOf(25))
    expect(index.asked.transactions).toContain(1)
  })

  it.each([
    ['lacks one', (all: PacketEntry[]) => all.filter(({ sequence }) => sequence !== 7n)],
    ['has one that never was', (all: PacketEntry[]) => [{ ...all[0]!, sequence: 99n }, ...all]],
    [
      'has an answer that was not given',
      (all: PacketEntry[]) => all.map((one) => ({ ...one, commitment: new Uint8Array(32) })),
    ],
    [
      'ends with a slot that is to come',
      (all: PacketEntry[]) => [...all, { ...all[0]!, slot: 900n, signature: '900' }],
    ],
  ])('and %s is found out by the root account, and read anew', async (_, forge) => {
    const forged = forge(kept())
    const file = new HistoryFile(path, 'here')
    file.drop()
    file.append(forged)
    start(true)
    await receipts.refresh()
    expect(await sequences()).toEqual(firstOf(25))
    expect([receipts.has(7n), receipts.has(99n)]).toEqual([true, false])
    expect(new Set(index.asked.transactions).size).toBe(25)
  })

  it('and names another transaction is found out when it is looked up', async () => {
    const forged = kept().map((one) => (one.sequence === 7n ? { ...one, signature: '3' } : one))
    const file = new HistoryFile(path, 'here')
    file.drop()
    file.append(forged)
    start(true)
    await receipts.refresh()
    const found = await history.find('write_acknowledgement', 7n)
    expect([found?.packet.sequence, found?.height]).toEqual([7n, 7n])
  })

  it('is not given up for an index that is a moment behind', async () => {
    index.known = 24
    setTimeout(() => (index.known = 25), 300)
    await receipts.refresh()
    expect(Math.min(...index.asked.transactions)).toBe(16)
    expect(kept()).toHaveLength(15)
  })
})
