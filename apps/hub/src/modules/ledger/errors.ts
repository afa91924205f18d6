import { defineErrors } from '@causeway/primitives'

/** Codespace `ledger`. 1–19 amounts and balances, 20–39 assets and lines. Append only. */
export const errors = defineErrors('ledger', {
  badAmount: [1, (d: { what: string }) => `${d.what}: expected a whole number from 1 to 2^256 - 1`],
  insufficient: [
    5,
    (d: { denom: string; need: bigint; have: bigint }) =>
      `insufficient funds: ${d.need}${d.denom} needed, ${d.have}${d.denom} held`,
  ],
  overflow: [
    6,
    (d: { denom: string; bits: number }) => `an amount of ${d.denom} would exceed 2^${d.bits} - 1`,
  ],
  noCoins: [7, () => 'expected at least one coin'],
  tooManyCoins: [8, (d: { count: number; max: number }) => `${d.count} coins, at most ${d.max}`],
  duplicateCoin: [9, (d: { denom: string }) => `${d.denom} is named twice`],
  blockedReceiver: [
    10,
    (d: { receiver: string }) => `${d.receiver} is the chain’s own: nobody can send to it`,
  ],
  unknownDenom: [20, (d: { denom: string }) => `no asset ${d.denom}`],
  unknownLine: [21, (d: { denom: string }) => `no line ${d.denom}`],
  notFound: [22, (d: { what: string }) => `${d.what} not found`],
  escrowTooLow: [
    23,
    (d: { denom: string; need: bigint; escrowed: bigint }) =>
      `the escrow of ${d.denom} holds ${d.escrowed}, ${d.need} needed: use another line of the asset`,
  ],
  outflow: [
    24,
    (d: { denom: string; need: bigint; left: bigint }) =>
      `${d.left} of ${d.denom} may leave within this hour, ${d.need} asked for: withdraw it to wait in line`,
  ],
  capped: [25, (d: { denom: string; capE6: bigint }) => `${d.denom} holds at most ${d.capE6} micro-tokens`],
  paused: [26, (d: { denom: string }) => `${d.denom} is paused: nothing comes in or leaves`],
  badPause: [27, (d: { max: bigint }) => `a pause lasts at most ${d.max} seconds`],
  badListing: [
    30,
    (d: { denom: string }) =>
      `${d.denom}: expected a printable path, a plain asset name, at most 18 decimals`,
  ],
  alreadyListed: [31, (d: { denom: string }) => `${d.denom} is listed, or holds more than a listed line may`],
  otherAsset: [32, (d: { asset: string }) => `deposits have made a line of it: its asset is ${d.asset}`],
  noPool: [
    33,
    (d: { denom: string }) =>
      `${d.denom} takes no other line: it is native, unlisted, full, or has other decimals`,
  ],
})
