import { describe, expect, it } from 'vitest'
import { initialWords, roundConstants } from './constants.ts'

describe('constants', () => {
  it('are those printed in FIPS 180-4', () => {
    expect(initialWords()).toEqual([
      ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a],
      ...[0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
    ])
    const rounds = roundConstants()
    expect(rounds).toHaveLength(64)
    expect(rounds.slice(0, 4)).toEqual([0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5])
    expect(rounds.slice(-2)).toEqual([0xbef9a3f7, 0xc67178f2])
  })
})
