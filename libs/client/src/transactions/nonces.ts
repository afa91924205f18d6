// Nonces of trade transactions: the time in milliseconds, each given once, ascending.

/** Gives nonces. */
export interface Nonces {
  /** A nonce that this object never gave before. */
  next(): bigint
}

/**
 * Nonces by a clock in milliseconds: the time, or one more than the last one while the clock stands still or
 * goes back.
 */
export function createNonces(nowMilliseconds: () => number): Nonces {
  let last = 0n
  return {
    next() {
      const now = BigInt(Math.floor(nowMilliseconds()))
      last = now > last ? now : last + 1n
      return last
    },
  }
}
