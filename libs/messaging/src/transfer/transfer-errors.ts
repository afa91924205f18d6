import { defineErrors } from '@causeway/primitives'

/**
 * * Codespace `transfer`: what is wrong with a token transfer (ICS-20). Numbers are append-only. 1–19 payload
 * and encodings, 20–39 denominations, 40–59 amounts, accounts, memo, 60–79 acknowledgements, 80–99 messages
 * and queries.
 */
export const errors = defineErrors('transfer', {
  wrongPort: [1, (d: { portId: string }) => `port '${d.portId}': transfers go from and to port 'transfer'`],
  wrongVersion: [2, (d: { version: string }) => `version '${d.version}', expected 'ics20-1'`],
  unknownEncoding: [3, (d: { encoding: string }) => `unknown encoding '${d.encoding}'`],
  malformedJson: [
    4,
    (d: { offset: number; expected: string }) => `JSON, character ${d.offset}: expected ${d.expected}`,
  ],
  unknownJsonMember: [5, (d: { name: string }) => `JSON: unknown member '${d.name}'`],
  duplicateJsonMember: [6, (d: { name: string }) => `JSON: member '${d.name}' twice`],
  malformedAbi: [7, (d: { offset: number; reason: string }) => `ABI, byte ${d.offset}: ${d.reason}`],
  peerEncoding: [
    8,
    (d: { encoding: string; expected: string }) =>
      `the chain at the other end reads ${d.expected}, not '${d.encoding}'`,
  ],

  malformedDenomination: [20, (d: { reason: string }) => `denomination: ${d.reason}`],
  unknownVoucher: [21, (d: { voucher: string }) => `no token is known as ${d.voucher}`],

  malformedAmount: [40, () => 'amount: expected a decimal integer from 1 to 2^256 - 1'],
  malformedAccount: [41, (d: { field: string }) => `${d.field}: expected 1–2,048 printable ASCII characters`],
  oversizeMemo: [42, (d: { max: number }) => `the memo has at most ${d.max} bytes`],
  malformedMemo: [43, () => 'the memo holds a NUL character'],
  evmReceiver: [44, () => 'receiver: expected 0x and 40 lower-case hex digits, not all zero'],
  solanaReceiver: [45, () => 'receiver: expected 32 bytes in base58, not all zero'],

  malformedAcknowledgement: [
    60,
    () => 'expected {"result":"…"} with canonical base64, or the universal error',
  ],

  timeoutHeight: [80, () => 'IBC v2 knows no timeout height'],
  missingToken: [81, () => 'the message names no token'],
  nothingToSend: [82, (d: { denomination: string }) => `nothing of ${d.denomination} can be sent`],
  notFound: [83, (d: { what: string }) => `${d.what}: not found`],
})
