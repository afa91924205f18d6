import { defineErrors } from '@causeway/primitives'

/**
 * Codespace `attestation`, where libs/light-clients has 1 – 49 for what clients refuse. 60–69 evidence, 70–79
 * queries, 80–89 late signatures. Append only.
 */
export const errors = defineErrors('attestation', {
  notRecorded: [60, (d: { height: bigint }) => `the chain keeps no attestation of height ${d.height}`],
  unknownKey: [61, (d: { index: number }) => `key ${d.index} belongs to nobody who attests, or did`],
  tooManyKeys: [62, (d: { count: number; max: number }) => `${d.count} keys, at most ${d.max}`],
  alreadySlashed: [63, () => 'everybody named was slashed before'],

  noAttestation: [70, (d: { height: bigint }) => `height ${d.height} has no attestation`],
  notSigned: [
    71,
    (d: { height: bigint; signed: bigint; total: bigint }) =>
      `power ${d.signed} of ${d.total} has signed height ${d.height}, more than 2/3 is needed`,
  ],
  noneSigned: [72, () => 'none of the newest heights has been signed'],
  noSet: [73, (d: { height: bigint }) => `the set of height ${d.height} is not known`],

  badCount: [80, (d: { count: number; max: number }) => `${d.count} signatures, expected 1 to ${d.max}`],
  badIndex: [81, (d: { index: number }) => `index ${d.index}: not ascending, or nobody of the set`],
  badSignature: [82, (d: { index: number }) => `the signature of attestor ${d.index} does not hold`],
  notDue: [83, (d: { height: bigint }) => `the votes on height ${d.height} have not been counted`],
})
