import { createBLAKE3 } from 'hash-wasm'
import { LATTICE_HASH_BYTES } from './lattice-hash.ts'
import type { LatticeXof } from './lattice-hash.ts'

/** BLAKE3 by hash-wasm: eight times as fast as the reference on an account (docs/solana-light-client.md). */
export function createWasmLatticeXof(): Promise<LatticeXof> {
  return createBLAKE3(8 * LATTICE_HASH_BYTES).then(
    (hasher) => (input) => hasher.init().update(input).digest('binary'),
  )
}
