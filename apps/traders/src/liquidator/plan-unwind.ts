// Orders that close what was taken over: pure.
import { formatUnits, parseUnits } from 'viem'
import type { MarketRow, OrderTerms, Portfolio } from '@causeway/client'
import type { LiquidatorConfig } from '../config/liquidator-config.ts'

const E9 = 9
const ONE_E9 = 10n ** 9n
const BPS = 10_000n

/** What is known of the markets. */
export interface UnwindSources {
  readonly positions: Portfolio['positions']
  /** By symbol. */
  readonly markets: ReadonlyMap<string, MarketRow>
  /** Fresh prices only, by asset id, × 10⁹. */
  readonly prices: ReadonlyMap<string, bigint>
}

/**
 * An order at once or not for a part of each position, reduce-only, within a distance of the mark. Nothing
 * where there is no fresh price to go by. What is there decides, nothing is remembered: a program that starts
 * again goes on.
 */
export function planUnwind(
  { positions, markets, prices }: UnwindSources,
  terms: LiquidatorConfig['unwind'],
): OrderTerms[] {
  return positions.flatMap(({ market: symbol, size, mark }) => {
    const market = markets.get(symbol)
    const indexE9 = market === undefined ? undefined : prices.get(market.underlying)
    if (market === undefined || indexE9 === undefined || mark === undefined) return []
    const [lotE9, tickE9] = [parseUnits(market.lot, E9), parseUnits(market.tick, E9)]
    const heldE9 = parseUnits(size, E9)
    const isLong = heldE9 > 0n
    // Micro-cash × 10³ is 10⁻⁹ cash.
    const wantedE9 = (terms.notionalPerOrder * 1_000n * ONE_E9) / indexE9
    const sizeE9 = least(isLong ? heldE9 : -heldE9, most(lotE9, wantedE9))
    const wholeE9 = sizeE9 - (sizeE9 % lotE9)
    const distance = market.kind === 'option' ? terms.optionDistanceBps : terms.distanceBps
    const limitE9 = limitOf(parseUnits(mark, E9), { isLong, distance, tickE9 })
    if (wholeE9 === 0n || limitE9 === 0n) return []
    return [
      {
        market: symbol,
        side: isLong ? ('sell' as const) : ('buy' as const),
        ...{ size: formatUnits(wholeE9, E9), limit: formatUnits(limitE9, E9) },
        ...{ timeInForce: 'ioc' as const, reduceOnly: true },
      },
    ]
  })
}

/** On the tick, towards the mark. */
function limitOf(
  markE9: bigint,
  { isLong, distance, tickE9 }: { isLong: boolean; distance: bigint; tickE9: bigint },
): bigint {
  const awayE9 = (markE9 * distance) / BPS
  const worstE9 = isLong ? markE9 - awayE9 : markE9 + awayE9
  return isLong ? ((worstE9 + tickE9 - 1n) / tickE9) * tickE9 : (worstE9 / tickE9) * tickE9
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
