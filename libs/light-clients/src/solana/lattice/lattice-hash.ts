// The lattice hash: one vector of 1,024 lanes of 16 bits an item, and the sum of the vectors for a set of
// items. Spec: SIMD-0215; agave `lattice-hash/src/lt_hash.rs`.
import { blake3 } from '@noble/hashes/blake3.js'
import { assert } from '@causeway/primitives'

const LANES = 1_024
/** Bytes of a vector: 1,024 lanes of u16, little-endian. */
export const LATTICE_HASH_BYTES = 2 * LANES

/** The first 2,048 bytes of BLAKE3's output over an input. */
export type LatticeXof = (input: Uint8Array) => Uint8Array

/** BLAKE3 by @noble/hashes: the reference that a faster implementation is compared with. */
export const nobleLatticeXof: LatticeXof = (input) => blake3(input, { dkLen: LATTICE_HASH_BYTES })

/** A sum of vectors, lane by lane modulo 2¹⁶. It is changed in place. */
export class LatticeSum {
  readonly #lanes = new Uint16Array(LANES)

  /** Begins at a sum given as 2,048 bytes, or at the identity, all lanes zero. */
  constructor(bytes?: Uint8Array) {
    if (bytes) this.add(bytes)
  }

  /** Mixes a vector in. */
  add(vector: Uint8Array): void {
    assert(vector.length === LATTICE_HASH_BYTES, 'a vector has 2,048 bytes')
    const lanes = this.#lanes
    for (let i = 0; i < LANES; i++) lanes[i]! += vector[2 * i]! | (vector[2 * i + 1]! << 8)
  }

  /** Mixes a vector out. */
  subtract(vector: Uint8Array): void {
    assert(vector.length === LATTICE_HASH_BYTES, 'a vector has 2,048 bytes')
    const lanes = this.#lanes
    for (let i = 0; i < LANES; i++) lanes[i]! -= vector[2 * i]! | (vector[2 * i + 1]! << 8)
  }

  /** The sum as 2,048 bytes. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(LATTICE_HASH_BYTES)
    for (const [i, lane] of this.#lanes.entries()) {
      bytes[2 * i] = lane & 0xff
      bytes[2 * i + 1] = lane >> 8
    }
    return bytes
  }
}

/** Short name of a sum: BLAKE3-256 of its bytes, as a snapshot's file name has it. */
export function latticeChecksum(sum: Uint8Array): Uint8Array {
  return blake3(sum)
}
