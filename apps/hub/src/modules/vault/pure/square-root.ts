import { assert } from '@causeway/primitives'

/** The greatest integer whose square is no more: Newton's method from above. */
export function squareRoot(square: bigint): bigint {
  assert(square >= 0n, 'only what is not negative has a root')
  if (square < 2n) return square
  let root = 1n << BigInt((square.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + square / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
