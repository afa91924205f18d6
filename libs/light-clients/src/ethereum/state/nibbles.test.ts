import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex } from '@causeway/primitives'
import { commonPrefixLength, decodeHexPrefix, encodeHexPrefix, nibblesOf } from './nibbles.ts'

describe('hex-prefix', () => {
  it.each([
    ['112345', [1, 2, 3, 4, 5], false],
    ['00012345', [0, 1, 2, 3, 4, 5], false],
    ['200f1cb8', [0, 15, 1, 12, 11, 8], true],
    ['3f1cb8', [15, 1, 12, 11, 8], true],
    ['20', [], true],
    ['00', [], false],
  ])('%s is what the specification says', (hex, path, isLeaf) => {
    const decoded = decodeHexPrefix(fromHex(hex))!
    expect([[...decoded.path], decoded.isLeaf]).toEqual([path, isLeaf])
    expect(encodeHexPrefix({ path: Uint8Array.from(path), isLeaf })).toEqual(fromHex(hex))
  })

  it.each(['', '40', 'f0', '01', '2f', '0f1cb8'])('%s is not canonical', (hex) => {
    expect(decodeHexPrefix(fromHex(hex))).toBeUndefined()
  })

  it('round-trips, and nothing else decodes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (random) => {
        const decoded = decodeHexPrefix(random)
        if (decoded) expect(encodeHexPrefix(decoded)).toEqual(random)
      }),
    )
  })

  it('compares paths nibble by nibble', () => {
    expect([...nibblesOf(fromHex('a1b2'))]).toEqual([10, 1, 11, 2])
    expect(commonPrefixLength(nibblesOf(fromHex('a1b2')), nibblesOf(fromHex('a1bf')))).toBe(3)
    expect(commonPrefixLength(nibblesOf(fromHex('a1')), nibblesOf(fromHex('a1bf')))).toBe(2)
  })
})
