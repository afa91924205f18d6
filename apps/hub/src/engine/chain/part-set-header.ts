import { createHash } from 'node:crypto'
import { BLOCK_PART_SIZE } from '@causeway/light-clients'
import type { PartSetHeader } from '@causeway/protocol/tendermint/types/types'
import { innerHash } from '@causeway/state-tree'

const LEAF_PREFIX = Uint8Array.of(0)

/** Count and root of a block's parts: what `partSet(bytes).header` is, by the machine's own SHA-256. */
export function partSetHeader(bytes: Uint8Array): PartSetHeader {
  const total = Math.max(1, Math.ceil(bytes.length / BLOCK_PART_SIZE))
  const leaves = Array.from({ length: total }, (_, i) => {
    const part = bytes.subarray(i * BLOCK_PART_SIZE, (i + 1) * BLOCK_PART_SIZE)
    return new Uint8Array(createHash('sha256').update(LEAF_PREFIX).update(part).digest())
  })
  return { total, hash: rootOf(leaves) }
}

/** Split at the largest power of two below the length (RFC 6962). */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0]!
  const split = 1 << (31 - Math.clz32(leaves.length - 1))
  return innerHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)))
}
