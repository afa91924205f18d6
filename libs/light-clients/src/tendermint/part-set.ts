import type { Part, PartSetHeader } from '@causeway/protocol/tendermint/types/types'
import { merkleProofs } from '@causeway/primitives'

/** Size of every part of a block but the last. */
export const BLOCK_PART_SIZE = 65536

/** A block's bytes cut into parts, as validators gossip them. */
export interface PartSet {
  header: PartSetHeader
  parts: Part[]
}

/** Cuts an encoded block into parts of 64 KiB and proves each against the part set's root. */
export function partSet(block: Uint8Array): PartSet {
  const count = Math.max(1, Math.ceil(block.length / BLOCK_PART_SIZE))
  const pieces = Array.from({ length: count }, (_, i) =>
    block.subarray(i * BLOCK_PART_SIZE, (i + 1) * BLOCK_PART_SIZE),
  )
  const { root, proofs } = merkleProofs(pieces)
  const parts = pieces.map((bytes, index) => {
    const { leafHash, aunts } = proofs[index]!
    return {
      index,
      bytes,
      proof: { total: BigInt(count), index: BigInt(index), leafHash, aunts: [...aunts] },
    }
  })
  return { header: { total: count, hash: root }, parts }
}
