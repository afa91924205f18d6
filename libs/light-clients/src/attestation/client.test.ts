// What the published scenarios (`vectors.test.ts`) leave out.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FOUR, TWENTY, aggregateOf, headerOf, messageAt } from '../../scripts/attestation-vectors/cast.ts'
import { codeOf } from '../refusal.fixture.ts'
import { attestationBytes } from './attestation-bytes.ts'
import {
  attestedStateAt,
  createHubClient,
  freezeHubClient,
  hubClientStatus,
  updateHubClient,
} from './client.ts'
import { verifyAttestationEvidence } from './evidence.ts'
import { proveOfPossession, verifyProofOfPossession } from './proof-of-possession.ts'
import { mclG1Scheme } from './schemes.fixture.ts'
import { verifyAttestation } from './verify-attestation.ts'

const PERIODS = { trustingPeriodSeconds: 1_000n, maxClockDriftSeconds: 30n }
const start = messageAt(100n, FOUR)
const NOW = start.timeSeconds + 100n
const fresh = () => createHubClient({ ...start, setHash: FOUR.hash }, PERIODS)

describe('a client', () => {
  it('begins with what could be trusted only', () => {
    const make = (changes: object, periods: object = {}) =>
      codeOf(() => createHubClient({ ...start, setHash: FOUR.hash, ...changes }, { ...PERIODS, ...periods }))
    expect(make({ chainId: '' })).toBe('attestation/26')
    expect(make({ height: 1n })).toBe('attestation/26')
    expect(make({ timeSeconds: 0n })).toBe('attestation/26')
    expect(make({}, { trustingPeriodSeconds: 0n })).toBe('attestation/26')
    expect(make({ setHash: new Uint8Array(31) })).toBe('attestation/1')
    expect(make({ nextSetHash: new Uint8Array(0) })).toBe('attestation/1')
    expect(make({ appHash: new Uint8Array(33) })).toBe('attestation/1')
    for (const zero of ['setHash', 'nextSetHash', 'appHash']) {
      expect(make({ [zero]: new Uint8Array(32) })).toBe('attestation/26')
    }
  })

  it('tells its status and what it knows', () => {
    const client = fresh()
    const end = start.timeSeconds + 1_000n
    expect(hubClientStatus(client, NOW)).toBe('Active')
    expect(hubClientStatus(client, end - 1n)).toBe('Active')
    expect(hubClientStatus(client, end)).toBe('Expired')
    expect(hubClientStatus({ ...client, frozenAtSeconds: NOW }, end)).toBe('Frozen')
    expect(attestedStateAt(client, 100n, NOW).appHash).toEqual(start.appHash)
    expect(codeOf(() => attestedStateAt(client, 101n, NOW))).toBe('attestation/27')
    expect(codeOf(() => attestedStateAt(client, 100n, end))).toBe('attestation/21')
    expect(codeOf(() => attestedStateAt({ ...client, frozenAtSeconds: NOW }, 100n, NOW))).toBe(
      'attestation/20',
    )
  })

  it('is never changed in place', () => {
    const client = fresh()
    const before = JSON.stringify([...client.states.keys()].map(String))
    updateHubClient(mclG1Scheme, client, headerOf(FOUR, messageAt(105n, FOUR)), NOW)
    freezeHubClient(
      mclG1Scheme,
      client,
      [headerOf(FOUR, messageAt(105n, FOUR)), headerOf(FOUR, messageAt(105n, TWENTY))],
      NOW,
    )
    expect(JSON.stringify([...client.states.keys()].map(String))).toBe(before)
    expect([client.frozenAtSeconds, client.latestHeight]).toEqual([undefined, 100n])
  })

  it('takes the chain id from itself, not from the header', () => {
    const header = headerOf(FOUR, messageAt(105n, FOUR))
    const renamed = { ...header, message: { ...header.message, chainId: 'causeway-9' } }
    expect(updateHubClient(mclG1Scheme, fresh(), renamed, NOW).update).toBe('updated')
    const elsewhere = headerOf(FOUR, messageAt(105n, FOUR, { chainId: 'causeway-9' }))
    expect(codeOf(() => updateHubClient(mclG1Scheme, fresh(), elsewhere, NOW))).toBe('attestation/13')
  })

  it('comes to one state whatever the order in which gaps are filled', () => {
    const headers = [110n, 104n, 107n, 109n].map((height) => headerOf(FOUR, messageAt(height, FOUR)))
    fc.assert(
      fc.property(fc.shuffledSubarray(headers, { minLength: 4 }), (order) => {
        let client = fresh()
        for (const header of order) client = updateHubClient(mclG1Scheme, client, header, NOW).state
        expect(client.latestHeight).toBe(110n)
        expect([...client.states.keys()].sort()).toEqual([100n, 104n, 107n, 109n, 110n])
        expect([client.currentSetStart, client.frozenAtSeconds]).toEqual([100n, undefined])
      }),
      { numRuns: 5 },
    )
  })
})

