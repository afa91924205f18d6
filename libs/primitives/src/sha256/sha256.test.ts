import { sha256 as reference } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { concatBytes, toHex, utf8 } from '../bytes.ts'
import { sha256, sha256Concat, sha256Path, sha256Wrap } from './sha256.ts'
import type * as door from './sha256.ts'
import type { Wrapping } from './sha256.ts'

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

  it('knows the longer values of FIPS 180-4: two blocks, and a million letters', () => {
    const alphabet =
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn' +
      'hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu'
    expect(toHex(sha256(utf8(alphabet)))).toBe(
      'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
    )
    expect(toHex(sha256(utf8('a'.repeat(1_000_000))))).toBe(
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    )
  })

  it('stays with the platform through a long chain, each hash made of the three before', () => {
    let ours = [bytes(32), bytes(32), bytes(32)] as [Uint8Array, Uint8Array, Uint8Array]
    let theirs: Uint8Array[] = [...ours]
    for (let i = 0; i < 3000; i++) {
      ours = [ours[1], ours[2], sha256Concat(...ours)]
      theirs = [
        theirs[1]!,
        theirs[2]!,
        createHash('sha256')
          .update(concatBytes(...theirs))
          .digest(),
      ]
    }
    expect(toHex(ours[2])).toBe(toHex(theirs[2]!))
  })

  it('agrees with the references at every length round a block, and where it hands over to noble', () => {
    const short = Array.from({ length: 301 }, (_, length) => length)
    const long = [511, 512, 4096, 65_535, 65_536, 65_537, 130_879, 130_880, 130_881, 131_072, 300_000]
    for (const length of [...short, ...long]) {
      const message = bytes(length)
      const hash = toHex(sha256(message))
      expect(hash, `${length} bytes`).toBe(toHex(reference(message)))
      expect(hash, `${length} bytes`).toBe(createHash('sha256').update(message).digest('hex'))
      const cut = length >> 1
      expect(toHex(sha256Concat(message.subarray(0, cut), message.subarray(cut)))).toBe(hash)
    }
  })

  it('pads every message anew: at the edges of blocks, after a longer one full of ones', () => {
    for (const length of [0, 1, 55, 56, 63, 64, 119, 120, 127, 128]) {
      sha256(new Uint8Array(400).fill(0xff))
      expect(toHex(sha256(bytes(length))), `${length} bytes`).toBe(toHex(reference(bytes(length))))
    }
  })

  it('agrees with the reference on parts, however a message is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 6 }), (parts) => {
        expect(toHex(sha256Concat(...parts))).toBe(toHex(reference(concatBytes(...parts))))
      }),
    )
  })

  it('takes many parts that are together too long for the fast way', () => {
    const parts = Array.from({ length: 50 }, (_, i) => bytes(3000 + i))
    expect(toHex(sha256Concat(...parts))).toBe(toHex(reference(concatBytes(...parts))))
  })

  it('takes views into larger memory, and Buffers', () => {
    const whole = bytes(100)
    expect(toHex(sha256(whole.subarray(7, 40)))).toBe(toHex(reference(whole.slice(7, 40))))
    const hash = sha256(Buffer.from('abc'))
    expect(hash).toEqual(reference(utf8('abc')))
    expect(hash.constructor).toBe(Uint8Array)
    expect(hash.buffer.byteLength).toBe(32)
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

  it('leaves what it starts from as it was, and is the start itself without wrappings', () => {
    const start = bytes(32)
    const copy = start.slice()
    sha256Path(start, [{ prefix: bytes(1), suffix: bytes(33) }])
    expect(start).toEqual(copy)
    expect(sha256Path(start, [])).toBe(start)
  })

  it('wraps a hash in its own place', () => {
    const place = concatBytes(bytes(5), bytes(32), bytes(3))
    const expected = reference(concatBytes(bytes(4), bytes(32), bytes(33)))
    sha256Wrap({ prefix: bytes(4), suffix: bytes(33) }, place, 5, place, 5)
    expect(place).toEqual(concatBytes(bytes(5), expected, bytes(3)))
  })

  it('takes a wrapping that is too long for the fast way', () => {
    const [start, prefix, suffix] = [bytes(32), bytes(140_000), bytes(10)]
    const expected = reference(concatBytes(prefix, start, suffix))
    expect(toHex(sha256Path(start, [{ prefix, suffix }]))).toBe(toHex(expected))
    const out = new Uint8Array(40)
    sha256Wrap({ prefix, suffix }, concatBytes(bytes(4), start), 4, out, 8)
    expect(toHex(out.subarray(8))).toBe(toHex(expected))
    expect(toHex(out.subarray(0, 8))).toBe('0000000000000000')
  })
})

describe('without WebAssembly', () => {
  let plain: typeof door

  beforeAll(async () => {
    vi.stubGlobal('WebAssembly', undefined)
    vi.resetModules()
    plain = await import('./sha256.ts')
    plain.sha256(bytes(0))
    vi.unstubAllGlobals()
  })

  afterAll(() => {
    vi.unstubAllGlobals()
    // What was imported without WebAssembly is nobody else's
    vi.resetModules()
  })

  it('gives the same hashes', () => {
    expect(plain.sha256).not.toBe(sha256)
    for (const length of [0, 1, 55, 56, 63, 64, 119, 120, 300, 140_000]) {
      expect(plain.sha256(bytes(length))).toEqual(sha256(bytes(length)))
      expect(plain.sha256Concat(bytes(3), bytes(length))).toEqual(sha256Concat(bytes(3), bytes(length)))
    }
  })

  it('gives the same paths', () => {
    const path = [33, 0, 140_000, 1].map((length) => ({ prefix: bytes(length), suffix: bytes(length + 1) }))
    expect(plain.sha256Path(bytes(32), path)).toEqual(sha256Path(bytes(32), path))
    const out = new Uint8Array(32)
    plain.sha256Wrap(path[0]!, bytes(32), 0, out, 0)
    expect(out).toEqual(sha256Path(bytes(32), path.slice(0, 1)))
  })
})
