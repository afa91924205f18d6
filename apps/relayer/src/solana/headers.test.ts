import {
  blstScheme,
  createNativeSignatureVerifier,
  createSolanaClient,
  createWasmLatticeXof,
} from '@causeway/light-clients'
import type { ClientStore } from '@causeway/light-clients'
import { NANOSECONDS_PER_SECOND, compareBytes, fromHex, toHex } from '@causeway/primitives'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import { describe, expect, it } from 'vitest'

import type { ClientSeed } from '../chain.ts'
import { Banks } from './bank/banks.ts'
import {
  CORE,
  GENESIS_HASH,
  GENESIS_SECONDS,
  RECORDER,
  RECORDER_ACCOUNT,
  ROOT_ACCOUNT,
  littleBanks,
  littleCluster,
  startupAt,
  streamOf,
} from './bank/cluster.fixture.ts'
import type { MadeBank } from './bank/cluster.fixture.ts'
import { readVote } from './bank/vote-book.ts'
import { loadRecording, recordingOptions, recordsOf, whyNoRecordings } from './bank/recording.fixture.ts'
import type { StreamRecord } from './stream/record.ts'
import { makeSolanaSeed } from './client-seed.ts'
import { Headers } from './headers.ts'

const TERMS = {
  ...{ genesisHash: GENESIS_HASH, hardForks: [], trustingPeriodSeconds: 10_000n, maxClockDriftSeconds: 5n },
  ...{ ibcProgram: CORE, rootAccount: ROOT_ACCOUNT },
  ...{ recorderProgram: RECORDER, recorderAccount: RECORDER_ACCOUNT },
}

if (whyNoRecordings !== undefined) process.stderr.write(`headers: ${whyNoRecordings}\n`)

