import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, zigzagVarint } from '@causeway/primitives'
import { isIavlPrefix } from './iavl-prefix.ts'

const header = (height: bigint, size: bigint, version: bigint) =>
  concatBytes(zigzagVarint(height), zigzagVarint(size), zigzagVarint(version))

describe('isIavlPrefix', () => {
  it('takes what cosmos/iavl writes before a leaf, and nothing after it', () => {
    expect(isIavlPrefix(header(0n, 1n, 1n), 0)).toBe(true)
    expect(isIavlPrefix(header(0n, 1n, 1n << 40n), 0)).toBe(true)
    expect(isIavlPrefix(concatBytes(header(0n, 1n, 1n), Uint8Array.of(32)), 0)).toBe(false)
  })

  it('takes one length byte, or a left sibling between two, after an inner header', () => {
    const inner = header(3n, 8n, 2n)
    for (let length = 0; length < 70; length++) {
      const prefix = concatBytes(inner, new Uint8Array(length).fill(32))
      expect(isIavlPrefix(prefix, 1), `${length} bytes`).toBe(length === 1 || length === 34)
    }
  })

  it('refuses a height below the layer, and only below', () => {
    for (let layer = 1; layer <= 130; layer++) {
      const at = (height: bigint) =>
        isIavlPrefix(concatBytes(header(height, 2n, 2n), Uint8Array.of(32)), layer)
      expect(at(BigInt(layer) - 1n)).toBe(false)
      expect(at(BigInt(layer))).toBe(true)
      expect(at(BigInt(layer) + 1n)).toBe(true)
    }
    expect(isIavlPrefix(concatBytes(header((1n << 62n) + 1n, 2n, 2n), Uint8Array.of(32)), 130)).toBe(true)
  })

  it('refuses negative numbers, wherever they stand', () => {
    expect(isIavlPrefix(header(-1n, 1n, 1n), 0)).toBe(false)
    expect(isIavlPrefix(header(0n, -1n, 1n), 0)).toBe(false)
    expect(isIavlPrefix(header(0n, 1n, -1n), 0)).toBe(false)
  })

  it('refuses numbers cut short or above 64 bits', () => {
    expect(isIavlPrefix(Uint8Array.of(), 0)).toBe(false)
    expect(isIavlPrefix(Uint8Array.of(0, 2), 0)).toBe(false)
    expect(isIavlPrefix(Uint8Array.of(0, 2, 0x80), 0)).toBe(false)
    const ten = (last: number) =>
      Uint8Array.of(0, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, last)
    expect(isIavlPrefix(ten(1), 0)).toBe(true)
    expect(isIavlPrefix(ten(2), 0)).toBe(false)
    expect(isIavlPrefix(Uint8Array.from([0, 2, ...new Array<number>(11).fill(0x80), 0]), 0)).toBe(false)
  })

  it('agrees with a plain reading of the rule', () => {
    const number = fc.bigInt({ min: -3n, max: 300n })
    fc.assert(
      fc.property(number, number, number, fc.nat(70), fc.nat(140), (height, size, version, rest, layer) => {
        const prefix = concatBytes(header(height, size, version), new Uint8Array(rest))
        const isSound = height >= 0n && size >= 0n && version >= 0n && height >= BigInt(layer)
        const fits = layer === 0 ? rest === 0 : rest === 1 || rest === 34
        expect(isIavlPrefix(prefix, layer)).toBe(isSound && fits)
      }),
    )
  })

  it('never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(200), (prefix, layer) => {
        expect(typeof isIavlPrefix(prefix, layer)).toBe('boolean')
      }),
    )
  })
})
