import { KEY_BYTES } from '../addresses.ts'
import { ByteReader } from '../byte-reader.ts'
import { errors } from '../errors.ts'

/** A validator's tower, as it stands after its last vote. */
export interface TowerSync {
  /** Absent: nothing is rooted yet. */
  readonly root: bigint | undefined
  /** Oldest first; slots ascend, confirmations descend. */
  readonly lockouts: readonly { readonly slot: bigint; readonly confirmations: number }[]
  /** The last lockout's slot. */
  readonly slot: bigint
  /** Bank hash of that slot. */
  readonly bankHash: Uint8Array
  readonly timestamp: bigint | undefined
  /** Often zeros. */
  readonly blockId: Uint8Array
}

const TOWER_SYNC = 14
const TOWER_SYNC_SWITCH = 15
const NO_ROOT = 0xffff_ffff_ffff_ffffn
const LOCKOUTS_MAX = 31

/**
 * Decodes the vote program's instruction `TowerSync` or `TowerSyncSwitch`; others are older than the bank
 * hashes that we verify. Throws `solana/21`. Spec: solana-vote-interface `serde_tower_sync`.
 */
export function decodeTowerSync(data: Uint8Array): TowerSync {
  const refuse = (reason: string) => errors.badVote({ reason })
  const reader = new ByteReader(data, refuse)
  const tag = reader.u32()
  if (tag !== TOWER_SYNC && tag !== TOWER_SYNC_SWITCH) throw refuse(`instruction ${tag}`)
  const rootField = reader.u64()
  const root = rootField === NO_ROOT ? undefined : rootField
  const count = reader.compactU16()
  if (count === 0 || count > LOCKOUTS_MAX) throw refuse(`${count} lockouts`)
  const lockouts: { slot: bigint; confirmations: number }[] = []
  for (let i = 0; i < count; i++) {
    const previous = lockouts.at(-1)
    const offset = reader.varint()
    const slot = (previous?.slot ?? root ?? 0n) + offset
    const confirmations = reader.u8()
    const isFirstOfAll = previous === undefined && root === undefined
    if ((offset === 0n && !isFirstOfAll) || slot >= NO_ROOT) throw refuse('slots must ascend')
    if (confirmations === 0 || confirmations > LOCKOUTS_MAX) throw refuse(`${confirmations} confirmations`)
    if (previous && confirmations >= previous.confirmations) throw refuse('confirmations must descend')
    lockouts.push({ slot, confirmations })
  }
  const bankHash = reader.take(KEY_BYTES)
  const hasTimestamp = reader.u8()
  if (hasTimestamp > 1) throw refuse('an option that is none')
  const timestamp = hasTimestamp === 1 ? BigInt.asIntN(64, reader.u64()) : undefined
  const blockId = reader.take(KEY_BYTES)
  if (tag === TOWER_SYNC_SWITCH) reader.take(KEY_BYTES)
  reader.end()
  return { root, lockouts, slot: lockouts.at(-1)!.slot, bankHash, timestamp, blockId }
}
