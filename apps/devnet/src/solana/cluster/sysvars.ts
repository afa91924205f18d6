// What a bank rewrites by itself. Layouts: agave's `solana-sysvar` (bincode, little-endian).
import { concatBytes, equalBytes, le64 } from '@causeway/primitives'

/** A slot and its bank hash. */
export interface SlotHash {
  readonly slot: bigint
  readonly hash: Uint8Array
}

/** The Clock sysvar's fields. */
export interface ClockFields {
  readonly slot: bigint
  readonly epochStartSeconds: bigint
  readonly epoch: bigint
  readonly seconds: bigint
}

const SLOT_HASHES_MAX = 512
const RECENT_BLOCKHASHES_MAX = 150
const STAKE_HISTORY_BYTES = 8 + 512 * 32
/** Slots that the history has a bit of. */
const SLOT_HISTORY_BITS = 1n << 20n
/** A tag, the number of words, the words; then the number of bits and the next slot. */
const SLOT_HISTORY_WORDS_AT = 1 + 8
const SLOT_HISTORY_NEXT_AT = SLOT_HISTORY_WORDS_AT + Number(SLOT_HISTORY_BITS / 8n) + 8

/** Lamports that a signature costs. */
export const LAMPORTS_PER_SIGNATURE = 5_000n

/** The Clock sysvar's data. */
export function clockData({ slot, epochStartSeconds, epoch, seconds }: ClockFields): Uint8Array {
  return concatBytes(le64(slot), le64(epochStartSeconds), le64(epoch), le64(epoch + 1n), le64(seconds))
}

/** Bank hashes of the newest slots, newest first. */
export function slotHashesData(hashes: readonly SlotHash[]): Uint8Array {
  const newest = hashes.slice(0, SLOT_HASHES_MAX)
  const list = newest.flatMap(({ slot, hash }) => [le64(slot), hash])
  return padded(8 + 40 * SLOT_HASHES_MAX, concatBytes(le64(BigInt(newest.length)), ...list))
}

/** The newest blockhashes, newest first, with what a signature cost: under the genesis hash nothing. */
export function recentBlockhashesData(
  blockhashes: readonly Uint8Array[],
  genesisHash: Uint8Array,
): Uint8Array {
  const newest = blockhashes.slice(0, RECENT_BLOCKHASHES_MAX)
  const list = newest.flatMap((blockhash) => [
    blockhash,
    le64(equalBytes(blockhash, genesisHash) ? 0n : LAMPORTS_PER_SIGNATURE),
  ])
  return padded(8 + 40 * RECENT_BLOCKHASHES_MAX, concatBytes(le64(BigInt(newest.length)), ...list))
}

/** A history in which slot 0 is the only one. */
export function newSlotHistory(): Uint8Array {
  const data = new Uint8Array(SLOT_HISTORY_NEXT_AT + 8)
  data[0] = 1
  data.set(le64(SLOT_HISTORY_BITS / 64n), 1)
  data[SLOT_HISTORY_WORDS_AT] = 1
  data.set(le64(SLOT_HISTORY_BITS), SLOT_HISTORY_NEXT_AT - 8)
  data.set(le64(1n), SLOT_HISTORY_NEXT_AT)
  return data
}

/** The history with a slot more; slots that were skipped have no bit. `previous` is the slot before it. */
export function addToSlotHistory(history: Uint8Array, previous: bigint, slot: bigint): Uint8Array {
  const data = Uint8Array.from(history)
  const set = (which: bigint, isSet: boolean) => {
    const bit = which % SLOT_HISTORY_BITS
    const at = SLOT_HISTORY_WORDS_AT + Number(bit / 8n)
    const mask = 1 << Number(bit % 8n)
    data[at] = isSet ? data[at]! | mask : data[at]! & ~mask
  }
  for (let skipped = previous + 1n; skipped < slot; skipped++) set(skipped, false)
  set(slot, true)
  data.set(le64(slot + 1n), SLOT_HISTORY_NEXT_AT)
  return data
}

/** Stakes of ended epochs, newest first: all of it was effective. */
export function stakeHistoryData(epochs: readonly { epoch: bigint; stake: bigint }[]): Uint8Array {
  const list = epochs.map(({ epoch, stake }) => concatBytes(le64(epoch), le64(stake), le64(0n), le64(0n)))
  return padded(STAKE_HISTORY_BYTES, concatBytes(le64(BigInt(epochs.length)), ...list.slice(0, 512)))
}

/** Rewards of nothing, in the epoch's first block being paid, then paid. */
export function epochRewardsData(
  startHeight: bigint,
  parentBlockhash: Uint8Array,
  isActive: boolean,
): Uint8Array {
  const [points, rewards, distributed] = [new Uint8Array(16), le64(0n), le64(0n)]
  const active = Uint8Array.of(isActive ? 1 : 0)
  return concatBytes(le64(startHeight), le64(1n), parentBlockhash, points, rewards, distributed, active)
}

/** Epochs of one length from the first slot on. */
export function epochScheduleData(slotsPerEpoch: bigint): Uint8Array {
  const [noWarmup, firstNormalEpoch, firstNormalSlot] = [Uint8Array.of(0), le64(0n), le64(0n)]
  return concatBytes(le64(slotsPerEpoch), le64(slotsPerEpoch), noWarmup, firstNormalEpoch, firstNormalSlot)
}

function padded(length: number, data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(length)
  whole.set(data)
  return whole
}
