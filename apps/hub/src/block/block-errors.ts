import { defineErrors } from '@causeway/primitives'

/**
 * Codespace `block`: proposals that are refused. 1–29 transaction 0, 30–49 the other transactions. Append
 * only.
 */
export const errors = defineErrors('block', {
  transactionZeroMissing: [1, (d: { height: bigint }) => `transaction 0 of block ${d.height} is missing`],
  transactionZeroUndecodable: [
    2,
    (d: { reason: string }) => `transaction 0 is no extended commit: ${d.reason}`,
  ],
  wrongRound: [
    3,
    (d: { expected: number; got: number }) => `extended commit of round ${d.got}, expected ${d.expected}`,
  ],
  wrongVoteCount: [
    4,
    (d: { expected: number; got: number }) => `${d.got} extended votes, expected ${d.expected}`,
  ],
  duplicateVote: [5, (d: { index: number }) => `the validator of vote ${d.index} has voted before`],
  wrongValidator: [6, (d: { index: number }) => `vote ${d.index} is not of the validator in the last commit`],
  wrongPower: [
    7,
    (d: { index: number; expected: bigint; got: bigint }) =>
      `vote ${d.index} has power ${d.got}, expected ${d.expected}`,
  ],
  wrongFlag: [
    8,
    (d: { index: number; expected: number; got: number }) =>
      `vote ${d.index} has flag ${d.got}, expected ${d.expected}`,
  ],
  extensionOfAbsent: [
    9,
    (d: { index: number }) => `vote ${d.index} is not for the block and has an extension`,
  ],
  unknownValidator: [
    10,
    (d: { index: number }) => `the validator of vote ${d.index} is not in the stored set`,
  ],
  badExtensionSignature: [
    11,
    (d: { index: number }) => `the extension of vote ${d.index} is not signed by its validator`,
  ],
  extensionOfOtherHeight: [
    12,
    (d: { index: number; height: bigint }) =>
      `the extension of vote ${d.index} was signed for height ${d.height}`,
  ],
  tooLittlePower: [
    13,
    (d: { signed: bigint; total: bigint }) =>
      `extensions of power ${d.signed} of ${d.total}, expected more than 2/3`,
  ],
  undecodableTransaction: [
    30,
    (d: { index: number; reason: string }) => `transaction ${d.index}: ${d.reason}`,
  ],
  laneOrder: [
    31,
    (d: { index: number; lane: number; after: number }) =>
      `transaction ${d.index} of lane ${d.lane} comes after lane ${d.after}`,
  ],
  laneBudget: [
    32,
    (d: { index: number; lane: number }) => `transaction ${d.index} exceeds the budget of lane ${d.lane}`,
  ],
  laneFull: [33, (d: { lane: number }) => `the mempool takes no more transactions of lane ${d.lane} now`],
  duplicateTransaction: [34, (d: { index: number }) => `transaction ${d.index} stands in the block before`],
  // The words of ibc-go, by which relayers know it.
  redundantRelay: [35, () => 'packet messages are redundant'],
  missingDemanded: [
    36,
    (d: { hash: string; recorded: bigint }) =>
      `transaction ${d.hash}, recorded at height ${d.recorded}, is not in the block`,
  ],
  tooManyWaiting: [
    37,
    (d: { tokens: bigint }) => `the account has transactions for ${d.tokens} tokens waiting`,
  ],
})
