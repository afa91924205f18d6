import { describe, expect, it } from 'vitest'
import { fractionBits, primes } from './round-constants.ts'

describe('round constants', () => {
  it('come from the first primes', () => {
    expect(primes(8)).toEqual([2, 3, 5, 7, 11, 13, 17, 19])
    expect(primes(64).at(-1)).toBe(311)
  })

  it('are those printed in FIPS 180-4', () => {
    const initial = primes(8).map((prime) => fractionBits(prime, 2))
    expect(initial).toEqual([
      ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a],
      ...[0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
    ])
    const rounds = primes(64).map((prime) => fractionBits(prime, 3))
    expect(rounds.slice(0, 4)).toEqual([0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5])
    expect(rounds.slice(-2)).toEqual([0xbef9a3f7, 0xc67178f2])
  })
})
