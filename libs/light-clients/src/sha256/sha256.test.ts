import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, sha256 as reference, toHex, utf8 } from '@causeway/primitives'
import {
  sha256,
  sha256Of2,
  sha256Of3,
  sha256OfParts,
  sha256Path,
  sha256Wrap,
  type Wrapping,
} from './sha256.ts'

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff)

describe('sha256', () => {
  it('knows the values of FIPS 180-4', () => {
    expect(toHex(sha256(utf8('')))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(toHex(sha256(utf8('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    expect(toHex(sha256(utf8('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')))).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    )
  })

  it('agrees with the reference at every length round a block, and where it hands over to it', () => {
    const lengths = [
      ...Array.from({ length: 200 }, (_, i) => i),
      65_300,
      65_343,
      65_344,
      65_345,
      65_536,
      200_000,
    ]
    for (const length of lengths) {
      const message = bytes(length)
      expect(toHex(sha256(message)), `${length} bytes`).toBe(toHex(reference(message)))
    }
  })

  it('agrees with the reference on parts, however a message is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 6 }), (parts) => {
        const expected = toHex(reference(concatBytes(...parts)))
        expect(toHex(sha256OfParts(parts))).toBe(expected)
        const [a = bytes(0), b = bytes(0), ...rest] = parts
        expect(toHex(sha256Of3(a, b, concatBytes(...rest)))).toBe(expected)
        expect(toHex(sha256Of2(a, concatBytes(b, ...rest)))).toBe(expected)
      }),
    )
  })

  it('does not leave one message in the next', () => {
    sha256(bytes(5000))
    expect(toHex(sha256(bytes(3)))).toBe(toHex(reference(bytes(3))))
  })

  it('returns bytes of their own', () => {
    const first = sha256(utf8('a'))
    const copy = toHex(first)
    sha256(utf8('b'))
    expect(toHex(first)).toBe(copy)
  })
})

describe('sha256Path', () => {
  it('wraps and hashes again and again', () => {
    const wrapping = fc.record({
      prefix: fc.uint8Array({ maxLength: 120 }),
      suffix: fc.uint8Array({ maxLength: 120 }),
    })
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.array(wrapping, { maxLength: 8 }),
        (start, path) => {
          const wrap = (hash: Uint8Array, { prefix, suffix }: Wrapping) =>
            reference(concatBytes(prefix, hash, suffix))
          const expected = path.reduce<Uint8Array>(wrap, start)
          expect(toHex(sha256Path(start, path))).toBe(toHex(expected))
        },
      ),
    )
  })

  it('takes a wrapping that is too long for the fast way', () => {
    const [start, prefix, suffix] = [bytes(32), bytes(70_000), bytes(10)]
    const expected = reference(concatBytes(prefix, start, suffix))
    expect(toHex(sha256Path(start, [{ prefix, suffix }]))).toBe(toHex(expected))
    const out = new Uint8Array(40)
    sha256Wrap({ prefix, suffix }, concatBytes(bytes(4), start), 4, out, 8)
    expect(toHex(out.subarray(8))).toBe(toHex(expected))
    expect(toHex(out.subarray(0, 8))).toBe('0000000000000000')
  })
})
