import { defineErrors } from '@causeway/primitives'

type Reason = { reason: string }

/**
 * Codespace `solana`. 1–19 client and states, 20–29 votes, 30–39 Alpenglow, 40–59 accounts and banks, 60–79
 * commitments, 80 recordings. Append-only.
 */
export const errors = defineErrors('solana', {
  clientNotFound: [1, () => 'there is no client state in this store'],
  consensusStateNotFound: [2, (d: { slot: bigint }) => `there is no consensus state at slot ${d.slot}`],
  clientFrozen: [3, () => 'the client is frozen'],
  clientExpired: [4, () => 'the client has expired'],
  invalidClientState: [5, (d: Reason) => `invalid client state: ${d.reason}`],
  invalidConsensusState: [6, (d: Reason) => `invalid consensus state: ${d.reason}`],
  unknownType: [7, (d: { typeUrl: string }) => `unexpected message type ${d.typeUrl}`],
  malformed: [8, (d: { what: string; reason: string }) => `${d.what} can't be decoded: ${d.reason}`],
  invalidMisbehaviour: [9, (d: Reason) => `invalid misbehaviour: ${d.reason}`],
  proofHeightTooHigh: [
    10,
    (d: { slot: bigint; latest: bigint }) => `proof slot ${d.slot} is above the client's latest ${d.latest}`,
  ],
  epochUnknown: [11, (d: { epoch: bigint }) => `the validator set of epoch ${d.epoch} is unknown`],
  epochExpired: [
    12,
    (d: { epoch: bigint; until: bigint }) =>
      `the validator set of epoch ${d.epoch} was trusted until second ${d.until}`,
  ],
  noOptimisticHead: [13, () => 'there is no optimistic head'],
  inTheFuture: [
    14,
    (d: { timestamp: bigint; now: bigint }) => `the slot's time ${d.timestamp} is ahead of ${d.now}`,
  ],
  substituteDiffers: [15, (d: { what: string }) => `the substitute differs in ${d.what}`],
  wrongConsensus: [16, (d: { expected: string }) => `the header is not proven by ${d.expected}`],
  abandonedSlot: [17, (d: { slot: bigint }) => `the confirmed slot ${d.slot} contradicts what is final`],

  badTransaction: [20, (d: Reason) => `malformed transaction: ${d.reason}`],
  badVote: [21, (d: Reason) => `not a vote: ${d.reason}`],
  unknownVoter: [22, (d: { index: number }) => `vote ${d.index} is of an account outside the epoch's set`],
  voterDidNotSign: [23, (d: { index: number }) => `vote ${d.index} lacks the authorised voter's signature`],
  wrongSignature: [24, (d: { index: number }) => `a signature of vote ${d.index} does not verify`],
  duplicateVoter: [25, (d: { index: number }) => `vote ${d.index} is of an account that voted already`],
  wrongVote: [26, (d: { index: number } & Reason) => `vote ${d.index} does not count: ${d.reason}`],
  tooLittleStake: [
    27,
    (d: { stake: bigint; total: bigint; needed: string }) =>
      `${d.stake} of ${d.total} lamports of stake, ${d.needed} are needed`,
  ],

  badBitmap: [30, (d: Reason) => `malformed bitmap of signers: ${d.reason}`],
  incompleteSet: [31, () => 'ranks need every voter of the epoch recorded'],
  wrongCertificate: [32, (d: { vote: string }) => `the ${d.vote} certificate does not verify`],
  badShred: [33, (d: { which: string } & Reason) => `the ${d.which} shred: ${d.reason}`],
  badBlock: [34, (d: Reason) => `the block can't be opened: ${d.reason}`],
  badFooter: [35, (d: Reason) => `not a block footer: ${d.reason}`],

  badAccount: [40, (d: { index: number } & Reason) => `written account ${d.index}: ${d.reason}`],
  badOpening: [41, (d: Reason) => `malformed opening of a bank hash: ${d.reason}`],
  wrongBankHash: [42, () => 'the accounts and the opening do not give the bank hash that was voted'],
  badClock: [43, (d: Reason) => `the Clock sysvar: ${d.reason}`],
  badEpochStakes: [44, (d: Reason) => `recorded epoch stakes: ${d.reason}`],
  badRootAccount: [45, (d: Reason) => `the root account: ${d.reason}`],

  rootAbsent: [60, () => 'the root account was not written in this slot'],
  badPath: [61, (d: Reason) => `bad path or value: ${d.reason}`],
  badProof: [62, (d: Reason) => `malformed proof: ${d.reason}`],
  wrongRoot: [63, () => 'the proof does not give the root of the tree'],

  badRecording: [80, (d: { member: string } & Reason) => `${d.member}: ${d.reason}`],
})
