import { defineErrors } from '@causeway/primitives'

type Reason = { reason: string }
type Size = { what: string; size: number; expected: number }

/**
 * Codespace `attestation`. 1–19 sets and aggregates, 20–39 the client, 40–49 evidence. Append-only; other
 * implementations refuse the same headers for the same reasons (`vectors/attestation`).
 */
export const errors = defineErrors('attestation', {
  wrongLength: [1, (d: Size) => `${d.what} has ${d.size} bytes, expected ${d.expected}`],
  invalidSet: [2, (d: Reason) => `no set of attestors: ${d.reason}`],
  invalidKey: [3, (d: { index: number }) => `attestor ${d.index} has no valid key`],
  powerZero: [4, (d: { index: number }) => `attestor ${d.index} has no power`],
  repeatedKey: [5, (d: { index: number }) => `the key of attestor ${d.index} is in the set already`],
  setMismatch: [6, () => 'the set does not hash to the one that signs this height'],
  absenteeOrder: [
    7,
    (d: { index: number; after: number }) => `absentee ${d.index} comes after ${d.after}: not ascending`,
  ],
  absenteeIndex: [
    8,
    (d: { index: number; count: number }) => `absentee ${d.index} of a set of ${d.count} attestors`,
  ],
  absenteeProof: [9, (d: { index: number }) => `absentee ${d.index} is not proven to be in the set`],
  absentPower: [
    10,
    (d: { absent: bigint; total: bigint }) => `absentees have power ${d.absent} of a total of ${d.total}`,
  ],
  tooLittlePower: [
    11,
    (d: { signed: bigint; total: bigint }) =>
      `power ${d.signed} of ${d.total} signed, more than 2/3 is needed`,
  ],
  noSigningKey: [12, () => 'the absentees leave no key that could have signed'],
  wrongSignature: [13, () => 'the signature does not verify'],

  frozen: [20, () => 'the client is frozen'],
  expired: [
    21,
    (d: { expires: bigint; now: bigint }) => `the client expired at ${d.expires} s, now is ${d.now} s`,
  ],
  fromFuture: [
    22,
    (d: { time: bigint; limit: bigint }) => `the attested time ${d.time} s is beyond ${d.limit} s`,
  ],
  tooOld: [
    23,
    (d: { time: bigint; oldest: bigint }) =>
      `the attested time ${d.time} s is not after ${d.oldest} s, a trusting period ago`,
  ],
  beforeCurrentSet: [
    24,
    (d: { height: bigint; start: bigint }) => `height ${d.height} is below ${d.start}, where the set begins`,
  ],
  notMisbehaviour: [25, () => 'the two attestations do not contradict each other'],
  invalidClientState: [26, (d: Reason) => `invalid client state: ${d.reason}`],
  unknownHeight: [27, (d: { height: bigint }) => `nothing is known of height ${d.height}`],
  setNotTrusted: [28, () => 'the set is not known, or has not been for too long'],
  standing: [
    29,
    (d: { height: bigint; standing: bigint }) => `height ${d.height}: all up to ${d.standing} stands`,
  ],
  zeroHash: [30, () => 'an app hash or next set of zeros is none'],
  tooFarAhead: [
    31,
    (d: { height: bigint; timeSeconds: bigint }) =>
      `height ${d.height} at ${d.timeSeconds} s is too far ahead of what is known`,
  ],

  sameAttestation: [40, () => 'what was signed is what the chain attests'],
  noSigners: [41, () => 'the evidence names nobody'],
})
