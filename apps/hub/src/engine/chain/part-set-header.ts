import { createHash } from 'node:crypto'
import { BLOCK_PART_SIZE } from '@causeway/light-clients'
import { merkleRootOfLeafHashes } from '@causeway/primitives'
import type { PartSetHeader } from '@causeway/protocol/tendermint/types/types'

const LEAF_PREFIX = Uint8Array.of(0)

/** Count and root of a block's parts: what `partSet(bytes).header` is, by the machine's own SHA-256. */
export function partSetHeader(bytes: Uint8Array): PartSetHeader {
  const total = Math.max(1, Math.ceil(bytes.length / BLOCK_PART_SIZE))
  const leaves = Array.from({ length: total }, (_, i) => {
    const part = bytes.subarray(i * BLOCK_PART_SIZE, (i + 1) * BLOCK_PART_SIZE)
    return new Uint8Array(createHash('sha256').update(LEAF_PREFIX).update(part).digest())
  })
  return { total, hash: merkleRootOfLeafHashes(leaves) }
}
