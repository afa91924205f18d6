import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'
import { compareBytes } from '@causeway/primitives'
import type { StateProof } from './bank/state-proof.ts'
import { encodeEpochStakes, readEpochStakes } from './epoch-stakes.ts'
import type { EpochStakes } from './epoch-stakes.ts'
import type { Recording } from './recordings/recording.ts'
import { readRecording } from './recordings/read-recording.ts'
import { asChild } from './tower/tower-consensus.ts'

/** Where the recordings are. */
export const RECORDINGS = fileURLToPath(
  new URL('../../../../../shared/vectors/solana-slots', import.meta.url),
)
/** Why tests that need them are not run; nothing when they are there. */
export const whyNoRecordings = existsSync(RECORDINGS) ? undefined : `there is no ${RECORDINGS}`

export type RecordingName = 'tower-slots-13-45' | 'tower-epoch-61-68' | 'alpenglow-slots-4-14'

/** The JSON of a recording. */
export function recordingJson(name: RecordingName): unknown {
  return JSON.parse(readFileSync(join(RECORDINGS, `${name}.json`), 'utf8'))
}

/** A recording, its writes in the order in which proofs have them. */
export function loadRecording(name: RecordingName): Recording {
  const recording = readRecording(recordingJson(name), inflate)
  const slots = recording.slots.map((slot) => ({
    ...slot,
    writes: [...slot.writes].sort((a, b) => compareBytes(a.pubkey, b.pubkey)),
  }))
  return { ...recording, slots }
}

export function inflate(packed: Uint8Array, size: number): Uint8Array {
  return new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) }))
}

/** The proof of a slot's writes; the slot and its parent were recorded, and its parent's parent is known. */
export function recordedProof({ slots, start }: Recording, index: number): StateProof {
  const [slot, parent] = [slots[index]!, slots[index - 1]!]
  return {
    parent: { ...parent, parentBankHash: (slots[index - 2] ?? start).bankHash },
    grandparentSlot: parent.parentSlot,
    signatureCount: slot.signatureCount,
    lastBlockhash: slot.lastBlockhash,
    writes: slot.writes,
  }
}

/** What settles a recorded slot: votes for it; or, where the recording goes so far, for one that roots it. */
export function recordedTower({ slots, votes }: Recording, index: number) {
  const { slot, bankHash } = slots[index]!
  const rooting = votes.find(
    ({ root, votedSlot }) => root === slot && slots.some((each) => each.slot === votedSlot),
  )
  const voted = rooting?.votedSlot ?? slot
  return {
    ...{ slot, bankHash },
    votes: votes.filter(({ votedSlot }) => votedSlot === voted).map(({ wire }) => wire),
    descendants: slots.filter((each) => each.slot > slot && each.slot <= voted).map(asChild),
  }
}

/** The validator set of an epoch. */
export function recordedStakes({ validatorSets }: Recording, epoch: bigint): EpochStakes {
  const { totalStake, voters } = validatorSets.find((set) => set.epoch === epoch)!
  return readEpochStakes(encodeEpochStakes(epoch, totalStake, voters))
}
