import { defineErrors } from '@causeway/primitives'

/**
 * Codespace `tx`: transactions refused before or beside their messages. Append only. Where the Cosmos SDK has
 * a number for the same thing, the number is the SDK's.
 */
export const errors = defineErrors('tx', {
  undecodable: [2, (d: { reason: string }) => `transaction can't be decoded: ${d.reason}`],
  badSignature: [
    4,
    (d: { accountNumber: bigint; sequence: bigint; chainId: string }) =>
      `signature verification failed; expected account number ${d.accountNumber}, sequence ${d.sequence} ` +
      `and chain id ${d.chainId}`,
  ],
  insufficientFunds: [
    5,
    (d: { required: bigint; denom: string; available: bigint }) =>
      `the fee is ${d.required}${d.denom}, the account holds ${d.available}${d.denom}`,
  ],
  unknownMessage: [6, (d: { typeUrl: string }) => `no handler for message type ${d.typeUrl}`],
  badPublicKey: [8, (d: { reason: string }) => `public key refused: ${d.reason}`],
  unknownAccount: [9, (d: { address: string }) => `account ${d.address} does not exist`],
  outOfGas: [11, (d: { limit: number }) => `out of gas: the limit is ${d.limit}`],
  memoTooLong: [12, (d: { bytes: number; max: number }) => `memo has ${d.bytes} bytes, at most ${d.max}`],
  insufficientFee: [
    13,
    (d: { required: string; given: string }) =>
      `insufficient fee: expected at least ${d.required}, got ${d.given}`,
  ],
  wrongSigners: [15, (d: { reason: string }) => `signers refused: ${d.reason}`],
  noMessages: [18, () => 'a transaction needs at least one message'],
  tooLarge: [21, (d: { bytes: number; max: number }) => `transaction has ${d.bytes} bytes, at most ${d.max}`],
  timedOut: [
    30,
    (d: { timeoutHeight: bigint; height: bigint }) =>
      `timeout height ${d.timeoutHeight} is below height ${d.height}`,
  ],
  extensionOption: [31, (d: { typeUrl: string }) => `unknown extension option ${d.typeUrl}`],
  wrongSequence: [
    32,
    (d: { expected: bigint; got: bigint }) =>
      `account sequence mismatch, expected ${d.expected}, got ${d.got}: incorrect account sequence`,
  ],
  unsupported: [100, (d: { what: string }) => `not supported: ${d.what}`],
  gasLimit: [
    101,
    (d: { given: bigint; min: number; max: number }) =>
      `gas limit ${d.given} is not within ${d.min} to ${d.max} for these bytes`,
  ],
  tooManyMessages: [102, (d: { count: number; max: number }) => `${d.count} messages, at most ${d.max}`],
  badFee: [103, (d: { reason: string }) => `fee refused: ${d.reason}`],
  mixedMessages: [104, () => 'trade messages and others do not stand in one transaction'],
  sessionKey: [105, (d: { reason: string }) => `session key refused: ${d.reason}`],
  badNonce: [
    106,
    (d: { nonce: bigint; timeMilliseconds: bigint; reason: string }) =>
      `nonce ${d.nonce} refused at ${d.timeMilliseconds} ms: ${d.reason}`,
  ],
  linkedAddress: [
    107,
    (d: { address: string; account: string }) =>
      `${d.address} is a wallet of ${d.account}: messages name the account`,
  ],
})
