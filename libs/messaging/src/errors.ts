import { defineErrors } from '@causeway/primitives'

/** What is above this counts nanoseconds: as seconds it lies 30,000 years ahead. */
const NO_SECONDS = 10n ** 12n

/**
 * Codespace `ibc`: what a user, a relayer or a peer chain can do wrong in the core of IBC v2. Numbers are
 * append-only. 1–19 identifiers and messages, 20–39 the form of a packet, 40–59 the form of an
 * acknowledgement, 60–79 clients, 80–99 counterparties, time and commitments, 100–119 applications, 120–139
 * queries.
 */
export const errors = defineErrors('ibc', {
  invalidClientId: [
    1,
    (d: { clientId: string }) => `client id '${d.clientId}': expected 8–64 characters of the form type-N`,
  ],
  invalidPortId: [
    2,
    (d: { portId: string }) => `port id '${d.portId}': expected 2–128 characters of [a-zA-Z0-9._+\\-#[\\]<>]`,
  ],
  emptyMerklePrefix: [3, () => 'a merkle prefix has at least one element'],
  oversizeMerklePrefix: [4, () => 'a merkle prefix has at most 16 elements of at most 256 bytes'],
  missingField: [5, (d: { field: string }) => `the message lacks ${d.field}`],
  emptyProof: [6, () => 'the proof is empty'],
  oversizeProof: [
    7,
    (d: { bytes: number; max: number }) => `the proof has ${d.bytes} bytes, at most ${d.max} are read`,
  ],
  blankSigner: [8, () => 'the signer is empty'],

  zeroSequence: [20, () => 'a packet sequence is not zero'],
  noPayloads: [21, () => 'a packet carries at least one payload'],
  tooManyPayloads: [22, (d: { count: number; max: number }) => `${d.count} payloads, at most ${d.max}`],
  severalPayloads: [
    23,
    (d: { clientId: string; count: number }) =>
      `${d.count} payloads: the chain behind ${d.clientId} takes exactly one a packet`,
  ],
  blankVersion: [24, () => 'a payload names its version'],
  blankEncoding: [25, () => 'a payload names its encoding'],
  emptyValue: [26, () => 'a payload has a value'],
  oversizePayloads: [
    27,
    (d: { bytes: number; max: number }) => `payloads of ${d.bytes} bytes, at most ${d.max}`,
  ],
  zeroTimeout: [28, () => 'a packet timeout is not zero'],
  oversizePayloadLabel: [
    29,
    (d: { max: number }) => `a payload version or encoding has at most ${d.max} bytes`,
  ],

  noAcknowledgements: [40, () => 'an acknowledgement has at least one application acknowledgement'],
  emptyAcknowledgement: [41, () => 'an application acknowledgement is not empty'],
  mixedErrorAcknowledgement: [42, () => 'the universal error acknowledgement stands alone'],
  acknowledgementCount: [
    43,
    (d: { acknowledgements: number; payloads: number }) =>
      `${d.acknowledgements} application acknowledgements for ${d.payloads} payloads`,
  ],
  oversizeAcknowledgement: [
    44,
    (d: { bytes: number; max: number }) => `acknowledgements of ${d.bytes} bytes, at most ${d.max}`,
  ],

  clientNotFound: [60, (d: { clientId: string }) => `no client ${d.clientId}`],
  clientNotActive: [
    61,
    (d: { clientId: string; status: string }) => `client ${d.clientId} is ${d.status}, expected Active`,
  ],
  unknownClientType: [62, (d: { type: string }) => `no light client for ${d.type}`],
  wrongConsensusStateType: [
    63,
    (d: { expected: string; actual: string }) => `consensus state ${d.actual}, expected ${d.expected}`,
  ],
  unknownClientMessage: [
    64,
    (d: { clientType: string; typeUrl: string }) => `${d.clientType} does not read ${d.typeUrl}`,
  ],
  notClientCreator: [
    65,
    (d: { clientId: string }) => `only the account that created ${d.clientId} registers its counterparty`,
  ],
  counterpartyExists: [66, (d: { clientId: string }) => `${d.clientId} has its counterparty already`],
  clientWithoutHeight: [67, (d: { clientId: string }) => `client ${d.clientId} knows no height yet`],
  noOptimisticHead: [
    68,
    (d: { clientId: string }) => `client ${d.clientId} knows no head above what is final`,
  ],

  clientIsActive: [69, (d: { clientId: string }) => `client ${d.clientId} is Active: nothing is to recover`],
  otherClientType: [
    70,
    (d: { clientId: string; substituteId: string }) =>
      `${d.substituteId} is no client of the type of ${d.clientId}, or can not take its place`,
  ],
  substituteBehind: [
    71,
    (d: { substituteId: string }) => `${d.substituteId} is not ahead of the client that it is to replace`,
  ],

  counterpartyNotFound: [80, (d: { clientId: string }) => `${d.clientId} has no counterparty`],
  wrongCounterparty: [
    81,
    (d: { clientId: string; registered: string; named: string }) =>
      `the counterparty of ${d.clientId} is ${d.registered}, the packet names ${d.named}`,
  ],
  timeoutElapsed: [
    82,
    (d: { timeoutSeconds: bigint; nowSeconds: bigint }) =>
      `the packet timed out ${d.nowSeconds - d.timeoutSeconds} s ago`,
  ],
  timeoutTooFar: [
    83,
    (d: { timeoutSeconds: bigint; latestSeconds: bigint }) =>
      d.timeoutSeconds > NO_SECONDS
        ? 'a packet timeout is given in seconds since 1970, not in nanoseconds'
        : `the timeout is ${d.timeoutSeconds - d.latestSeconds} s later than the latest that is taken`,
  ],
  timeoutNotReached: [
    84,
    (d: { timeoutSeconds: bigint; provenSeconds: bigint }) =>
      `the proof stands ${d.timeoutSeconds - d.provenSeconds} s before the timeout`,
  ],
  counterpartyPastTimeout: [
    85,
    (d: { timeoutSeconds: bigint; counterpartySeconds: bigint }) =>
      `the counterparty chain is ${d.counterpartySeconds - d.timeoutSeconds} s past the timeout`,
  ],
  commitmentMismatch: [
    86,
    (d: { clientId: string; sequence: bigint }) =>
      `this is not the packet that ${d.clientId} sent as ${d.sequence}`,
  ],
  sequenceNotFound: [87, (d: { clientId: string }) => `${d.clientId} has no next sequence`],
  alreadyReceived: [
    88,
    (d: { clientId: string; sequence: bigint }) => `packet ${d.sequence} over ${d.clientId} was received`,
  ],

  unknownPort: [100, (d: { portId: string }) => `no application on port ${d.portId}`],
  applicationRefused: [101, (d: { portId: string }) => `the application on ${d.portId} refused the payload`],

  notFound: [120, (d: { what: string }) => `${d.what}: not found`],
  invalidRequest: [121, (d: { reason: string }) => `invalid request: ${d.reason}`],
})
