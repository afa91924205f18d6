import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBech32, toBech32 } from './bech32.ts'
import { canonicalJson } from './canonical-json.ts'
import { fromHex } from './bytes.ts'
import { AssertionError } from './errors.ts'

const code = (number: number) => expect.objectContaining({ codespace: 'primitives', code: number })

describe('bech32', () => {
  // BIP-173, valid strings
  const text = 'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w'
  const address = fromHex('c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d')

  it('round-trips 20 and 32 bytes', () => {
    expect(toBech32('split', address)).toBe(text)
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 32 }), (bytes) => {
        expect(fromBech32(toBech32('cway', bytes), 'cway')).toEqual(bytes)
      }),
    )
  })

  it.each([
    ['another prefix', toBech32('osmo', address)],
    ['a wrong checksum', text.slice(0, -1) + 'q'],
    ['upper case', text.toUpperCase()],
    ['mixed case', 'Split' + text.slice(5)],
    ['nothing', ''],
    ['too much', text.repeat(4)],
  ])('refuses %s', (_what, given) => {
    expect(() => fromBech32(given, 'split')).toThrow(code(4))
  })
})

describe('canonicalJson', () => {
  it('sorts keys by code unit, drops undefined, writes bigints as strings', () => {
    expect(canonicalJson({ b: 1n, a: [true, null, 'é"'], Z: undefined, B: { y: 2, x: -1 } })).toBe(
      '{"B":{"x":-1,"y":2},"a":[true,null,"é\\""],"b":"1"}',
    )
  })

  it('does not depend on insertion order', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual({ ...value })
      }),
    )
  })

  it('holds no fractions', () => {
    expect(() => canonicalJson(0.5)).toThrow(AssertionError)
    expect(() => canonicalJson(2 ** 60)).toThrow(AssertionError)
  })
})
