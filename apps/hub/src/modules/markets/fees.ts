// What a trade or a settlement costs in a market of some kind.
import type { Market } from './market.ts'
import { futureDeliveryFeeE6, linearFeeE6, optionDeliveryFeeE6, optionFeeE6 } from './pure/fees.ts'
import { payoffE9 } from './pure/payoff.ts'

/** A trade to be charged; the size may have either sign. */
export interface ChargedTrade {
  readonly sizeE9: bigint
  readonly priceE9: bigint
  readonly indexE9: bigint
  readonly isMaker: boolean
}

/** The fee of one side of a trade, rounded up. */
export function tradeFeeE6({ kind }: Market, { sizeE9, priceE9, indexE9, isMaker }: ChargedTrade): bigint {
  return kind === 'option' ? optionFeeE6(sizeE9, priceE9, indexE9) : linearFeeE6(sizeE9, priceE9, isMaker)
}

/** The fee of a position that settles, rounded up. */
export function deliveryFeeE6(market: Market, sizeE9: bigint, settlementE9: bigint): bigint {
  return market.kind === 'option'
    ? optionDeliveryFeeE6(sizeE9, settlementE9, payoffE9(market, settlementE9))
    : futureDeliveryFeeE6(sizeE9, settlementE9)
}
