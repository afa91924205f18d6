import { isProtocolError } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allCodecs } from '../codecs.fixture.ts'
import { isCanonical } from '../codec.ts'
import { messageFields } from '../generated/message-fields.ts'
import type { DecodeLimits } from './decode-strict.ts'
import { anyGeneratedType, checkStrict, decodeStrict } from './decode-strict.ts'
import { isWellFormed, randomMessage, varint } from './wire.fixture.ts'

const codecs = await allCodecs()
const name = fc.constantFrom(...Object.keys(messageFields))

function accepts(message: string, bytes: Uint8Array, limits: DecodeLimits = {}): boolean {
  try {
    checkStrict(message, bytes, limits)
    return true
  } catch (error) {
    if (!isProtocolError(error) || error.codespace !== 'protocol') throw error
    return false
  }
}

/** Changes, drops, doubles or inserts bytes at a few places. */
function mutated(bytes: readonly number[]): fc.Arbitrary<number[]> {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 3 }).map((random) => [...random]),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(varint),
    fc.constantFrom([0x80], [0x80, 0x00], [0xff], [0x00]),
  )
  const edit = fc.tuple(fc.nat(bytes.length), fc.nat(3), piece)
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
    const result = [...bytes]
    for (const [at, remove, insert] of edits) result.splice(at, remove, ...insert)
    return result
  })
}

const mutant = name.chain((message) =>
  randomMessage(message)
    .chain((bytes) => fc.oneof({ weight: 3, arbitrary: mutated(bytes) }, doubled(bytes)))
    .map((bytes) => ({ message, bytes: Uint8Array.from(bytes) })),
)

function doubled(bytes: readonly number[]): fc.Arbitrary<number[]> {
  return fc.nat(bytes.length).map((at) => [...bytes.slice(at), ...bytes])
}

describe('strict decoding, fuzzed', () => {
  it('accepts exactly what a second, slow implementation accepts', () => {
    let accepted = 0
    const property = fc.property(mutant, ({ message, bytes }) => {
      const verdict = accepts(message, bytes)
      if (verdict) accepted += 1
      expect(verdict).toBe(isWellFormed(message, [...bytes]))
    })
    fc.assert(property, { numRuns: 6_000 })
    expect(accepted).toBeGreaterThan(300)
  })

  it('what it accepts decodes without an exception, and re-encoding it decodes to the same', () => {
    const property = fc.property(mutant, ({ message, bytes }) => {
      if (!accepts(message, bytes)) return
      const codec = codecs.get(message)!
      const first = decodeStrict(codec, message, bytes)
      const again = codec.encode(first).finish()
      expect(decodeStrict(codec, message, again, { canonical: true })).toEqual(first)
    })
    fc.assert(property, { numRuns: 3_000 })
  })

  it('with `canonical` accepts of those exactly what encoding gives back', () => {
    let canonical = 0
    const property = fc.property(mutant, ({ message, bytes }) => {
      if (!accepts(message, bytes)) return
      const expected = isCanonical(codecs.get(message)!, bytes)
      if (expected) canonical += 1
      expect(accepts(message, bytes, { canonical: true })).toBe(expected)
    })
    fc.assert(property, { numRuns: 10_000 })
    expect(canonical).toBeGreaterThan(100)
  })

  it('throws nothing but its own errors on random bytes, also when it looks into Any', () => {
    const property = fc.property(name, fc.uint8Array({ maxLength: 200 }), (message, bytes) => {
      expect(accepts(message, bytes)).toBe(isWellFormed(message, [...bytes]))
      accepts(message, bytes, { anyTypes: anyGeneratedType })
    })
    fc.assert(property, { numRuns: 3_000 })
    const nested = fc.property(mutant, ({ message, bytes }) => {
      if (accepts(message, bytes, { anyTypes: anyGeneratedType })) expect(accepts(message, bytes)).toBe(true)
    })
    fc.assert(nested, { numRuns: 3_000 })
  })
})
