import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase58, toBase58 } from './base58.ts'
import { fromHex, toHex } from './bytes.ts'

describe('base 58', () => {
  // draft-msporny-base58, section 5
  it.each([
    ['48656c6c6f20576f726c6421', '2NEpo7TZRRrLZSi2U'],
    [
      '54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f672e',
      'USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z',
    ],
    ['0000287fb4cd', '11233QC4'],
    ['', ''],
    ['00', '1'],
  ])('%s is %s', (hex, text) => {
    expect(toBase58(fromHex(hex))).toBe(text)
    expect(toHex(fromBase58(text)!)).toBe(hex)
  })

  it('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(fromBase58(toBase58(bytes))).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  it('has one text for some bytes', () => {
    const character = fc.constantFrom(...'123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz')
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 44 }), (text) => {
        expect(toBase58(fromBase58(text)!)).toBe(text)
      }),
    )
  })

  it.each(['0', 'O', 'I', 'l', ' 1', 'ü', '1'.repeat(129)])('refuses %s', (text) => {
    expect(fromBase58(text)).toBeUndefined()
  })

  it('takes as long a text as it is told, of many digits', () => {
    const bytes = Uint8Array.from({ length: 10_240 }, (_, index) => (index * 31) % 256)
    const text = toBase58(bytes)
    expect(fromBase58(text)).toBeUndefined()
    expect(fromBase58(text, text.length - 1)).toBeUndefined()
    expect(fromBase58(text, text.length)).toEqual(bytes)
    expect(fromBase58(`${text.slice(0, -1)}0`, text.length)).toBeUndefined()
  })
})
