import { le64, sha256Concat, utf8 } from '@causeway/primitives'
import type { Validator } from './validator.ts'

/** Slots that a leader has one after another. */
const SLOTS_A_TURN = 4n

/** Who leads a slot: drawn by stake, the same for everybody. Not Solana's own draw. */
export function leaderOf(seed: string, validators: readonly Validator[], slot: bigint): Validator {
  const total = validators.reduce((sum, { stake }) => sum + stake, 0n)
  const draw = sha256Concat(utf8(`${seed}/leader`), le64(slot / SLOTS_A_TURN))
  let at = new DataView(draw.buffer, draw.byteOffset).getBigUint64(0, true) % total
  for (const validator of validators) {
    if (at < validator.stake) return validator
    at -= validator.stake
  }
  throw new Error('a cluster has validators')
}
