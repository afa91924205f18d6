import { defineErrors } from '@causeway/primitives'

/** Codespace `staking`. 1–9 genesis, 10–29 validators, 30–49 stake. Append only. */
export const errors = defineErrors('staking', {
  noValidators: [1, () => 'genesis names no validator'],
  badValidator: [
    2,
    (d: { index: number }) =>
      `genesis validator ${d.index}: expected a new Ed25519 key of 32 bytes and a power above 0`,
  ],
  badKey: [
    10,
    (d: { what: string; bytes: number; expected: number }) =>
      `${d.what}: expected ${d.expected} bytes, got ${d.bytes}`,
  ],
  keyTaken: [11, (d: { what: string }) => `${d.what}: registered before`],
  badPossession: [12, () => 'the BLS key is no point of G2’s subgroup, or its possession is not proven'],
  badMoniker: [13, () => 'moniker: expected 1 to 64 printable ASCII characters'],
  badCommission: [14, () => 'commission: expected 0 to 10,000 basis points'],
  commissionLeaps: [
    15,
    (d: { present: number; max: number }) =>
      `commission: at most ${d.max} basis points above the present ${d.present}`,
  ],
  commissionTooSoon: [
    16,
    (d: { nextSeconds: bigint }) => `commission: the next change is possible at ${d.nextSeconds}`,
  ],
  operatorTaken: [17, () => 'this account is a validator’s operator already'],
  unknownValidator: [18, (d: { operator: string }) => `no validator ${d.operator}`],
  tombstoned: [19, () => 'this validator has signed two blocks or a false attestation: it is out for ever'],
  notJailed: [20, () => 'this validator is not jailed'],
  stillJailed: [21, (d: { untilSeconds: bigint }) => `jailed until ${d.untilSeconds}`],
  notBonding: [22, () => 'the validators of this chain are those of its genesis: nobody bonds here'],
  tooLittle: [30, (d: { min: bigint }) => `expected at least ${d.min}`],
  tooMuch: [31, (d: { max: bigint }) => `a validator may have at most ${d.max}`],
  noDelegation: [32, () => 'nothing is delegated'],
  exceedsDelegation: [33, (d: { have: bigint }) => `${d.have} are delegated`],
  leavesTooLittle: [34, (d: { min: bigint }) => `expected to leave nothing, or at least ${d.min}`],
  noStakeLeft: [35, () => 'all of this stake was slashed: its shares are worth nothing'],
  unbondingTooShort: [
    36,
    (d: { min: bigint }) => `unbondingSeconds: a client of a listed line trusts headers for ${d.min} s`,
  ],
})
