// Orders that the chain places for an account under liquidation: they only close, at once or not at all, no
// further from the mark than what counts as risk-reducing.
import { mulDivCeil, mulDivFloor } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import type { Market } from './market.ts'
import { currentMarkE9 } from './marks.ts'
import { enter, isTrading } from './place-order.ts'
import type { MarketsPorts } from './ports.ts'
import { ONE_E9, OPTION_BAND, REDUCING_BAND_E9, isReducingPrice } from './pure/bands.ts'
import type { BandTerms } from './pure/bands.ts'
import { ORDER_LOTS_MAX, isPrice } from './pure/grid.ts'
import { MARKETS_STORE, readMarket, readPositions } from './state.ts'

/** A signed size that makes a position smaller; below 0 it sells. */
export interface ClosingSize {
  readonly market: bigint
  readonly sizeE9: bigint
}

/**
 * Places them; gives how many. Sizes go up to whole lots, at most the position; what has no mark or does not
 * trade now is passed over. Nobody's session and nonce: the orders have nonce 0.
 */
export function placeClosing(
  context: Context,
  ports: MarketsPorts,
  holder: Holder,
  closings: readonly ClosingSize[],
): number {
  const store = context.store(MARKETS_STORE)
  const held = new Map(readPositions(store, holder).map(({ market, sizeE9 }) => [market, sizeE9]))
  let placed = 0
  for (const { market: id, sizeE9 } of closings) {
    const market = readMarket(store, id)
    const heldE9 = held.get(id) ?? 0n
    if (market === undefined || !isTrading(context, market) || heldE9 > 0n === sizeE9 > 0n) continue
    const isBuy = sizeE9 > 0n
    const limitE9 = closingLimitE9(context, ports, market, isBuy)
    const closedE9 = closedSizeE9(market, isBuy ? sizeE9 : -sizeE9, isBuy ? -heldE9 : heldE9)
    if (limitE9 === undefined || closedE9 === 0n) continue
    enter(context, ports, {
      ...{ holder, market: id, isBuy, limitE9, sizeE9: closedE9, remainingE9: closedE9 },
      ...{ type: 'limit', timeInForce: 'ioc', expireSeconds: 0n, nonce: 0n },
      ...{ isPostOnly: false, isReduceOnly: true, isForced: true, trigger: undefined, isQuote: false },
    })
    placed++
  }
  return placed
}

/** Whole lots, upwards, of at most what is held and what an order may be. */
function closedSizeE9({ lotE9 }: Market, wantedE9: bigint, heldE9: bigint): bigint {
  const lots = (wantedE9 + lotE9 - 1n) / lotE9
  const most = heldE9 / lotE9
  const least = lots < most ? lots : most
  return (least < BigInt(ORDER_LOTS_MAX) ? least : BigInt(ORDER_LOTS_MAX)) * lotE9
}

/** The furthest price on the grid that counts as risk-reducing; nothing where there is none. */
function closingLimitE9(
  context: Context,
  ports: MarketsPorts,
  market: Market,
  isBuy: boolean,
): bigint | undefined {
  const markE9 = currentMarkE9(context, ports, market)
  if (markE9 === undefined || markE9 <= 0n) return undefined
  const { kind, tier, tickE9 } = market
  const terms = { kind, tier, markE9, indexE9: ports.prices.index(context, market.underlying).priceE9 }
  const furthestE9 = isBuy ? markE9 + bandE9(terms) : markE9 - bandE9(terms)
  const ticks = isBuy ? furthestE9 / tickE9 : mulDivCeil(furthestE9, 1n, tickE9)
  const limitE9 = (ticks < 1n ? 1n : ticks) * tickE9
  return isPrice(limitE9, market) && isReducingPrice(limitE9, terms) ? limitE9 : undefined
}

function bandE9({ kind, markE9, indexE9 }: BandTerms): bigint {
  if (kind !== 'option') return mulDivFloor(markE9, REDUCING_BAND_E9, ONE_E9)
  const ofMark = mulDivFloor(markE9, OPTION_BAND.markShareE9, ONE_E9)
  const ofIndex = mulDivFloor(indexE9, OPTION_BAND.indexShareE9, ONE_E9)
  return ofMark > ofIndex ? ofMark : ofIndex
}