/** The hub's own client, which begins with a seed and is shown headers. */
async function openClient(seed: ClientSeed, seconds: bigint) {
  const client = createSolanaClient({
    verifySignatures: createNativeSignatureVerifier(),
    bls: blstScheme,
    latticeXof: await createWasmLatticeXof(),
  })
  const store = memoryStore()
  const context = {
    timeNanoseconds: seconds * NANOSECONDS_PER_SECOND,
    height: { revisionNumber: 1n, revisionHeight: 5n },
  }
  client.initialise(store, seed.clientState, seed.consensusState, context)
  return {
    client,
    store,
    /** The heights that a header made provable; throws what the client refuses it with. */
    show(header: Any): bigint[] {
      client.verifyClientMessage(store, header, context)
      expect(client.checkForMisbehaviour(store, header)).toBe(false)
      return client.updateState(store, header, context).map(({ revisionHeight }) => revisionHeight)
    },
    latest: () => client.latestHeight(store).revisionHeight,
    head: () => client.optimisticHead(store)?.slot,
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

describe.skipIf(whyNoRecordings !== undefined)('headers of a real validator', () => {
  it.each([
    ['tower-slots-13-45', 14n, 45n],
    // The second epoch begins at slot 64, and the recording has no recorder's account: the client ends at 63.
    ['tower-epoch-61-68', 62n, 63n],
  ] as const)('are accepted by the client, one after the other: %s', async (name, first, last) => {
    const recording = loadRecording(name)
    const banks = new Banks(await recordingOptions(recording))
    const headers = new Headers(banks, createNativeSignatureVerifier())
    for (const record of recordsOf(recording)) banks.apply(record)
    for (const { wire } of recording.votes) banks.votes.add(readVote(wire)!)
    // Slot 14 is rooted by a vote for slot 45; the others by votes for slots that were not recorded.
    const isRooted = name === 'tower-slots-13-45'
    expect(headers.newestFinal()?.slot).toBe(isRooted ? 14n : undefined)
    const [bank, set] = [banks.bank(first)!, banks.stakes(0n)!]
    const seed = makeSolanaSeed('solana:x', TERMS, bank, set.bytes)
    const client = await openClient(seed, banks.newest()!.timeSeconds)
    if (isRooted) expect(client.show(headers.header(14n))).toEqual([14n])
    for (let slot = first + 1n; slot <= last; slot += 1n) {
      expect(() => headers.header(slot)).toThrow('have not rooted it')
      expect(client.show(headers.confirmedHeader(slot))).toEqual([])
      expect([client.head(), client.latest()]).toEqual([slot, first])
    }
  })
})

describe('headers', () => {
  it('hold the fewest votes that are two thirds, largest stakes first', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 12n)
    const { headers, banks, follow } = await littleBanks()
    follow(streamOf(cluster, made))
    expect(headers.newestFinal()?.slot).toBe(7n)
    const set = banks.stakes(0n)!
    expect(banks.votes.votesFor(banks.bank(7n)!, set)?.map(({ wire }) => toHex(wire))).toEqual(
      [0, 1].map((index) => toHex(cluster.vote(index, made[6]!))),
    )
    const client = await openClient(headers.seed('solana:x', TERMS), GENESIS_SECONDS + 20n)
    expect(client.show(headers.header(6n))).toEqual([6n])
  })

  it('of a slot that too few voted for are final once votes for a later one root it', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 16n, (slot) =>
      // Who votes in slot 9 votes for slot 8: 60 of 100.
      slot === 9n ? { voters: [0, 2] } : {},
    )
    const { headers, follow } = await littleBanks()
    follow(streamOf(cluster, made.slice(0, 12)))
    expect(headers.newestFinal()?.slot).toBe(7n)
    expect(() => headers.header(8n)).toThrow("slot 8 can't be proven: two thirds have not rooted it")
    const client = await openClient(headers.seed('solana:x', TERMS), GENESIS_SECONDS + 20n)
    follow(made.slice(12).flatMap(({ records }) => records))
    expect(headers.newestFinal()?.slot).toBe(11n)
    expect(() => headers.confirmedHeader(8n)).toThrow('two thirds have not voted for it')
    expect(client.show(headers.header(8n))).toEqual([8n])
    expect(() => headers.header(99n)).toThrow("slot 99 can't be proven: it is not in memory")
  })

  it('of an abandoned slot are none, however many voted for it', async () => {
    const cluster = await littleCluster()
    const trunk = cluster.banksTo(cluster.genesis, 8n)
    const left = cluster.bank(trunk.at(-1)!, 9n)
    const voting = cluster.bank(left, 10n)
    const other = cluster.bank(trunk.at(-1)!, 11n)
    const rooted = cluster.banksTo(other, 20n)
    const { headers, banks, follow } = await littleBanks()
    follow(streamOf(cluster, [...trunk, left, voting]))
    expect(headers.confirmedHeader(9n)).toBeDefined()
    const abandoned = banks.bank(9n)!
    const isLeft = (one: StreamRecord) => one.kind === 'slot' && (one.slot === 9n || one.slot === 10n)
    follow([other, ...rooted].flatMap(({ records }) => records).filter((one) => !isLeft(one)))
    expect(headers.newestFinal()?.slot).toBe(15n)
    expect(headers.isFinal(banks.bank(8n)!)).toBe(true)
    expect(headers.isFinal(abandoned)).toBe(false)
  })

  it('are refused here already when votes are not signed by those whom they name', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 12n)
    const forge = (record: StreamRecord): StreamRecord => {
      if (record.kind !== 'transaction') return record
      const wire = record.wire.slice()
      wire[5]! ^= 1
      return { ...record, wire }
    }
    const { headers, follow } = await littleBanks()
    // The bank hash commits to how many signatures there are, not to what they say.
    follow(streamOf(cluster, made.slice(0, 7)))
    follow(made.slice(7).flatMap(({ records }) => records.map(forge)))
    expect(() => headers.newestFinal()).toThrow(/slot 7: votes that do not hold/)
  })

  it('lead a client from epoch to epoch', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 110n, (slot) =>
      slot % 32n === 20n ? { changes: [[RECORDER_ACCOUNT, cluster.recorded(slot / 32n + 1n)]] } : {},
    )
    const { headers, follow } = await littleBanks({ slotsKept: 48 })
    follow(streamOf(cluster, made.slice(0, 12)))
    const seed = headers.seed('solana:x', TERMS)
    follow(made.slice(12).flatMap(({ records }) => records))
    const client = await openClient(seed, GENESIS_SECONDS + 200n)
    expect(client.latest()).toBe(7n)
    expect(headers.newestEpoch()).toMatchObject({ epoch: 3n, bank: { slot: 84n } })
    const updates = headers.updatesTo({ latestEpoch: 0n }, 105n)
    expect(updates.map((update) => client.show(update))).toEqual([[20n], [52n], [84n], [105n]])
    expect(headers.updatesTo({ latestEpoch: 3n }, 105n)).toHaveLength(1)
  })

  it('of an epoch are found though its recorder is paid in every slot', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 60n, (slot) =>
      slot >= 3n && slot < 32n ? { changes: [paidRecorder(cluster, slot)] } : {},
    )
    const { headers, banks, follow } = await littleBanks({ slotsKept: 16 })
    follow(streamOf(cluster, made.slice(0, 28)))
    expect(headers.newestEpoch()).toMatchObject({ epoch: 1n, bank: { slot: 23n } })
    follow(made.slice(28).flatMap(({ records }) => records))
    expect(headers.newestEpoch()).toMatchObject({ epoch: 1n, bank: { slot: 31n } })
    expect(banks.kept.recordersOf(1n)).toEqual([31n, 30n, 29n, 28n])
    expect(banks.kept.size).toBe(20)
  })

  it('of an epoch are not pushed out by slots that never became final', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 60n, (slot) => ({
      changes: slot === 3n || (slot > 9n && slot < 32n) ? [paidRecorder(cluster, slot)] : [],
      ...(slot > 9n ? { voters: [] } : {}),
    }))
    const { headers, banks, follow } = await littleBanks({ slotsKept: 16 })
    follow(streamOf(cluster, made))
    expect(banks.kept.recordersOf(1n)).toEqual([3n])
    expect(headers.newestEpoch()).toMatchObject({ epoch: 1n, bank: { slot: 3n } })
  })

  it('are none where votes lie, and whoever asks is told so though the stream began again', async () => {
    const cluster = await littleCluster()
    const honest = cluster.vote.bind(cluster)
    cluster.vote = (...of) => {
      const wire = honest(...of)
      wire[10]! ^= 1
      return wire
    }
    const made = cluster.banksTo(cluster.genesis, 20n, (slot) =>
      slot === 3n ? { changes: [paidRecorder(cluster, slot)] } : {},
    )
    const { headers, banks, follow } = await littleBanks()
    follow(streamOf(cluster, made))
    expect(() => banks.restart()).not.toThrow()
    expect(banks.newest()?.slot).toBe(14n)
    expect(() => headers.header(3n)).toThrow(/slot 3: votes that do not hold/)
  })

  it('lead nowhere when an epoch was not recorded in memory', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 80n)
    const { headers, follow } = await littleBanks({
      knownSets: [1n, 2n].map((epoch) => setOf(cluster, epoch)),
    })
    follow(streamOf(cluster, made))
    expect(() => headers.updatesTo({ latestEpoch: 0n }, 70n)).toThrow('validators of epoch 1 is in memory')
  })

  it('need no set that was overwritten before the stream began, but a new client does', async () => {
    const cluster = await littleCluster([30n, 30n, 20n, 20n])
    const made = cluster.banksTo(cluster.genesis, 60n, (slot) =>
      slot % 32n === 5n ? { changes: [[RECORDER_ACCOUNT, cluster.recorded(slot / 32n + 1n)]] } : {},
    )
    const whole = await littleBanks()
    whole.follow(streamOf(cluster, made))
    const late = await littleBanks()
    const from = (bank: MadeBank) => [
      ...startupAt(bank),
      ...made.slice(Number(bank.slot)).flatMap(({ records }) => records),
    ]
    late.follow(from(made[9]!).filter((one) => !('slot' in one) || one.slot <= 24n))
    expect(late.headers.newestFinal()?.slot).toBe(19n)
    expect(() => late.headers.seed('solana:x', TERMS)).toThrow('validators of epoch 0 are not known')
    const other = await littleBanks()
    other.follow(streamOf(cluster, made.slice(0, 20)))
    const client = await openClient(other.headers.seed('solana:x', TERMS), GENESIS_SECONDS + 100n)
    expect(client.show(late.headers.header(19n))).toEqual([19n])
  })
})

/** The recorder's account with the set of epoch 1, and what somebody sent to it. */
function paidRecorder(cluster: Awaited<ReturnType<typeof littleCluster>>, lamports: bigint) {
  return [RECORDER_ACCOUNT, { ...cluster.recorded(1n), lamports: 1_000n + lamports }] as const
}

function setOf(cluster: Awaited<ReturnType<typeof littleCluster>>, epoch: bigint) {
  const voters = [...cluster.validators].sort((a, b) => compareBytes(a.voteAccount, b.voteAccount))
  const totalStake = voters.reduce((sum, { stake }) => sum + stake, 0n)
  return { epoch, totalStake, recordedStake: totalStake, voters, bytes: cluster.recorded(epoch).data }
}
