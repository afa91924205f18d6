import { defineErrors } from '@causeway/primitives'

type Reason = { reason: string }

/**
 * Codespace `ethereum`. 1–19 client and states, 20–39 consensus, 40–59 RLP, trie and storage proofs.
 * Append-only.
 */
export const errors = defineErrors('ethereum', {
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
  syncCommitteeUnknown: [
    11,
    (d: { period: bigint }) => `the sync committee of period ${d.period} is unknown`,
  ],
  wrongFork: [
    12,
    (d: { fork: string; expected: string }) =>
      `the message has ${d.fork} types, its slot asks for ${d.expected}`,
  ],
  executionUnknown: [13, () => 'the header carries no execution state root'],
  noOptimisticHead: [14, () => 'there is no optimistic head'],
  tooOld: [
    15,
    (d: { slot: bigint }) => `what was signed at slot ${d.slot} is older than the trusting period`,
  ],
  invalidCommitteeKey: [16, () => 'the sync committee has a key that is none'],

  substituteDiffers: [17, (d: { what: string }) => `the substitute differs in ${d.what}`],
  forkNotAhead: [
    18,
    (d: { epoch: bigint; latest: bigint }) =>
      `a fork at epoch ${d.epoch} is not ahead of epoch ${d.latest}, which is final`,
  ],

  tooFewParticipants: [
    20,
    (d: { participants: number; needed: number }) =>
      `${d.participants} members signed, at least ${d.needed} are needed`,
  ],
  invalidHeader: [21, (d: { which: string } & Reason) => `invalid ${d.which} header: ${d.reason}`],
  wrongSlotOrder: [
    22,
    (d: { current: bigint; signature: bigint; attested: bigint; finalized: bigint }) =>
      [
        `slots must be current ${d.current} ≥ signature ${d.signature}`,
        `> attested ${d.attested} ≥ finalised ${d.finalized}`,
      ].join(' '),
  ],
  skipsPeriod: [
    23,
    (d: { signature: bigint; store: bigint }) =>
      `signed in period ${d.signature}, which the committees known in period ${d.store} can't check`,
  ],
  notRelevant: [
    24,
    (d: { attested: bigint; finalized: bigint }) =>
      `attested slot ${d.attested} is not after the finalised ${d.finalized}, and no committee is learnt`,
  ],
  wrongFinality: [25, (d: Reason) => `wrong finality: ${d.reason}`],
  wrongNextSyncCommittee: [26, (d: Reason) => `wrong next sync committee: ${d.reason}`],
  wrongSignature: [27, () => 'the sync committee signature does not verify'],
  wrongBootstrap: [28, (d: Reason) => `wrong bootstrap: ${d.reason}`],
  notFinal: [29, () => 'the update finalises nothing'],
  badSsz: [30, (d: { what: string } & Reason) => `${d.what} is not the SSZ of its type: ${d.reason}`],
  badBeaconJson: [31, (d: { member: string } & Reason) => `${d.member}: ${d.reason}`],

  badRlp: [40, (d: { offset: number } & Reason) => `RLP, byte ${d.offset}: ${d.reason}`],
  badNode: [41, (d: { index: number } & Reason) => `proof node ${d.index}: ${d.reason}`],
  wrongNodeHash: [42, (d: { index: number }) => `proof node ${d.index} does not hash to what refers to it`],
  missingNode: [43, (d: { index: number }) => `the proof ends before node ${d.index}`],
  unusedNodes: [
    44,
    (d: { used: number; given: number }) => `${d.given} proof nodes, only ${d.used} are on the path`,
  ],
  tooLarge: [45, (d: { what: string; size: number; max: number }) => `${d.what}: ${d.size} exceeds ${d.max}`],
  badAccount: [46, (d: Reason) => `malformed account: ${d.reason}`],
  badStorageValue: [47, (d: Reason) => `malformed storage value: ${d.reason}`],
  accountAbsent: [48, () => 'the contract does not exist in this state'],
  valueMismatch: [49, () => 'another value is stored'],
  valueAbsent: [50, () => 'nothing is stored there'],
  valuePresent: [51, () => 'a value is stored there'],
  badPath: [52, (d: Reason) => `bad path or value: ${d.reason}`],
})
