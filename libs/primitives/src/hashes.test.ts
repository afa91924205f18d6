import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex, utf8 } from './bytes.ts'
import { keccak256, ripemd160, sha512 } from './hashes.ts'

const native = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest('hex')

describe('hashes', () => {
  it('agree with the platform', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(toHex(sha512(bytes))).toBe(native('sha512', bytes))
        expect(toHex(ripemd160(bytes))).toBe(native('ripemd160', bytes))
      }),
    )
  })

  it('SHA-512 knows the value of FIPS 180-4', () => {
    expect(toHex(sha512(utf8('abc')))).toBe(
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
        '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    )
  })

  it.each([
    ['', '9c1185a5c5e9fc54612808977ee8f548b2258d31'],
    ['abc', '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc'],
    ['message digest', '5d0689ef49d2fae572b881b123a85ffa21595f36'],
  ])('RIPEMD-160 knows its authors’ value of "%s"', (text, hash) => {
    expect(toHex(ripemd160(utf8(text)))).toBe(hash)
  })

  // Not SHA3-256: its padding is another one.
  it.each([
    ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
  ])('Keccak-256 knows the value of "%s"', (text, hash) => {
    expect(toHex(keccak256(utf8(text)))).toBe(hash)
    expect(hash).not.toBe(native('sha3-256', utf8(text)))
  })
})