describe('a header', () => {
  const header = headerOf(FOUR, messageAt(105n, FOUR), [1])

  it('is believed with any absentees that leave more than two thirds', () => {
    fc.assert(
      fc.property(fc.subarray(Array.from({ length: 20 }, (_, i) => i)), (absent) => {
        const given = headerOf(TWENTY, messageAt(105n, TWENTY), absent.length === 20 ? [] : absent)
        const isEnough = absent.length === 20 || (20 - absent.length) * 3 > 40
        const verdict = codeOf(() => verifyAttestation(mclG1Scheme, given, TWENTY.hash))
        expect(verdict).toBe(isEnough ? 'accepted' : 'attestation/11')
      }),
      { numRuns: 15 },
    )
  })

  it('is refused with one bit changed anywhere', () => {
    const flip = (bytes: Uint8Array, at: number) =>
      bytes.with(at % bytes.length, bytes[at % bytes.length]! ^ 1)
    const { set, message, absentees } = header
    const absentee = absentees[0]!
    fc.assert(
      fc.property(fc.nat(1_000), (at) => {
        const changed = [
          { ...header, signature: flip(header.signature, at) },
          { ...header, message: { ...message, appHash: flip(message.appHash, at) } },
          { ...header, message: { ...message, nextSetHash: flip(message.nextSetHash, at) } },
          { ...header, set: { ...set, leafRoot: flip(set.leafRoot, at) } },
          { ...header, set: { ...set, aggregateKey: flip(set.aggregateKey, at) } },
          { ...header, absentees: [{ ...absentee, key: flip(absentee.key, at) }] },
          {
            ...header,
            absentees: [{ ...absentee, proof: [flip(absentee.proof[0]!, at), absentee.proof[1]!] }],
          },
        ]
        for (const wrong of changed) {
          expect(codeOf(() => verifyAttestation(mclG1Scheme, wrong, FOUR.hash))).toMatch(/^attestation\//)
        }
      }),
      { numRuns: 10 },
    )
  })
})

describe('evidence', () => {
  it('blames nobody who did not sign, whatever keys stand beside it', () => {
    const message = messageAt(105n, FOUR)
    const keys = FOUR.attestors.map(({ key }) => key)
    fc.assert(
      fc.property(
        fc.subarray([0, 1, 2, 3], { minLength: 1 }),
        fc.subarray([0, 1, 2, 3]),
        (signers, blamed) => {
          const absent = [0, 1, 2, 3].filter((i) => !signers.includes(i))
          const signature = aggregateOf(FOUR.attestors, message, absent)
          const evidence = { message, keys: blamed.map((i) => keys[i]!), signature }
          const verdict = codeOf(() =>
            verifyAttestationEvidence(mclG1Scheme, evidence, attestationBytes(start)),
          )
          const isRight = signers.join() === blamed.join()
          const expected = blamed.length === 0 ? 'attestation/41' : 'attestation/13'
          expect(verdict).toBe(isRight ? 'accepted' : expected)
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe('possession', () => {
  it('is proven for one chain, operator and key', () => {
    const secret = new Uint8Array(32).fill(8)
    const [operator, other] = [new Uint8Array(20).fill(1), new Uint8Array(20).fill(2)]
    const { key, proof } = proveOfPossession(mclG1Scheme, secret, { chainId: 'a', operator })
    const verdict = (changes: object) =>
      verifyProofOfPossession(mclG1Scheme, { chainId: 'a', operator, key, ...changes }, proof)
    expect(verdict({})).toBe(true)
    expect(verdict({ chainId: 'b' })).toBe(false)
    expect(verdict({ operator: other })).toBe(false)
    expect(verdict({ key: mclG1Scheme.publicKey(new Uint8Array(32).fill(9)) })).toBe(false)
    expect(codeOf(() => verdict({ operator: new Uint8Array(19) }))).toBe('attestation/1')
  })
})
