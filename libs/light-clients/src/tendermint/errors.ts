import { defineErrors } from '@causeway/primitives'

type Reason = { reason: string }

/**
 * Codespace `07-tendermint`. 2–15 carry ibc-go's numbers for the same refusals; 20–29 client and state, 30–39
 * header, 40–49 commit, 50–59 changes of a validator set, 60–69
 * recovery. Append-only.
 */
export const errors = defineErrors('07-tendermint', {
  invalidChainId: [2, (d: Reason) => `invalid chain id: ${d.reason}`],
  invalidTrustingPeriod: [3, (d: Reason) => `invalid trusting period: ${d.reason}`],
  invalidUnbondingPeriod: [4, (d: Reason) => `invalid unbonding period: ${d.reason}`],
  invalidHeaderHeight: [5, (d: Reason) => `invalid header height: ${d.reason}`],
  invalidHeader: [6, (d: Reason) => `invalid header: ${d.reason}`],
  invalidMaxClockDrift: [7, (d: Reason) => `invalid max clock drift: ${d.reason}`],
  trustingPeriodExpired: [
    11,
    (d: { expires: bigint; now: bigint }) =>
      `the trusted state expired at ${d.expires} ns, now is ${d.now} ns`,
  ],
  invalidProofSpecs: [13, (d: Reason) => `invalid proof specs: ${d.reason}`],
  invalidValidatorSet: [14, (d: Reason) => `invalid validator set: ${d.reason}`],
  invalidTrustLevel: [15, () => 'the trust level must be within [1/3, 1]'],

  clientNotFound: [20, () => 'there is no client state in this store'],
  consensusStateNotFound: [
    21,
    (d: { height: string }) => `there is no consensus state at height ${d.height}`,
  ],
  clientFrozen: [22, () => 'the client is frozen'],
  clientExpired: [23, () => 'the client has expired'],
  invalidClientState: [24, (d: Reason) => `invalid client state: ${d.reason}`],
  invalidConsensusState: [25, (d: Reason) => `invalid consensus state: ${d.reason}`],
  unknownType: [26, (d: { typeUrl: string }) => `unexpected message type ${d.typeUrl}`],
  malformed: [27, (d: { what: string; reason: string }) => `${d.what} can't be decoded: ${d.reason}`],
  invalidMisbehaviour: [28, (d: Reason) => `invalid misbehaviour: ${d.reason}`],
  proofHeightTooHigh: [
    29,
    (d: { height: string; latest: string }) =>
      `proof height ${d.height} is above the client's latest ${d.latest}`,
  ],

  headerTimeNotAfterTrusted: [
    30,
    (d: { time: bigint; trusted: bigint }) =>
      `header time ${d.time} ns is not after the trusted ${d.trusted} ns`,
  ],
  headerFromFuture: [
    31,
    (d: { time: bigint; limit: bigint }) =>
      `header time ${d.time} ns is from the future (limit ${d.limit} ns)`,
  ],
  validatorsHashMismatch: [
    32,
    (d: { what: string }) => `${d.what} does not hash to what the header commits to`,
  ],
  wrongChain: [
    33,
    (d: { got: string; want: string }) => `the header belongs to chain ${d.got}, not ${d.want}`,
  ],
  commitSignsOtherBlock: [34, () => "the commit's block id is not the header's hash"],
  nextValidatorsMismatch: [35, () => "the header's validators are not the trusted next validators"],
  trustedValidatorsMismatch: [
    36,
    () => "the trusted validators do not hash to the consensus state's next validators",
  ],

  commitSizeMismatch: [
    40,
    (d: { signatures: number; validators: number }) =>
      `the commit has ${d.signatures} signatures for ${d.validators} validators`,
  ],
  validatorAddressMismatch: [
    41,
    (d: { index: number }) => `signature ${d.index} names another validator's address`,
  ],
  doubleVote: [
    42,
    (d: { first: number; second: number }) => `signatures ${d.first} and ${d.second} are one validator's`,
  ],
  wrongSignature: [43, (d: { index: number }) => `signature ${d.index} does not verify`],
  notEnoughVotingPower: [
    44,
    (d: { got: bigint; needed: bigint }) => `power ${d.got} signed, more than ${d.needed} is needed`,
  ],
  notEnoughTrust: [
    45,
    (d: { got: bigint; needed: bigint }) => `trusted power ${d.got} signed, more than ${d.needed} is needed`,
  ],
  invalidCommit: [46, (d: Reason) => `invalid commit: ${d.reason}`],
  unsupportedKey: [47, () => 'a public key is missing, malformed or of an unsupported type'],
  votingPowerOverflow: [48, () => 'the total voting power exceeds 2^63 / 8'],
  tooLarge: [49, (d: { what: string; size: number; max: number }) => `${d.what}: ${d.size} exceeds ${d.max}`],

  duplicateChange: [50, () => 'a validator is changed twice'],
  negativePower: [51, () => 'a voting power is negative'],
  emptySet: [52, () => 'the changes would leave no validator'],
  unknownValidator: [53, () => 'a validator to be removed is not in the set'],
  removalNotAllowed: [54, () => 'a new set can not hold a validator without power'],

  substituteDiffers: [60, (d: { what: string }) => `the substitute differs in ${d.what}`],
})
