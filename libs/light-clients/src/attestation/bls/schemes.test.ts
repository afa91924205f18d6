// The fast implementation gives the reference's verdicts and bytes, right input or wrong.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex, toHex, utf8 } from '@causeway/primitives'
import { badKeys, badSignatures } from '../../../scripts/attestation-vectors/points.ts'
import { ATTESTATION_DOMAIN } from '../attestation-bytes.ts'
import { POSSESSION_DOMAIN } from '../proof-of-possession.ts'
import { mclG1Scheme, schemes } from '../schemes.fixture.ts'
import { hashToField } from './hash-to-field.ts'
import { nobleG1Scheme } from './noble-scheme.ts'
import type { BlsScheme } from './scheme.ts'

const secret = (n: number) => new Uint8Array(32).fill(n + 1, 1)
const message = utf8('a message')
const pair = (n: number) => ({
  key: nobleG1Scheme.publicKey(secret(n)),
  signature: nobleG1Scheme.sign(secret(n), message, ATTESTATION_DOMAIN),
})
const pairs = [0, 1, 2, 3].map(pair)
const keys = pairs.map(({ key }) => key)
const signatures = pairs.map(({ signature }) => signature)
const aggregate = nobleG1Scheme.addSignatures(signatures)!

/** What both give; the test fails when they differ. */
function both<Result>(ask: (scheme: BlsScheme) => Result): Result {
  const [fast, reference] = [ask(mclG1Scheme), ask(nobleG1Scheme)]
  expect(fast).toEqual(reference)
  return reference
}

describe('both implementations', () => {
  it('make the same keys and signatures of any secret and message', () => {
    const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => {
      bytes[0]! &= 0x3f
      bytes[31]! |= 1
      return bytes
    })
    const domains = fc.constantFrom(ATTESTATION_DOMAIN, POSSESSION_DOMAIN, 'X')
    fc.assert(
      fc.property(secrets, fc.uint8Array({ maxLength: 300 }), domains, (own, bytes, domain) => {
        both((scheme) => scheme.publicKey(own))
        const signature = both((scheme) => scheme.sign(own, bytes, domain))
        const key = mclG1Scheme.publicKey(own)
        expect(mclG1Scheme.verify([key], bytes, domain, signature)).toBe(true)
        expect(mclG1Scheme.verify([key], concatBytes(bytes, Uint8Array.of(0)), domain, signature)).toBe(false)
      }),
      { numRuns: 15 },
    )
  })

  it('verify aggregates of all, of some, of others, of nobody', () => {
    const verdict = (given: readonly Uint8Array[], signature: Uint8Array, bytes = message) =>
      both((scheme) => scheme.verify(given, bytes, ATTESTATION_DOMAIN, signature))
    expect(verdict(keys, aggregate)).toBe(true)
    expect(verdict([...keys].reverse(), aggregate)).toBe(true)
    expect(verdict(keys.slice(1), aggregate)).toBe(false)
    expect(verdict([...keys, keys[0]!], aggregate)).toBe(false)
    expect(verdict(keys, signatures[0]!)).toBe(false)
    expect(verdict(keys, aggregate, utf8('another'))).toBe(false)
    expect(verdict([], aggregate)).toBe(false)
    expect(verdict([], new Uint8Array(96))).toBe(false)
    expect(both((scheme) => scheme.verify(keys, message, POSSESSION_DOMAIN, aggregate))).toBe(false)
  })

  it('add and subtract alike, to the identity too', () => {
    expect(both((scheme) => scheme.addSignatures(signatures))).toEqual(aggregate)
    const total = both((scheme) => scheme.addKeys(keys))!
    const rest = both((scheme) => scheme.subtractKeys(total, keys.slice(0, 3)))
    expect(rest).toEqual(keys[3])
    expect(both((scheme) => scheme.subtractKeys(total, []))).toEqual(total)
    expect(both((scheme) => scheme.subtractKeys(total, keys))).toBeUndefined()
    expect(both((scheme) => scheme.subtractKeys(keys[0]!, [keys[0]!]))).toBeUndefined()
    expect(both((scheme) => scheme.addKeys([]))).toBeUndefined()
    expect(both((scheme) => scheme.addSignatures([]))).toBeUndefined()
    const doubled = both((scheme) => scheme.addKeys([keys[0]!, keys[0]!]))!
    expect(both((scheme) => scheme.subtractKeys(doubled, [keys[0]!]))).toEqual(keys[0])
    const negative = both((scheme) => scheme.subtractKeys(keys[0]!, [doubled]))!
    expect(both((scheme) => scheme.addKeys([keys[0]!, negative]))).toBeUndefined()
    expect(
      both((scheme) => scheme.verify([keys[0]!, negative], message, ATTESTATION_DOMAIN, aggregate)),
    ).toBe(false)
  })

  it('refuse every wrong encoding of a key wherever it stands', () => {
    for (const { name, bytes } of badKeys(keys[0]!)) {
      expect(
        both((scheme) => scheme.isKey(bytes)),
        name,
      ).toBe(false)
      expect(
        both((scheme) => scheme.addKeys([keys[1]!, bytes])),
        name,
      ).toBeUndefined()
      expect(
        both((scheme) => scheme.subtractKeys(bytes, [keys[1]!])),
        name,
      ).toBeUndefined()
      expect(
        both((scheme) => scheme.subtractKeys(keys[1]!, [bytes])),
        name,
      ).toBeUndefined()
      expect(
        both((scheme) => scheme.verify([bytes], message, ATTESTATION_DOMAIN, signatures[0]!)),
        name,
      ).toBe(false)
    }
  })

  it('refuse every wrong encoding of a signature, and sum points of the curve as they are', () => {
    for (const { name, bytes } of badSignatures(signatures[0]!)) {
      const verdict = both((scheme) => scheme.verify([keys[0]!], message, ATTESTATION_DOMAIN, bytes))
      expect(verdict, name).toBe(false)
      const sum = both((scheme) => scheme.addSignatures([signatures[1]!, bytes]))
      if (sum === undefined) continue
      const given = [keys[0]!, keys[1]!]
      expect(
        both((scheme) => scheme.verify(given, message, ATTESTATION_DOMAIN, sum)),
        name,
      ).toBe(false)
    }
    const [outside] = badSignatures(signatures[0]!).filter(({ name }) => name.startsWith('right but'))
    const [negated] = badSignatures(outside!.bytes).filter(({ name }) => name === 'negated')
    expect(both((scheme) => scheme.addSignatures([outside!.bytes, negated!.bytes]))).toBeUndefined()
  })

  it('give the same verdict on any changed byte', () => {
    fc.assert(
      fc.property(fc.nat(191), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        both((scheme) => scheme.isKey(keys[0]!.with(at, keys[0]![at]! ^ flip)))
        const changed = signatures[0]!.with(at % 96, signatures[0]![at % 96]! ^ flip)
        expect(both((scheme) => scheme.verify([keys[0]!], message, ATTESTATION_DOMAIN, changed))).toBe(false)
        both((scheme) => scheme.addSignatures([changed]))
      }),
      { numRuns: 30 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        both((scheme) => scheme.isKey(bytes))
        both((scheme) => scheme.addSignatures([bytes]))
      }),
      { numRuns: 50 },
    )
  })

  it('know points of the curve that are in the subgroup from those that are not', () => {
    const { G1, fields } = bls12_381
    const encode = (value: bigint) => fromHex(value.toString(16).padStart(96, '0'))
    let found = 0
    for (let x = 1n; found < 5; x++) {
      const square = fields.Fp.add(fields.Fp.pow(x, 3n), 4n)
      let y: bigint
      try {
        y = fields.Fp.sqrt(square)
      } catch {
        continue
      }
      found++
      const bytes = concatBytes(encode(x), encode(y))
      expect(both((scheme) => scheme.addSignatures([bytes]))).toEqual(bytes)
      expect(G1.Point.fromAffine({ x, y }).isTorsionFree()).toBe(false)
      expect(both((scheme) => scheme.verify([keys[0]!], message, ATTESTATION_DOMAIN, bytes))).toBe(false)
    }
  })
})

