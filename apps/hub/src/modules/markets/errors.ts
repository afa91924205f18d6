import { defineErrors } from '@causeway/primitives'

/** Codespace `markets`. Append only. */
export const errors = defineErrors('markets', {
  unknownMarket: [1, (d: { market: bigint }) => `no market ${d.market}`],
  notOpen: [2, (d: { market: bigint; status: string }) => `market ${d.market} is ${d.status}`],
  reduceOnly: [3, (d: { market: bigint }) => `market ${d.market} takes only reduce-only orders now`],
  badSize: [4, (d: { lotE9: bigint }) => `a size is a positive multiple of ${d.lotE9}, at most 2^36 of them`],
  badPrice: [
    5,
    (d: { tickE9: bigint }) => `a price is a positive multiple of ${d.tickE9}, at most 2^52 of them`,
  ],
  badOrder: [6, (d: { reason: string }) => `the order contradicts itself: ${d.reason}`],
  beyondWorst: [
    7,
    (d: { limitE9: bigint; worstE9: bigint }) =>
      `a market order is limited to 5 % from the mark, ${d.worstE9} here, not ${d.limitE9}`,
  ],
  noMark: [8, (d: { market: bigint }) => `market ${d.market} has no mark now`],
  unknownOrder: [9, (d: { order: bigint }) => `no order ${d.order} of this subaccount`],
  expired: [10, (d: { seconds: bigint }) => `${d.seconds} is over`],
  tooManyQuotes: [11, (d: { max: number }) => `at most ${d.max} quotes, a market once`],
  otherUnderlying: [12, (d: { market: bigint }) => `market ${d.market} is of another underlying`],
  frozen: [13, () => 'quotes are frozen by market-maker protection until it is reset'],
  badProtection: [14, (d: { secondsMax: bigint }) => `a window has at most ${d.secondsMax} seconds`],
  badTimer: [15, (d: { secondsMax: bigint }) => `expected 0 to ${d.secondsMax} seconds`],
  noProtection: [16, () => 'there is no protection to reset'],
  badAmend: [17, (d: { reason: string }) => `the order can't be amended so: ${d.reason}`],
  badRfq: [20, (d: { reason: string }) => `the quote is not well formed: ${d.reason}`],
  rfqExpired: [21, (d: { seconds: bigint }) => `the quote ended at ${d.seconds}`],
  rfqTooLong: [22, (d: { secondsMax: bigint }) => `a quote holds for at most ${d.secondsMax} seconds`],
  rfqUsed: [23, (d: { nonce: bigint }) => `the quote ${d.nonce} was taken`],
  rfqOtherTaker: [24, () => 'the quote is for somebody else'],
  sameOwner: [25, () => 'maker and taker are of one owner'],
  beyondBand: [
    26,
    (d: { market: bigint; priceE9: bigint; markE9: bigint }) =>
      `market ${d.market}: ${d.priceE9} is too far from the mark, ${d.markE9}`,
  ],
  overOwnerCap: [27, (d: { market: bigint }) => `market ${d.market}: more than one owner may hold`],
  overOpenInterest: [28, (d: { market: bigint }) => `market ${d.market}: more than may be open`],
  tooManyPositions: [29, (d: { max: bigint }) => `a subaccount has positions in at most ${d.max} markets`],
  walletOnly: [30, () => 'only a wallet may sign this, not a session key'],
  badGrant: [31, (d: { reason: string }) => `the grant is not well formed: ${d.reason}`],
  unknownGrant: [32, () => 'there is no such grant'],
  tooManyGrants: [33, (d: { max: number }) => `a subaccount has at most ${d.max} grants`],
  insufficientAsset: [
    34,
    (d: { asset: bigint; missing: bigint }) => `${d.missing} of asset ${d.asset} are missing`,
  ],
  notSigned: [35, () => 'the maker did not sign the quote'],
  badListing: [40, (d: { reason: string }) => `it can't be listed: ${d.reason}`],
  badStatus: [41, (d: { reason: string }) => `the status can't be set: ${d.reason}`],
  unknownUnderlying: [42, (d: { underlying: bigint }) => `no underlying ${d.underlying}`],
})
