import {
  LANES,
  hashLanes,
  laneBlocks,
  laneHashWord,
  laneMemory,
  laneOffset,
  padLane,
  sha256,
} from '@causeway/primitives'

const PAIR_BYTES = 64
const HASH_BYTES = 32
const BLOCKS = laneBlocks(PAIR_BYTES)

/** SHA-256 of each 64 bytes, one after the other: one level of a Merkle tree, four hashes at once. */
export function hashPairs(pairs: Uint8Array): Uint8Array {
  const count = pairs.length / PAIR_BYTES
  const hashes = new Uint8Array(count * HASH_BYTES)
  let i = 0
  for (; i + LANES <= count; i += LANES) hashFour(pairs, hashes, i)
  for (; i < count; i++) {
    hashes.set(sha256(pairs.subarray(i * PAIR_BYTES, (i + 1) * PAIR_BYTES)), i * HASH_BYTES)
  }
  return hashes
}

function hashFour(pairs: Uint8Array, hashes: Uint8Array, first: number): void {
  const { bytes, words } = laneMemory()
  for (let lane = 0; lane < LANES; lane++) {
    const start = (first + lane) * PAIR_BYTES
    bytes.set(pairs.subarray(start, start + PAIR_BYTES), laneOffset(lane))
    padLane(lane, laneOffset(lane) + PAIR_BYTES, BLOCKS)
  }
  hashLanes(BLOCKS)
  for (let lane = 0; lane < LANES; lane++) {
    const at = laneHashWord(lane)
    let to = (first + lane) * HASH_BYTES
    for (let word = 0; word < 8; word++) {
      const value = words[at + word]!
      hashes[to++] = value >>> 24
      hashes[to++] = value >>> 16
      hashes[to++] = value >>> 8
      hashes[to++] = value
    }
  }
}
