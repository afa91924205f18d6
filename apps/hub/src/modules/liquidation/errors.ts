import { defineErrors } from '@causeway/primitives'

/** Codespace `liquidation`. Append only. */
export const errors = defineErrors('liquidation', {
  badBid: [1, (d: { reason: string }) => `a bid's ${d.reason}`],
  notForSale: [2, (d: { state: string }) => `this account is not for sale: ${d.state}`],
  otherGoods: [
    3,
    (d: { underlying: bigint; asked: bigint }) =>
      `the auction sells underlying ${d.underlying} (0: a share of everything), not ${d.asked}`,
  ],
  sameOwner: [4, () => 'nobody bids for an account of its own'],
  beyondPrice: [
    5,
    (d: { priceE6: bigint; maxPriceE6: bigint }) =>
      `this share costs ${d.priceE6} micro-cash, more than ${d.maxPriceE6}`,
  ],
  // 6 was a limit of bids by who came first.
  bidderLiquidated: [7, () => 'who is below maintenance bids for nothing'],
  isolatedBidder: [8, () => 'an isolated subaccount takes over nothing of another underlying'],
  lockedGain: [
    9,
    (d: { spotE6: bigint; freeE6: bigint; lockedE6: bigint }) =>
      `collateral for ${d.spotE6} micro-cash, ${d.freeE6} free (${d.lockedE6} gained in the last 10 minutes)`,
  ],
})
