import { inflateRawSync } from 'node:zlib'
import {
  encodeEpochStakes,
  isRecording,
  rankMap,
  readEpochStakes,
  readRecording,
} from '@causeway/light-clients'
import type { EpochStakes, RecordedSet, Recording } from '@causeway/light-clients'
import { toHex } from '@causeway/primitives'
import { expectSame } from '../expectations.ts'
import type { VectorCase, VectorFormat } from '../vector-file.ts'
import { checkBlock } from './block-rules.ts'
import { checkSlot, checkStart } from './slot-rules.ts'
import { checkSlotIsVoted, checkVote } from './vote-rules.ts'

/**
 * Recorded slots of a cluster, with the votes or certificates that settled them: one case a slot, a vote, a
 * slot's votes together, a block and a validator set.
 */
export const solanaSlotsFormat: VectorFormat = {
  name: 'solana-slots',
  recognise({ json }) {
    if (!isRecording(json)) return undefined
    let recording: Recording
    try {
      recording = readRecording(json, inflate)
    } catch (error) {
      return { cases: [{ name: 'reads', run: () => raise(error) }] }
    }
    return { cases: casesOf(recording) }
  },
}

/** A validator set as the light client reads it, by its epoch. */
export type StakesOf = (epoch: bigint) => EpochStakes

function casesOf(recording: Recording): VectorCase[] {
  const { kind, slots, votes, blocks, validatorSets } = recording
  const stakesOf: StakesOf = (epoch) => {
    const set = validatorSets.find((each) => each.epoch === epoch)
    if (!set) throw new Error(`there is no validator set of epoch ${epoch}`)
    return epochStakes(set)
  }
  const cases = [
    ...validatorSets.map((set) => ({
      name: `epoch ${set.epoch}`,
      run: () => checkSet(set, validatorSets, kind),
    })),
    { name: 'start', run: () => checkStart(recording) },
    ...slots.map(({ slot }, i) => ({ name: `slot ${slot}`, run: () => checkSlot(recording, i) })),
  ]
  if (kind === 'alpenglow') {
    const unnamed = slots.filter(({ slot }) => !blocks.some((block) => block.slot === slot))
    return [
      ...cases,
      ...blocks.map((block, i) => ({
        name: `block ${block.slot}`,
        run: () => checkBlock(recording, i, stakesOf),
      })),
      ...unnamed.map(({ slot }) => ({ name: `block ${slot}`, run: () => raise(new Error('not finalised')) })),
    ]
  }
  return [
    ...cases,
    ...votes.map((vote, i) => ({ name: `vote ${i}`, run: () => checkVote(recording, vote, stakesOf) })),
    ...slots.map((slot) => ({
      name: `votes for slot ${slot.slot}`,
      run: () => checkSlotIsVoted(recording, slot, stakesOf),
    })),
  ]
}

/** A set is there once, can be read, and certificates rank its voters in its order. */
function checkSet(set: RecordedSet, all: readonly RecordedSet[], kind: Recording['kind']): void {
  expectSame('sets of that epoch', all.filter(({ epoch }) => epoch === set.epoch).length, 1)
  const stakes = epochStakes(set)
  if (kind !== 'alpenglow') return
  const ranked = rankMap(stakes).ranked.map(({ voteAccount }) => toHex(voteAccount))
  const listed = set.voters.filter(({ blsKey }) => blsKey).map(({ voteAccount }) => toHex(voteAccount))
  expectSame('the order of the ranks', ranked.join(), listed.filter((key) => ranked.includes(key)).join())
}

/** Who has no stake has no vote. */
function epochStakes({ epoch, totalStake, voters }: RecordedSet): EpochStakes {
  const staked = voters.filter(({ stake }) => stake > 0n)
  return readEpochStakes(encodeEpochStakes(epoch, totalStake, staked))
}

function inflate(packed: Uint8Array, size: number): Uint8Array {
  return new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) }))
}

function raise(error: unknown): never {
  throw error
}
