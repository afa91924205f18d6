import { ATTESTATION_DOMAIN } from '@causeway/light-clients'
import type { BlsG1Scheme } from '@causeway/light-clients'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, utf8 } from '@causeway/primitives'
import { aggregate } from './aggregate.ts'
import type { ClaimedSignature } from './aggregate.ts'
import { attestingValidators, bls } from './attested-hub.fixture.ts'

const bytes = utf8('an attestation')
const claims: ClaimedSignature[] = attestingValidators(Array.from({ length: 24 }, () => 1n)).map(
  ({ blsSecret }, index) => ({
    index,
    key: bls.publicKey(blsSecret),
    signature: bls.sign(blsSecret, bytes, ATTESTATION_DOMAIN),
  }),
)
const bad = ({ signature }: ClaimedSignature, kind: number): Uint8Array =>
  [
    signature.with(0, signature[0]! ^ 1),
    new Uint8Array(96),
    new Uint8Array(0),
    signature.subarray(1),
    claims[(kind + 3) % claims.length]!.signature.with(90, 3),
    bls.sign(new Uint8Array(32).fill(7), bytes, ATTESTATION_DOMAIN),
  ][kind % 6]!

/** A scheme that counts its checks. */
function counting(): { scheme: BlsG1Scheme; checks: () => number } {
  let count = 0
  const verify: BlsG1Scheme['verify'] = (...given) => (count++, bls.verify(...given))
  return { scheme: { ...bls, verify }, checks: () => count }
}

describe('an aggregate', () => {
  it('takes one check when all signatures hold', () => {
    const { scheme, checks } = counting()
    const { signed } = aggregate(scheme, bytes, claims)
    expect(signed!.indices).toEqual(claims.map(({ index }) => index))
    expect(checks()).toBe(1)
  })

  it('has exactly the signatures that hold, whichever are bad', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(23), { maxLength: 6 }), fc.nat(5), (spoilt, kind) => {
        const given = claims.map((claim) =>
          spoilt.includes(claim.index) ? { ...claim, signature: bad(claim, kind) } : claim,
        )
        const { scheme, checks } = counting()
        const { signed, bad: named } = aggregate(scheme, bytes, given)
        const good = claims.filter(({ index }) => !spoilt.includes(index))
        expect(signed!.indices).toEqual(good.map(({ index }) => index))
        expect(signed!.signature).toEqual(bls.addSignatures(good.map(({ signature }) => signature)))
        expect(checks()).toBeLessThanOrEqual(2 * claims.length - 1)
        // Those whose length says already that they are none cost no check.
        const checked = given.filter(({ signature }) => signature.length === 96)
        expect(named).toEqual(checked.map(({ index }) => index).filter((index) => spoilt.includes(index)))
      }),
      { numRuns: 25 },
    )
  })

  it('of no signature, and of bad ones only, is none', () => {
    expect(aggregate(bls, bytes, [])).toEqual({ signed: undefined, bad: [] })
    const spoilt = claims.slice(0, 5).map((claim, i) => ({ ...claim, signature: bad(claim, i) }))
    expect(aggregate(bls, bytes, spoilt).signed).toBeUndefined()
  })

  it('keeps its order by index, whatever the order of votes', () => {
    const { signed } = aggregate(bls, bytes, [...claims].reverse())
    expect(signed!.indices).toEqual(claims.map(({ index }) => index))
  })
})

describe('keys that are each other’s negation', () => {
  const order = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n
  const secretOf = (value: bigint) => fromHex(value.toString(16).padStart(64, '0'))
  const claim = (secret: Uint8Array, index: number): ClaimedSignature => ({
    index,
    key: bls.publicKey(secret),
    signature: bls.sign(secret, bytes, ATTESTATION_DOMAIN),
  })
  const pair = [claim(secretOf(123_456_789n), 30), claim(secretOf(order - 123_456_789n), 31)]

  it('sign, each for itself, and add up to nothing: one of them counts', () => {
    const { signed } = aggregate(bls, bytes, pair)
    expect(signed!.indices).toHaveLength(1)
    const signer = pair.find(({ index }) => index === signed!.indices[0])!
    expect(signed!.signature).toEqual(signer.signature)
    expect(bls.verify([signer.key], bytes, ATTESTATION_DOMAIN, signed!.signature)).toBe(true)
  })

  it('among others take nothing from them', () => {
    const { signed } = aggregate(bls, bytes, [...pair, ...claims])
    expect(signed!.indices).toHaveLength(claims.length + 2)
    const keys = [...claims, ...pair].map(({ key }) => key)
    expect(bls.verify(keys, bytes, ATTESTATION_DOMAIN, signed!.signature)).toBe(true)
  })
})
