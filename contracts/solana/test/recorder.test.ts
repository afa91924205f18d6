import { existsSync, readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { Keypair, PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { encodeEpochStakes, readEpochStakes, readRecording, toBase58 } from '@causeway/light-clients'
import type { Recording, Voter } from '@causeway/light-clients'
import { equalBytes, le64, sha256, utf8 } from '@causeway/primitives'
import { stakesAddress as recorderAddress } from '../src/generated/recorder.ts'
import {
  RECORDER_GROWTH_VOTERS,
  RECORDER_VOTERS_MAX,
  growRecorderInstruction,
  openRecorderInstruction,
  recordInstruction,
} from '../src/recorder/instructions.ts'
import { done } from './bridge.fixture.ts'
import { accountData, send, setAccount, startSvm } from './svm.fixture.ts'
import { VOTE_PROGRAM, makeVoters, setEpoch, voteState } from './vote-accounts.fixture.ts'
import type { Svm } from './svm.fixture.ts'

const LARGEST_BYTES = 40 + 152 * RECORDER_VOTERS_MAX
const RECORDINGS = new URL('../../../../shared/vectors/solana-slots/', import.meta.url)
const whyNot = existsSync(RECORDINGS) ? undefined : 'the recorded slots are not beside the checkout'
if (whyNot) console.log(whyNot)

/** The real program says zero in LiteSVM; see recorder-example/src/lib.rs for the other's stakes. */
function startRecorder(name: 'recorder' | 'recorder-example') {
  const program = Keypair.generate().publicKey
  const chain = startSvm({ [name]: program })
  setEpoch(chain, 5n)
  done(send(chain, [openRecorderInstruction(program, chain.payer.publicKey)]))
  return { ...chain, program }
}

const stakeOf = (key: PublicKey) => BigInt(key.toBytes()[0]! + 256 * key.toBytes()[1]!)
const setOf = (recorder: Svm & { program: PublicKey }) =>
  readEpochStakes(accountData(recorder, recorderAddress(recorder.program))!)

describe('the recorder', () => {
  it('keeps voters in order, however they come, and as the light client reads them', () => {
    const recorder = startRecorder('recorder-example')
    const voters = makeVoters(recorder, 60)
    for (let i = 0; i < 60; i += 7)
      done(
        send(recorder, [
          recordInstruction(
            recorder.program,
            voters.slice(i, i + 7).map(({ key }) => key),
          ),
        ]),
      )
    const set = setOf(recorder)
    expect(set).toMatchObject({ epoch: 6n, totalStake: 10_000_000n })
    expect(set.voters.length).toBe(60)
    for (const { key, node, voter } of voters) {
      const recorded = set.voters.find(({ voteAccount }) => equalBytes(voteAccount, key.toBytes()))
      expect(recorded).toMatchObject({ node, authorizedVoter: voter, stake: stakeOf(key), blsKey: undefined })
    }
    const before = accountData(recorder, recorderAddress(recorder.program))
    done(
      send(recorder, [
        recordInstruction(
          recorder.program,
          voters.slice(0, 20).map(({ key }) => key),
        ),
      ]),
    )
    expect(accountData(recorder, recorderAddress(recorder.program))).toEqual(before)
  })

  it('begins anew with each epoch, and grows when it is full, not before', () => {
    const recorder = startRecorder('recorder-example')
    const { payer, program } = recorder
    const voters = makeVoters(recorder, RECORDER_GROWTH_VOTERS + 3).map(({ key }) => key)
    const record = (from: number, count = 10) =>
      send(recorder, [recordInstruction(program, voters.slice(from, from + count))])
    const grow = () => send(recorder, [growRecorderInstruction(program, payer.publicKey)])
    expect(grow().error).toBe(93)
    for (let i = 0; i < 60; i += 10) done(record(i))
    expect(record(60).error).toBe(91)
    expect(grow().error).toBe(93)
    done(record(60, 7))
    done(grow())
    expect(grow().error).toBe(93)
    done(record(60))
    expect(setOf(recorder).voters.length).toBe(70)
    setEpoch(recorder, 6n)
    done(record(0))
    const set = setOf(recorder)
    expect(set).toMatchObject({ epoch: 7n })
    expect(set.voters.length).toBe(10)
    expect(set.voters[0]!.authorizedVoter).toEqual(sha256(utf8('after')))
    expect(grow().error).toBe(93)
  })

  it.skipIf(whyNot)('reads vote accounts of a real validator: versions 3 and 4', () => {
    for (const name of ['tower-epoch-61-68', 'alpenglow-slots-4-14']) {
      const recording = load(name)
      const set = recording.validatorSets.at(-1)!
      const recorder = startRecorder('recorder-example')
      setEpoch(recorder, set.epoch - 1n)
      for (const voter of set.voters) {
        const key = new PublicKey(voter.voteAccount)
        const written = recording.slots.flatMap(({ writes }) => writes)
        const write = written.findLast(({ pubkey }) => toBase58(pubkey) === key.toBase58())
        setAccount(recorder, key, { owner: VOTE_PROGRAM, data: write!.after!.data })
        done(send(recorder, [recordInstruction(recorder.program, [key])]))
        const { voteAccount, node, authorizedVoter, blsKey } = voter
        expect(setOf(recorder).voters).toMatchObject([{ voteAccount, node, authorizedVoter, blsKey }])
      }
    }
  })

  it('records nobody where the runtime knows no stake: in LiteSVM', () => {
    const recorder = startRecorder('recorder')
    const [voter] = makeVoters(recorder, 1)
    done(send(recorder, [recordInstruction(recorder.program, [voter!.key])]))
    expect(setOf(recorder)).toMatchObject({ epoch: 6n, totalStake: 0n, voters: [] })
  })
})

/** A voter that nobody looks up in the cluster: only its address and stake count. */
function exampleVoter(seed: string, stake: bigint): Voter {
  const name = (what: string) => sha256(utf8(`${seed} ${what}`))
  const keys = { voteAccount: name('account'), node: name('node'), authorizedVoter: name('voter') }
  return { ...keys, blsKey: undefined, stake }
}

describe('the largest set', () => {
  /** As full as it gets, but for `free` voters, each with the stake that `stakeAt` says. */
  function startFull(stakeAt: (i: number) => bigint, free = 0) {
    const recorder = startRecorder('recorder-example')
    const count = RECORDER_VOTERS_MAX - free
    const voters = Array.from({ length: count }, (_, i) => exampleVoter(`stranger ${i}`, stakeAt(i)))
    const set = encodeEpochStakes(6n, 1n << 40n, voters)
    const data = new Uint8Array(LARGEST_BYTES)
    data.set(set)
    setAccount(recorder, recorderAddress(recorder.program), { owner: recorder.program, data })
    const record = (keys: readonly PublicKey[]) =>
      done(send(recorder, [recordInstruction(recorder.program, keys)])).computeUnits
    return { recorder, voters, record }
  }

  const idsOf = (voters: readonly Voter[]) => voters.map(({ voteAccount }) => toBase58(voteAccount)).sort()

  it('does not grow any more', () => {
    const { recorder } = startFull(() => 1n)
    const grow = growRecorderInstruction(recorder.program, recorder.payer.publicKey)
    expect(send(recorder, [grow]).error).toBe(92)
  })

  it('gives the place of the least stake to more, wherever both are: strangers keep nobody out', () => {
    const { recorder, voters, record } = startFull(() => 1n)
    const real = makeVoters(recorder, 56).map(({ key }) => key)
    const units = [record(real.slice(0, 28)), record(real.slice(28))]
    process.stdout.write(`28 voters into a full set: ${Math.max(...units)} compute units\n`)
    expect(Math.max(...units)).toBeLessThan(1_400_000)
    const set = setOf(recorder)
    expect(set.voters.length).toBe(RECORDER_VOTERS_MAX)
    expect(set.recordedStake).toBe(
      real.reduce((sum, key) => sum + stakeOf(key), BigInt(RECORDER_VOTERS_MAX - 56)),
    )
    const ids = idsOf(set.voters)
    for (const key of real) expect(ids).toContain(key.toBase58())
    expect(voters.filter(({ voteAccount }) => !ids.includes(toBase58(voteAccount))).length).toBe(56)
  })

  it('keeps whom it has before one with as much or less', () => {
    const least = 50_000n
    const { recorder, record } = startFull((i) => (i === 1_000 ? least : 100_000n))
    const before = accountData(recorder, recorderAddress(recorder.program))
    const by = (stake: bigint) => {
      const bytes = sha256(utf8(`voter of ${stake}`))
      bytes.set(le64(stake).subarray(0, 2))
      const key = new PublicKey(bytes)
      setAccount(recorder, key, { owner: VOTE_PROGRAM, data: voteState('voter').data })
      return key
    }
    record([by(least), by(least - 1n), by(1n)])
    expect(accountData(recorder, recorderAddress(recorder.program))).toEqual(before)
    record([by(least + 1n)])
    expect(idsOf(setOf(recorder).voters)).toContain(by(least + 1n).toBase58())
    record([by(least), by(least + 1n)])
    const stakes = setOf(recorder).voters.map(({ stake }) => stake)
    expect(stakes.filter((stake) => stake !== 100_000n)).toEqual([least + 1n])
  })

  it('is the largest of all that were given, in whatever order they came', () => {
    const { recorder, voters, record } = startFull((i) => BigInt(1 + 30 * i), 3)
    const given = makeVoters(recorder, 40).map(({ key }) => key)
    for (let from = 0; from < 40; from += 8) record(given.slice(from, from + 8))
    const all = [
      ...voters.map(({ voteAccount, stake }) => ({ id: toBase58(voteAccount), stake })),
      ...given.map((key) => ({ id: key.toBase58(), stake: stakeOf(key) })),
    ].sort((a, b) => Number(b.stake - a.stake))
    const expected = all.slice(0, RECORDER_VOTERS_MAX).map(({ id }) => id)
    expect(idsOf(setOf(recorder).voters)).toEqual(expected.sort())
  })
})

describe('refused is', () => {
  const recorder = startRecorder('recorder-example')
  const [voter] = makeVoters(recorder, 1)
  const record = (key: PublicKey) => send(recorder, [recordInstruction(recorder.program, [key])]).error

  it('an account of another program, or of an unknown layout', () => {
    const recordNew = (owner: PublicKey, data: Uint8Array) => {
      const key = new PublicKey(sha256(data))
      setAccount(recorder, key, { owner, data })
      return record(key)
    }
    const { data } = voter!
    expect(recordNew(Keypair.generate().publicKey, data)).toBe(90)
    expect(recordNew(VOTE_PROGRAM, data.with(0, 4))).toBe(90)
    expect(recordNew(VOTE_PROGRAM, data.with(75, 0xff))).toBe(90)
    expect(recordNew(VOTE_PROGRAM, data.subarray(0, 300))).toBe(90)
  })

  it("a look-alike of the recorder's account", () => {
    const there = accountData(recorder, recorderAddress(recorder.program))!
    const fake = Keypair.generate().publicKey
    const instruction = recordInstruction(recorder.program, [voter!.key])
    instruction.keys[0]!.pubkey = fake
    setAccount(recorder, fake, { owner: VOTE_PROGRAM, data: there })
    expect(send(recorder, [instruction]).error).toBe(3)
    setAccount(recorder, fake, { owner: recorder.program, data: there })
    expect(send(recorder, [instruction]).error).toBe(5)
  })

  it('opening twice', () => {
    const { program, payer } = recorder
    expect(send(recorder, [openRecorderInstruction(program, payer.publicKey)]).error).toBe(7)
  })
})

function load(name: string): Recording {
  const json: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, RECORDINGS), 'utf8'))
  return readRecording(json, (packed) => new Uint8Array(inflateRawSync(packed)))
}