describe('a scheme', () => {
  it.each(schemes)('%s refuses to sign with what is no secret', (_, scheme) => {
    const order = fromHex('73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001')
    for (const bad of [new Uint8Array(32), new Uint8Array(31), new Uint8Array(33).fill(1), order]) {
      expect(() => scheme.sign(bad, message, ATTESTATION_DOMAIN)).toThrow()
      expect(() => scheme.publicKey(bad)).toThrow()
    }
  })

  it.each(schemes)('%s answers the same after many keys', (_, scheme) => {
    if (scheme === nobleG1Scheme) return
    for (let n = 1; n < 600; n++)
      scheme.isKey(
        scheme.publicKey(
          Uint8Array.from({ length: 32 }, (_v, i) => (i === 31 ? n & 255 : i === 30 ? n >> 8 : 0)),
        ),
      )
    expect(scheme.verify(keys, message, ATTESTATION_DOMAIN, aggregate)).toBe(true)
    expect(scheme.isKey(keys[0]!.with(191, keys[0]![191]! ^ 1))).toBe(false)
  })
})

describe('hashing to the field', () => {
  // RFC 9380, K.1: expand_message_xmd with SHA-256, 0x80 bytes.
  const DOMAIN = 'QUUX-V01-CS02-with-expander-SHA256-128'
  it.each([
    [
      '',
      [
        'af84c27ccfd45d41914fdff5df25293e221afc53d8ad2ac06d5e3e29485dadbe',
        'e0d121587713a3e0dd4d5e69e93eb7cd4f5df4cd103e188cf60cb02edc3edf18',
        'eda8576c412b18ffb658e3dd6ec849469b979d444cf7b26911a08e63cf31f9dc',
        'c541708d3491184472c2c29bb749d4286b004ceb5ee6b9a7fa5b646c993f0ced',
      ].join(''),
    ],
    [
      'abc',
      [
        'abba86a6129e366fc877aab32fc4ffc70120d8996c88aee2fe4b32d6c7b6437a',
        '647e6c3163d40b76a73cf6a5674ef1d890f95b664ee0afa5359a5c4e07985635',
        'bbecbac65d747d3d2da7ec2b8221b17b0ca9dc8a1ac1c07ea6a1e60583e2cb00',
        '058e77b7b72a298425cd1b941ad4ec65e8afc50303a22c0f99b0509b4c895f40',
      ].join(''),
    ],
  ])('is that of the standard for %j', (text, expected) => {
    expect(toHex(concatBytes(...hashToField(utf8(text), DOMAIN)))).toBe(expected)
  })
})
