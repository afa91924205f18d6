import type { MarketSnapshot, UnderlyingSnapshot } from '../portfolio/market-snapshot.ts'
import { PRICE_MAX } from '../portfolio/bounded.ts'

/**
 * A joint move: what each underlying's spot is multiplied with, and what all volatilities are. Missing: 1.
 */
export interface MarketMove {
  readonly spots: Readonly<Record<string, number>>
  readonly vol?: number
}

/**
 * The market after a move. With a spot move, in proportion: the perpetual's mark, every forward (but for
 * the part that a settlement average has fixed), and the price of risk-cancelling collateral. Surfaces stay
 * where they were published (a surface travels with its own forward), so each strike keeps its volatility,
 * times the move's. Time, rates, confidences, open interest and the stable price stay.
 */
export function movedSnapshot(snapshot: MarketSnapshot, { spots, vol = 1 }: MarketMove): MarketSnapshot {
  const factorOf = (underlying: string) => spots[underlying] ?? 1
  return {
    ...snapshot,
    underlyings: snapshot.underlyings.map((each) => movedUnderlying(each, factorOf(each.name), vol)),
    assets: snapshot.assets.map((asset) =>
      asset.cancelsRisk === true && asset.underlying !== undefined
        ? { ...asset, price: moved(asset.price, factorOf(asset.underlying)) }
        : asset,
    ),
  }
}

function movedUnderlying(underlying: UnderlyingSnapshot, factor: number, vol: number): UnderlyingSnapshot {
  if (factor === 1 && vol === 1) return underlying
  const { spot, perp, expiries } = underlying
  return {
    ...underlying,
    spot: moved(spot, factor),
    ...(perp ? { perp: { ...perp, price: moved(perp.price, factor) } } : {}),
    expiries: expiries.map((expiry) => ({
      ...expiry,
      forwardVariable: moved(expiry.forwardVariable, factor),
      ...(expiry.surface ? { surface: { ...expiry.surface, tau: expiry.surface.tau / (vol * vol) } } : {}),
      ...(expiry.markVols
        ? { markVols: expiry.markVols.map((mark) => ({ ...mark, volatility: mark.volatility * vol })) }
        : {}),
    })),
  }
}

function moved(price: number, factor: number): number {
  return Math.min(price * factor, PRICE_MAX)
}
