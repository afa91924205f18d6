import { defineErrors } from '@causeway/primitives'

/** Codespace `risk`. Append only. */
export const errors = defineErrors('risk', {
  insufficientMargin: [
    1,
    (d: { subaccount: number; missingE6: bigint }) =>
      `subaccount ${d.subaccount} would miss ${d.missingE6} micro-cash of its initial requirement`,
  ],
  priceNotFresh: [
    2,
    (d: { asset: bigint; state: string }) =>
      `the price of asset ${d.asset} is ${d.state}: what it covers can't leave now`,
  ],
  notMargined: [
    3,
    (d: { market: bigint }) => `market ${d.market} can't be margined: its underlying has no price`,
  ],
  otherUnderlying: [
    4,
    (d: { held: bigint; other: bigint }) =>
      `an isolated subaccount holds one underlying: it has ${d.held}, not ${d.other}`,
  ],
  notIsolable: [5, () => 'expected a subaccount other than 0 that is empty and has never been isolated'],
  badTrade: [6, (d: { reason: string }) => d.reason],
  beyondCount: [7, (d: { reason: string }) => `this account can't be valued: ${d.reason}`],
})
