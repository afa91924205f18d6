import { concatBytes, le64 } from '@causeway/primitives'
import { encodeCompactU16 } from './encode-transaction.ts'

/** A validator's tower, as its next vote says it. */
export interface TowerSyncFields {
  /** Absent: nothing is rooted yet. */
  readonly root: bigint | undefined
  /** Voted slots above the root, ascending; the last is the one that is voted for. At most 31. */
  readonly lockouts: readonly { readonly slot: bigint; readonly confirmations: number }[]
  /** Bank hash of the last slot. */
  readonly bankHash: Uint8Array
  /** Unix seconds. */
  readonly timestamp?: bigint | undefined
  /** 32 bytes; default zeros. */
  readonly blockId?: Uint8Array | undefined
  /** Leaves a fork for another: `TowerSyncSwitch`. */
  readonly isSwitch?: boolean | undefined
}

/**
 * Data of the vote program's instruction `TowerSync` or `TowerSyncSwitch`, what `decodeTowerSync` reads.
 * Nothing is checked. Spec: solana-vote-interface `serde_tower_sync`.
 */
export function encodeTowerSync(tower: TowerSyncFields): Uint8Array {
  const { root, bankHash, blockId = new Uint8Array(32), isSwitch = false, timestamp } = tower
  let before = root ?? 0n
  const lockouts = tower.lockouts.map(({ slot, confirmations }) => {
    const offset = slot - before
    before = slot
    return concatBytes(leb128(offset), Uint8Array.of(confirmations))
  })
  return concatBytes(
    Uint8Array.of(isSwitch ? 15 : 14, 0, 0, 0),
    root === undefined ? new Uint8Array(8).fill(0xff) : le64(root),
    encodeCompactU16(lockouts.length),
    ...lockouts,
    bankHash,
    timestamp === undefined ? Uint8Array.of(0) : concatBytes(Uint8Array.of(1), le64(timestamp)),
    blockId,
    isSwitch ? new Uint8Array(32) : new Uint8Array(0),
  )
}

function leb128(value: bigint): Uint8Array {
  const bytes: number[] = []
  for (; value > 0x7fn; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80)
  return Uint8Array.from([...bytes, Number(value)])
}
