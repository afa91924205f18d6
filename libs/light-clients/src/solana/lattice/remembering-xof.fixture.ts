import { nobleLatticeXof } from './lattice-hash.ts'
import type { LatticeXof } from './lattice-hash.ts'

const known = new Map<string, Uint8Array>()

/** The reference, asked once for an account's state: tests change one thing of many and ask again. */
export const rememberingXof: LatticeXof = (input) => {
  const key = Buffer.from(input).toString('latin1')
  const vector = known.get(key) ?? nobleLatticeXof(input)
  known.set(key, vector)
  return vector
}
