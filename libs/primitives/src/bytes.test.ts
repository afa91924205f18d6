import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareBytes,
  concatBytes,
  equalBytes,
  fromBase64,
  fromHex,
  fromUtf8,
  prefixEnd,
  startsWith,
  toBase64,
  toHex,
  toHexUpper,
  utf8,
} from './bytes.ts'

const bytes = fc.uint8Array({ maxLength: 40 })
const code = (number: number) => expect.objectContaining({ codespace: 'primitives', code: number })

describe('hex', () => {
  it('round-trips and reads both cases', () => {
    fc.assert(
      fc.property(bytes, (b) => {
        expect(fromHex(toHex(b))).toEqual(b)
        expect(fromHex(toHexUpper(b))).toEqual(b)
      }),
    )
  })

  it.each(['0', '0x00', 'zz', '00 ', ' 00', '0g', '١٢'])('refuses %j', (text) => {
    expect(() => fromHex(text)).toThrow(code(1))
  })
})

describe('base64', () => {
  it('agrees with Node', () => {
    fc.assert(
      fc.property(bytes, (b) => {
        expect(toBase64(b)).toBe(Buffer.from(b).toString('base64'))
        expect(fromBase64(toBase64(b))).toEqual(b)
      }),
    )
  })

  it.each(['YQ', 'YQ=', 'YR==', 'Y Q==', 'YQ==\n', '_-=='])('refuses %j, which is not canonical', (text) => {
    expect(() => fromBase64(text)).toThrow(code(3))
  })
})

describe('UTF-8', () => {
  it('round-trips well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fromUtf8(utf8(text))).toBe(text)
      }),
    )
  })

  it('keeps a byte-order mark', () => {
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
  })

  it.each([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80]])(
    'refuses malformed %j',
    (...malformed) => {
      expect(() => fromUtf8(Uint8Array.from(malformed))).toThrow(code(2))
    },
  )
})

describe('order', () => {
  it('is that of Node', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(compareBytes(a, b)).toBe(Buffer.compare(a, b))
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
      }),
    )
  })

  it('prefixEnd bounds exactly the strings with the prefix', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 3 }), bytes, (prefix, b) => {
        const end = prefixEnd(prefix)
        const within = compareBytes(b, prefix) >= 0 && (end === undefined || compareBytes(b, end) < 0)
        expect(within).toBe(startsWith(b, prefix))
        const longer = concatBytes(prefix, b)
        expect(startsWith(longer, prefix)).toBe(true)
        expect(end === undefined || compareBytes(longer, end) < 0).toBe(true)
      }),
    )
  })

  it('a prefix of 0xff only, or none, has no end', () => {
    expect(prefixEnd(Uint8Array.of(0xff, 0xff))).toBeUndefined()
    expect(prefixEnd(new Uint8Array(0))).toBeUndefined()
    expect(prefixEnd(Uint8Array.of(1, 0xff))).toEqual(Uint8Array.of(2))
  })
})
