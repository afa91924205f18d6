import { equalBytes, le64, sha256Concat } from '@causeway/primitives'
import { KEY_BYTES } from '../addresses.ts'
import { ByteReader } from '../byte-reader.ts'
import { errors } from '../errors.ts'
import { PROOF_NODE_BYTES, shredTreeRoot } from './shred-tree.ts'
import { decodeDataShred } from './shred.ts'
import type { DataShred } from './shred.ts'

/** Opens a block id as far as the bank hash in the block's footer. */
export interface BlockOpening {
  readonly parentSlot: bigint
  readonly parentBlockId: Uint8Array
  /** Roots of all FEC sets, in order, as far as the tree takes them in: 20 bytes each. */
  readonly fecSetRoots: readonly Uint8Array[]
  /** The data shred just before the footer: a component ends with it. */
  readonly previousShred: Uint8Array
  /** The data shred with which the footer begins. */
  readonly footerShred: Uint8Array
}

/** A block may have 1,024 FEC sets of 32 data shreds. */
const FEC_SETS_MAX = 1_024
const FOOTER_VARIANT = 0

/**
 * A block's id: the root over its FEC sets and, as the last leaf, its parent and their count. Throws
 * `solana/34`. Spec: SIMD-0333 double Merkle block id.
 */
export function alpenglowBlockId({
  parentSlot,
  parentBlockId,
  fecSetRoots,
}: Pick<BlockOpening, 'parentSlot' | 'parentBlockId' | 'fecSetRoots'>): Uint8Array {
  const count = fecSetRoots.length
  if (count === 0 || count > FEC_SETS_MAX) throw errors.badBlock({ reason: `${count} FEC sets` })
  const isWrong = fecSetRoots.some(({ length }) => length !== PROOF_NODE_BYTES)
  if (isWrong || parentBlockId.length !== KEY_BYTES)
    throw errors.badBlock({ reason: 'a hash of another length' })
  return shredTreeRoot([...fecSetRoots, parentLeaf(parentSlot, parentBlockId, count)])
}

/** The leaf that binds a block's parent and the number of its FEC sets. */
export function parentLeaf(parentSlot: bigint, parentBlockId: Uint8Array, fecSetCount: number): Uint8Array {
  return sha256Concat(le64(parentSlot), parentBlockId, le64(BigInt(fecSetCount)).subarray(0, 4))
}

/**
 * Bank hash in the footer of the block of a slot. The footer is told from transactions that look like one by
 * the shred before it, which ends a component. Throws `solana/33`–`/35`.
 */
export function footerBankHash(opening: BlockOpening, slot: bigint, shredVersion: number): Uint8Array {
  const previous = decodeDataShred('previous', opening.previousShred)
  const footer = decodeDataShred('footer', opening.footerShred)
  for (const [which, shred] of [
    ['previous', previous],
    ['footer', footer],
  ] as const) {
    const fault = faultOf(shred, opening, slot, shredVersion)
    if (fault !== undefined) throw errors.badShred({ which, reason: fault })
  }
  if (previous.index + 1 !== footer.index)
    throw errors.badShred({ which: 'previous', reason: 'it is not the one before the footer' })
  if (!previous.endsComponent)
    throw errors.badShred({ which: 'previous', reason: 'no component ends with it' })
  return readFooter(footer.data)
}

/** Bank hash in the beginning of a footer. Throws `solana/35`. Spec: agave `entry/src/block_component.rs`. */
export function readFooter(component: Uint8Array): Uint8Array {
  const refuse = (reason: string) => errors.badFooter({ reason })
  const reader = new ByteReader(component, refuse)
  if (reader.u64() !== 0n) throw refuse('a batch of entries')
  if (reader.u16() !== 1) throw refuse('a marker of another version')
  if (reader.u8() !== FOOTER_VARIANT) throw refuse('another marker')
  reader.u16()
  if (reader.u8() !== 1) throw refuse('a footer of another version')
  return reader.take(KEY_BYTES)
}

function faultOf(
  shred: DataShred,
  { fecSetRoots }: BlockOpening,
  slot: bigint,
  shredVersion: number,
): string | undefined {
  if (shred.slot !== slot) return `it is of slot ${shred.slot}`
  if (shred.version !== shredVersion) return `it is of shred version ${shred.version}`
  const root = fecSetRoots[shred.fecSet]
  return root && equalBytes(root, shred.fecSetRoot.subarray(0, PROOF_NODE_BYTES))
    ? undefined
    : 'it is not in the block'
}
