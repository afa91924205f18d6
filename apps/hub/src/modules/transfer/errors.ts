import { defineErrors } from '@causeway/primitives'

/**
 * Codespace `transfer` from 1001 on (1–99 are of libs/messaging): what this chain's bank and accounts refuse.
 * Append only.
 */
export const errors = defineErrors('transfer', {
  senderNotSigner: [1001, (d: { sender: string }) => `the signer does not own ${d.sender}`],
  blockedReceiver: [1002, (d: { receiver: string }) => `${d.receiver} can't receive transfers`],
  notNative: [
    1003,
    (d: { denom: string }) =>
      `${d.denom} goes back over its own line only: name ibc/HASH of the line and the line's client`,
  ],
  pathTooLong: [1004, (d: { max: number }) => `the token's path has more than ${d.max} characters`],
  notEscrowed: [
    1005,
    (d: { denom: string; client: string; need: bigint; have: bigint }) =>
      `the escrow of ${d.client} holds ${d.have}${d.denom}, ${d.need} claimed`,
  ],
  othersWait: [1006, (d: { denom: string }) => `others wait for ${d.denom}: withdraw it to wait in line`],
})
