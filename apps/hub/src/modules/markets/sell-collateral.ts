// Sales that the chain makes of a holder's collateral: spot orders of this block's auctions that only sell
// what is held, at the market, at once or not at all. Spec: docs/cash.md.
import { mulDivCeil } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import type { Market } from './market.ts'
import { marketMarkE9 } from './marks.ts'
import { NOTIONAL_E18_MAX, enter, isReduceOnly, isTrading } from './place-order.ts'
import type { MarketsPorts } from './ports.ts'
import { marketOrderLimitE9 } from './pure/bands.ts'
import { ORDER_LOTS_MAX, isPrice } from './pure/grid.ts'
import { symbolOf } from './pure/symbols.ts'
import { spotAmount } from './spot.ts'
import { MARKETS_STORE, marketIdOf, readMarket, readUnderlying } from './state.ts'

/**
 * Offers at least so much of an asset, base units, at 5 % below its mark or better: whole lots upwards, at
 * most what is held. Gives what is offered: nothing where no spot market trades it at a fresh price, or less
 * than a lot is held.
 */
export function sellCollateral(
  context: Context,
  ports: MarketsPorts,
  holder: Holder,
  { asset, amount }: { readonly asset: bigint; readonly amount: bigint },
): bigint {
  const market = spotMarket(context, asset)
  const decimals = ports.assets.decimals(context, asset)
  if (market === undefined || decimals === undefined || !isTrading(context, market)) return 0n
  const markE9 = marketMarkE9(context, ports, market)
  if (isReduceOnly(context, ports, market) || markE9 === undefined || markE9 <= 0n) return 0n
  const { tickE9, lotE9 } = market
  const limitE9 = mulDivCeil(marketOrderLimitE9(false, undefined, markE9), 1n, tickE9) * tickE9
  const lotUnits = spotAmount(lotE9, decimals)
  const lots = least(
    mulDivCeil(amount, 1n, lotUnits),
    ports.assets.balance(context, holder, asset) / lotUnits,
    BigInt(ORDER_LOTS_MAX),
    NOTIONAL_E18_MAX / (lotE9 * limitE9),
  )
  if (lots <= 0n || !isPrice(limitE9, market)) return 0n
  const sizeE9 = lots * lotE9
  enter(context, ports, {
    ...{ holder, market: market.id, isBuy: false, sizeE9, remainingE9: sizeE9, limitE9 },
    ...{ type: 'market', timeInForce: 'ioc', expireSeconds: 0n, nonce: 0n, trigger: undefined },
    ...{ isPostOnly: false, isReduceOnly: true, isQuote: false, isForced: true },
  })
  return lots * lotUnits
}

function spotMarket(context: Context, asset: bigint): Market | undefined {
  const store = context.store(MARKETS_STORE)
  const listed = readUnderlying(store, asset)
  if (listed === undefined) return undefined
  const endless = { expirySeconds: 0n, strikeE9: 0n, isCall: false }
  const id = marketIdOf(store, symbolOf({ kind: 'spot', underlying: listed.name, ...endless }))
  return id === undefined ? undefined : readMarket(store, id)
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (a < b ? a : b))
}
