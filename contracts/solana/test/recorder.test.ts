import { existsSync, readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { Keypair, PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { readEpochStakes, readRecording, toBase58 } from '@causeway/light-clients'
import type { Recording } from '@causeway/light-clients'
import { concatBytes, equalBytes, le64, sha256, utf8 } from '@causeway/primitives'
import { stakesAddress as recorderAddress } from '../src/generated/recorder.ts'
import {
  RECORDER_GROWTH_VOTERS,
  growRecorderInstruction,
  openRecorderInstruction,
  recordInstruction,
} from '../src/recorder/instructions.ts'
import { done } from './bridge.fixture.ts'
import { accountData, send, setAccount, startSvm } from './svm.fixture.ts'
import type { Svm } from './svm.fixture.ts'

const VOTE_PROGRAM = new PublicKey('Vote111111111111111111111111111111111111111')
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

function setEpoch({ svm }: Svm, epoch: bigint): void {
  const clock = svm.getClock()
  clock.epoch = epoch
  svm.setClock(clock)
}

const stakeOf = (key: PublicKey) => BigInt(key.toBytes()[0]! + 256 * key.toBytes()[1]!)
const setOf = (recorder: Svm & { program: PublicKey }) =>
  readEpochStakes(accountData(recorder, recorderAddress(recorder.program))!)

/** A vote account of version 2, whose voter from epoch 6 on is another than before, and from 7 on. */
function voteState(seed: string): { data: Uint8Array; node: Uint8Array; voter: Uint8Array } {
  const [node, voter] = [sha256(utf8(`${seed} node`)), sha256(utf8(`${seed} voter`))]
  const voters = [
    [3n, sha256(utf8('before'))],
    [6n, voter],
    [7n, sha256(utf8('after'))],
  ] as const
  const data = concatBytes(
    Uint8Array.of(2, 0, 0, 0),
    node,
    sha256(utf8('withdrawer')),
    Uint8Array.of(5),
    le64(31n),
    new Uint8Array(31 * 13),
    Uint8Array.of(1),
    le64(77n),
    le64(3n),
    ...voters.map(([epoch, key]) => concatBytes(le64(epoch), key)),
  )
  return { data: concatBytes(data, new Uint8Array(3_762 - data.length)), node, voter }
}

function makeVoters(recorder: Svm, count: number) {
  return Array.from({ length: count }, (_, i) => {
    const key = new PublicKey(sha256(utf8(`vote account ${i}`)))
    const state = voteState(`${i}`)
    setAccount(recorder, key, { owner: VOTE_PROGRAM, data: state.data })
    return { key, ...state }
  })
}

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

  it('begins anew with each epoch, and grows', () => {
    const recorder = startRecorder('recorder-example')
    const voters = makeVoters(recorder, RECORDER_GROWTH_VOTERS + 3).map(({ key }) => key)
    const record = (from: number) =>
      send(recorder, [recordInstruction(recorder.program, voters.slice(from, from + 10))])
    for (let i = 0; i < 60; i += 10) done(record(i))
    expect(record(60).error).toBe(91)
    const { payer, program } = recorder
    done(send(recorder, [growRecorderInstruction(program, payer.publicKey)]))
    done(record(60))
    expect(setOf(recorder).voters.length).toBe(70)
    setEpoch(recorder, 6n)
    done(record(0))
    const set = setOf(recorder)
    expect(set).toMatchObject({ epoch: 7n })
    expect(set.voters.length).toBe(10)
    expect(set.voters[0]!.authorizedVoter).toEqual(sha256(utf8('after')))
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
