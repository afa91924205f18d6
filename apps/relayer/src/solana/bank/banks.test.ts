import { sha256, toHex, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'

import { keyAddress } from '../stream/record.ts'
import type { StreamRecord } from '../stream/record.ts'
import { StreamError } from '../stream-error.ts'
import { Banks } from './banks.ts'
import {
  RECORDER_ACCOUNT,
  ROOT_ACCOUNT,
  littleBanks,
  littleCluster,
  madeAccount,
  startupAt,
  status,
  streamOf,
} from './cluster.fixture.ts'
import type { MadeBank } from './cluster.fixture.ts'
import { loadRecording, recordingOptions, recordsOf, whyNoRecordings } from './recording.fixture.ts'
import type { RecordingName } from './recording.fixture.ts'

const NAMES: readonly RecordingName[] = ['tower-slots-13-45', 'tower-epoch-61-68', 'alpenglow-slots-4-14']
const OWNER = sha256(utf8('owner'))

if (whyNoRecordings !== undefined) process.stderr.write(`banks: ${whyNoRecordings}\n`)

const hashes = (banks: readonly { slot: bigint; bankHash: Uint8Array }[]) =>
  banks.map(({ slot, bankHash }) => `${slot} ${toHex(bankHash)}`)
const followed = (banks: Banks) => banks.kept.newestFirst().reverse()

describe.skipIf(whyNoRecordings !== undefined)('banks of a real validator', () => {
  it.each(NAMES)('have the recorded hashes: %s', async (name) => {
    const recording = loadRecording(name)
    const banks = new Banks(await recordingOptions(recording))
    for (const record of recordsOf(recording)) banks.apply(record)
    expect(hashes(followed(banks))).toEqual(hashes(recording.slots))
  })

  it('end in an error that names the slot when anything of it is changed, left out or added', async () => {
    const recording = loadRecording('tower-epoch-61-68')
    const options = await recordingOptions(recording)
    const records = recordsOf(recording)
    const slot = 64n
    const indexes = records.flatMap((record, index) =>
      'slot' in record && record.slot === slot ? [index] : [],
    )
    const problem = (mutate: (records: StreamRecord[]) => void): StreamError | undefined => {
      const mutated = [...records]
      mutate(mutated)
      const banks = new Banks(options)
      try {
        for (const record of mutated) banks.apply(record)
      } catch (error) {
        if (error instanceof StreamError) return error
        throw error
      }
      return undefined
    }
    for (const index of indexes) {
      for (const changed of mutationsOf(records[index]!)) {
        const error = problem((all) => all.splice(index, 1, ...changed))
        expect(
          error?.slot,
          JSON.stringify(changed, (_, value: unknown) => `${value as string}`.slice(0, 60)),
        ).toBe(slot)
      }
    }
  })
})

/** Each way to spoil a record; statuses only hint. */
function mutationsOf(record: StreamRecord): StreamRecord[][] {
  switch (record.kind) {
    case 'account': {
      const { state, key } = record
      if (state === undefined) return [[]]
      const flipped = state.data.slice()
      if (flipped.length > 0) flipped[flipped.length - 1]! ^= 1
      const moved = Buffer.from(key, 'latin1')
      moved[5]! ^= 1
      return [
        [],
        [{ ...record, state: undefined }],
        [{ ...record, state: { ...state, lamports: state.lamports + 1n } }],
        [{ ...record, state: { ...state, isExecutable: !state.isExecutable } }],
        [{ ...record, key: moved.toString('latin1') }],
        ...(flipped.length > 0 ? [[{ ...record, state: { ...state, data: flipped } }]] : []),
      ]
    }
    case 'transaction':
      return [
        [record, record],
        [{ ...record, wire: Uint8Array.of(record.wire[0]! + 1, ...record.wire.subarray(1)) }],
      ]
    case 'block':
      return [[{ ...record, blockhash: new Uint8Array(32).fill(7) }], [{ ...record, parentSlot: 62n }]]
    default:
      return []
  }
}

describe('banks', () => {
  it('are followed from genesis, and from the accounts of any later slot', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 20n)
    const genesis = await littleBanks()
    genesis.follow(streamOf(cluster, made))
    expect(hashes(followed(genesis.banks))).toEqual(hashes(made))
    const later = await littleBanks()
    later.follow([...startupAt(made[7]!), ...made.slice(8).flatMap(({ records }) => records)])
    expect(hashes(followed(later.banks))).toEqual(hashes(made.slice(8)))
    // The first has a parent of which nothing but its accounts is known.
    expect(later.banks.bank(9n)?.parent).toBeUndefined()
    expect(later.banks.bank(10n)?.parent).toBeDefined()
  })

  it('take the last of several writes in a slot, and none that changes nothing', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 3n)
    const last = made[2]!
    const [created, ...rest] = last.records
    const again = rest.flatMap((record): StreamRecord[] => {
      if (record.kind !== 'account') return [record]
      const early = { ...record, writeVersion: 0n, state: madeAccount(Uint8Array.of(1), OWNER) }
      return [record, early]
    })
    const [key, state] = [...made[1]!.accounts].find(([one]) => keyAddress(one)[0] === RECORDER_ACCOUNT[0])!
    const untouched: StreamRecord = {
      kind: 'account',
      slot: 3n,
      isStartup: false,
      writeVersion: 1n,
      key,
      state,
    }
    const { banks, follow } = await littleBanks()
    follow(streamOf(cluster, made.slice(0, 2)))
    follow([created!, untouched, ...again])
    expect(hashes([banks.bank(3n)!])).toEqual(hashes([last]))
  })

  it('of forks are followed side by side, and forgotten once another is rooted', async () => {
    const cluster = await littleCluster()
    const trunk = cluster.banksTo(cluster.genesis, 10n)
    const abandoned = cluster.bank(trunk[7]!, 11n, {
      changes: [[OWNER, madeAccount(Uint8Array.of(1), OWNER)]],
    })
    const branch = [cluster.bank(trunk[9]!, 12n)]
    branch.push(...cluster.banksTo(branch[0]!, 22n))
    const { banks, follow } = await littleBanks()
    follow(streamOf(cluster, [...trunk, abandoned]))
    expect(hashes([banks.bank(11n)!])).toEqual(hashes([abandoned]))
    follow(branch.flatMap(({ records }) => records))
    expect(banks.bank(11n)).toBeUndefined()
    expect(hashes(followed(banks))).toEqual(hashes([...trunk, ...branch]))
    expect(banks.accountAt(OWNER)).toBeUndefined()
  })

  it('of a slot that is made again replace what it was, with all that stood on it', async () => {
    const cluster = await littleCluster()
    const trunk = cluster.banksTo(cluster.genesis, 10n)
    const change = { changes: [[OWNER, madeAccount(Uint8Array.of(1), OWNER)]] as const }
    const first = [cluster.bank(trunk[9]!, 11n, change)]
    first.push(cluster.bank(first[0]!, 12n, { voters: [] }))
    const second = [cluster.bank(trunk[9]!, 11n)]
    second.push(...cluster.banksTo(second[0]!, 14n))
    const { banks, follow } = await littleBanks()
    follow(streamOf(cluster, [...trunk, ...first]))
    follow(second.flatMap(({ records }) => records))
    expect(hashes(followed(banks))).toEqual(hashes([...trunk, ...second]))
  })

  it('that died, or whose block never came, are passed over', async () => {
    const cluster = await littleCluster()
    const trunk = cluster.banksTo(cluster.genesis, 5n)
    const dead = cluster.bank(trunk[4]!, 6n).records.filter(({ kind }) => kind !== 'block')
    const rest = [cluster.bank(trunk[4]!, 7n)]
    rest.push(...cluster.banksTo(rest[0]!, 9n))
    const { banks, follow } = await littleBanks()
    follow(streamOf(cluster, trunk))
    follow([...dead, status(6n, undefined, 'dead'), ...rest.flatMap(({ records }) => records)])
    expect(hashes(followed(banks))).toEqual(hashes([...trunk, ...rest]))
  })

  it('wait for transactions that come late, and for their parents', async () => {
    const cluster = await littleCluster()
    const [one, two, three] = cluster.banksTo(cluster.genesis, 3n) as [MadeBank, MadeBank, MadeBank]
    const isVote = ({ kind }: StreamRecord) => kind === 'transaction'
    const late = two.records.filter(isVote)
    const { banks, follow } = await littleBanks()
    follow(streamOf(cluster, [one]))
    follow([...two.records.filter((record) => !isVote(record)), ...three.records])
    expect(banks.newest()?.slot).toBe(1n)
    follow(late)
    expect(hashes(followed(banks))).toEqual(hashes([one, two, three]))
  })

  it('that a third of the stake contradicts are an error', async () => {
    const cluster = await littleCluster()
    const trunk = cluster.banksTo(cluster.genesis, 6n)
    const other = { slot: 6n, bankHash: sha256(utf8('another bank')) }
    const { follow } = await littleBanks()
    follow(streamOf(cluster, trunk))
    const next = cluster.bank(trunk[5]!, 7n, { voters: [] })
    const [created, ...rest] = next.records
    const wrong = (index: number): StreamRecord => {
      return { kind: 'transaction', slot: 7n, isVote: true, isError: false, wire: cluster.vote(index, other) }
    }
    const withVotes = (indexes: readonly number[]): StreamRecord[] => [
      created!,
      ...indexes.map(wrong),
      ...rest.map((one) => (one.kind === 'block' ? { ...one, executed: indexes.length } : one)),
    ]
    expect(() => follow(withVotes([1]))).not.toThrow()
    expect(() => follow(withVotes([0]))).toThrow('slot 6: votes name another bank hash')
  })

  it('that are never rooted end the stream before they fill the memory', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 24n)
    const { follow } = await littleBanks({ slotsKept: 16 })
    const unrooted = streamOf(cluster, made).filter((one) => one.kind !== 'slot' || one.status !== 'rooted')
    expect(() => follow(unrooted)).toThrow('slot 17: no slot was rooted in the last 17')
  })

  it('stay in memory while they are among the newest, or wrote what is proven', async () => {
    const cluster = await littleCluster()
    const wish = (slot: bigint) => ({
      changes: [
        ...(slot % 10n === 0n
          ? [[ROOT_ACCOUNT, madeAccount(Uint8Array.of(Number(slot)), OWNER)] as const]
          : []),
        ...(slot === 3n ? [[RECORDER_ACCOUNT, cluster.recorded(1n)] as const] : []),
      ],
    })
    const made = cluster.banksTo(cluster.genesis, 60n, wish)
    const { banks, follow } = await littleBanks({ slotsKept: 16 })
    follow(streamOf(cluster, made))
    const older = followed(banks).filter(({ slot }) => slot <= 44n)
    expect(older.map(({ slot }) => slot)).toEqual([3n, 10n, 20n, 30n, 40n])
    expect(banks.kept.size).toBe(21)
  })

  it('that were rooted outlive a stream that begins again', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 40n)
    const { banks, follow } = await littleBanks()
    follow(streamOf(cluster, made.slice(0, 20)))
    banks.restart()
    expect(banks.newest()?.slot).toBe(14n)
    banks.restart()
    expect(banks.newest()?.slot).toBe(14n)
    follow([...startupAt(made[29]!), ...made.slice(30).flatMap(({ records }) => records)])
    expect(hashes(followed(banks))).toEqual(hashes([...made.slice(0, 14), ...made.slice(30)]))
  })

  it('come again in a stream that begins at genesis again, however long it is', async () => {
    const cluster = await littleCluster()
    const made = cluster.banksTo(cluster.genesis, 300n)
    const { banks, follow } = await littleBanks()
    follow(streamOf(cluster, made.slice(0, 200)))
    banks.restart()
    follow(streamOf(cluster, made))
    expect(banks.newest()?.slot).toBe(300n)
    expect(hashes(followed(banks))).toEqual(hashes(made.slice(-followed(banks).length)))
  })
})
