// The order of a header's checks: what is cheap comes first, and nothing of a header is used before it is
// proven.
import { describe, expect, it } from 'vitest'
import { FOUR, TWENTY, headerOf, messageAt } from '../../scripts/attestation-vectors/cast.ts'
import { codeOf } from '../refusal.fixture.ts'
import type { BlsScheme } from './bls/scheme.ts'
import { mclG1Scheme } from './schemes.fixture.ts'
import { verifyAttestation } from './verify-attestation.ts'
import type { AttestationHeader } from './verify-attestation.ts'

const header = headerOf(TWENTY, messageAt(105n, FOUR), [2, 5])

/** What a verification asked of BLS before it ended. */
function asked(given: AttestationHeader): { verdict: string; calls: string[] } {
  const calls: string[] = []
  const scheme: BlsScheme = {
    ...mclG1Scheme,
    subtractKeys: (...of) => (calls.push('subtract'), mclG1Scheme.subtractKeys(...of)),
    verify: (...of) => (calls.push('verify'), mclG1Scheme.verify(...of)),
  }
  return { verdict: codeOf(() => verifyAttestation(scheme, given, TWENTY.hash)), calls }
}

describe('a header', () => {
  it('costs one subtraction and one check', () => {
    expect(asked(header)).toEqual({ verdict: 'accepted', calls: ['subtract', 'verify'] })
  })

  it('of another set, with wrong absentees or too little power costs no curve operation', () => {
    const [first, second] = header.absentees
    const cases: [string, AttestationHeader][] = [
      ['attestation/6', { ...header, set: { ...header.set, totalPower: 1n } }],
      ['attestation/7', { ...header, absentees: [second!, first!] }],
      ['attestation/8', { ...header, absentees: [{ ...first!, index: 20 }] }],
      ['attestation/9', { ...header, absentees: [{ ...first!, power: 0n }] }],
      ['attestation/11', headerOf(TWENTY, messageAt(105n, FOUR), [0, 1, 2, 3, 4, 5, 6])],
      ['attestation/1', { ...header, signature: header.signature.subarray(1) }],
    ]
    for (const [verdict, given] of cases) expect(asked(given)).toEqual({ verdict, calls: [] })
  })

  it('tells the key and the power that signed', () => {
    const { key, power } = verifyAttestation(mclG1Scheme, header, TWENTY.hash)
    const rest = TWENTY.attestors.filter((_, i) => i !== 2 && i !== 5)
    expect(key).toEqual(mclG1Scheme.addKeys(rest.map((attestor) => attestor.key)))
    expect(power).toBe(18_000_000n)
  })

  it('has absentees whose number never exceeds the set’s', () => {
    const many = Array.from({ length: 100 }, () => header.absentees[0]!)
    expect(asked({ ...header, absentees: many }).verdict).toBe('attestation/7')
  })
})
