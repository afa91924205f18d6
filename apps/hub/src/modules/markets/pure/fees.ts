// Fees, in micro-cash, rounded up: the payer's are. Spec: docs/markets.md.
import { assert } from '@causeway/primitives'
import { ONE_E9 } from './bands.ts'
import { NOTIONAL_UNIT } from './grid.ts'

/** Shares in 10⁻⁹. */
export interface FeeSchedule {
  /** Of the notional of perpetuals, futures and spot. */
  readonly takerE9: bigint
  readonly makerE9: bigint
  /** Of an option's underlying at the index, but at most `optionCapE9` of the premium. */
  readonly optionE9: bigint
  readonly optionCapE9: bigint
  /** Of the notional at the settlement price, for an option at most `deliveryCapE9` of the payoff. */
  readonly deliveryE9: bigint
  readonly deliveryCapE9: bigint
}

/**
 * 0.05 % taker, 0.02 % maker; options min(0.03 % of index, 12.5 % of premium); delivery 0.015 %, ≤ 12.5 %
 * of the payoff.
 */
export const DEFAULT_FEES: FeeSchedule = {
  takerE9: 500_000n,
  makerE9: 200_000n,
  optionE9: 300_000n,
  optionCapE9: 125_000_000n,
  deliveryE9: 150_000n,
  deliveryCapE9: 125_000_000n,
}

/**
 * Fee of a fill in a perpetual, future or spot market. A maker's order rested through at least one auction.
 */
export function linearFeeE6(
  sizeE9: bigint,
  priceE9: bigint,
  isMaker: boolean,
  fees: FeeSchedule = DEFAULT_FEES,
): bigint {
  return share(sizeE9, priceE9, isMaker ? fees.makerE9 : fees.takerE9)
}

/**
 * Fee of a fill of an option, maker or taker: the less of a share of the index and a share of the premium.
 */
export function optionFeeE6(
  sizeE9: bigint,
  premiumE9: bigint,
  indexE9: bigint,
  fees: FeeSchedule = DEFAULT_FEES,
): bigint {
  // Rounding keeps the order of the two: one of them is worked out.
  return indexE9 * fees.optionE9 <= premiumE9 * fees.optionCapE9
    ? share(sizeE9, indexE9, fees.optionE9)
    : share(sizeE9, premiumE9, fees.optionCapE9)
}

/** Fee of a future that settles. */
export function futureDeliveryFeeE6(
  sizeE9: bigint,
  settlementE9: bigint,
  fees: FeeSchedule = DEFAULT_FEES,
): bigint {
  return share(sizeE9, settlementE9, fees.deliveryE9)
}

/** Fee of an option that settles, of either side; `payoffE9` is what 1.0 pays: none where that is 0. */
export function optionDeliveryFeeE6(
  sizeE9: bigint,
  settlementE9: bigint,
  payoffE9: bigint,
  fees: FeeSchedule = DEFAULT_FEES,
): bigint {
  return lesser(share(sizeE9, settlementE9, fees.deliveryE9), share(sizeE9, payoffE9, fees.deliveryCapE9))
}

const SHARE_UNIT = NOTIONAL_UNIT * ONE_E9

function share(sizeE9: bigint, priceE9: bigint, partE9: bigint): bigint {
  assert(priceE9 >= 0n && partE9 >= 0n, 'no rebates')
  const product = (sizeE9 < 0n ? -sizeE9 : sizeE9) * priceE9 * partE9
  return (product + SHARE_UNIT - 1n) / SHARE_UNIT
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
