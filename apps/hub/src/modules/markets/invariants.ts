import type { ReadContext } from '../../block/context.ts'
import type { Market, MarketFigures } from './market.ts'
import { clampToBand } from './pure/bands.ts'
import { isOrderSize, toTicks } from './pure/grid.ts'
import { MARKETS_STORE, PREFIX, allPositions, markets, readFigures, storedOrders } from './state.ts'

interface Sums {
  sizeE9: bigint
  quoteE6: bigint
  longE9: bigint
}

/** The best prices of a book, where there are any. */
interface Best {
  bidTicks: number | undefined
  askTicks: number | undefined
}

/** Per market: sizes and quotes sum to nothing, open interest is what is long, the book is not crossed. */
export function invariants(context: ReadContext, houseCashE6: bigint | undefined): readonly string[] {
  const store = context.store(MARKETS_STORE)
  const sums = positionSums(context)
  const listed = new Map([...markets(store)].map((market) => [market.id, market]))
  const broken: string[] = []
  const best = bestPrices(context, listed, broken)
  let houseE6 = 0n
  for (const market of listed.values()) {
    const { sizeE9, quoteE6, longE9 } = sums.get(market.id) ?? { sizeE9: 0n, quoteE6: 0n, longE9: 0n }
    sums.delete(market.id)
    const figures = readFigures(store, market.id)
    const say = (what: string) => broken.push(`markets: ${market.symbol}: ${what}`)
    houseE6 += figures.houseCashE6
    const isPaidOut = market.status === 'settling'
    if (sizeE9 !== 0n && !isPaidOut) say(`sizes sum to ${sizeE9}`)
    if (quoteE6 + figures.houseQuoteE6 !== 0n) say(`quotes sum to ${quoteE6 + figures.houseQuoteE6}`)
    if (longE9 !== figures.openInterestE9)
      say(`${longE9} are long, open interest is ${figures.openInterestE9}`)
    if (isCrossed(market, figures, best.get(market.id))) say('its book is crossed')
  }
  for (const [id] of sums) broken.push(`markets: positions in ${id}, which is no market`)
  if (houseCashE6 !== undefined && houseCashE6 < houseE6)
    broken.push(`markets: the house holds ${houseCashE6}, its markets ${houseE6}`)
  for (const prefix of [PREFIX.newOrder, PREFIX.touchedOrder, PREFIX.touchedHolder])
    for (const [key] of store.iterate(prefix, Uint8Array.of(prefix[0]! + 1)))
      if (key[0] === prefix[0]) broken.push('markets: what is for one block only is still there')
  return broken
}

function positionSums(context: ReadContext): Map<bigint, Sums> {
  const sums = new Map<bigint, Sums>()
  for (const positions of allPositions(context.store(MARKETS_STORE))) {
    for (const { market, sizeE9, quoteE6 } of positions) {
      const sum = sums.get(market) ?? { sizeE9: 0n, quoteE6: 0n, longE9: 0n }
      sum.sizeE9 += sizeE9
      sum.quoteE6 += quoteE6
      if (sizeE9 > 0n) sum.longE9 += sizeE9
      sums.set(market, sum)
    }
  }
  return sums
}

/** Of each book with orders in it, but for those that wait for their trigger. */
function bestPrices(
  context: ReadContext,
  listed: ReadonlyMap<bigint, Market>,
  broken: string[],
): ReadonlyMap<bigint, Readonly<Best>> {
  const found = new Map<bigint, Best>()
  const seen = new Set<bigint>()
  for (const order of storedOrders(context.store(MARKETS_STORE))) {
    const { id, market: marketId, isBuy, limitE9, remainingE9, trigger } = order
    const market = listed.get(marketId)
    if (market === undefined) broken.push(`markets: order ${id} is of ${marketId}, which is no market`)
    if (seen.has(id)) broken.push(`markets: order ${id} is there twice`)
    seen.add(id)
    if (market !== undefined && !isOrderSize(remainingE9, market))
      broken.push(`markets: ${remainingE9} of order ${id} rest`)
    if (market === undefined || trigger !== undefined) continue
    let best = found.get(marketId)
    if (best === undefined) found.set(marketId, (best = { bidTicks: undefined, askTicks: undefined }))
    const ticks = toTicks(limitE9, isBuy, market)
    if (isBuy) best.bidTicks = Math.max(ticks, best.bidTicks ?? ticks)
    else best.askTicks = Math.min(ticks, best.askTicks ?? ticks)
  }
  return found
}

/**
 * Orders may stay crossed beyond the band around the mark, while only reducing is allowed, or for what may
 * not be opened any more.
 */
function isCrossed(market: Market, figures: MarketFigures, best: Readonly<Best> | undefined): boolean {
  const { bidTicks, askTicks } = best ?? {}
  const { auctionMarkE9, auctionBandE9 } = figures
  if (bidTicks === undefined || askTicks === undefined || auctionMarkE9 === 0n) return false
  const into = (ticks: number) => clampToBand(BigInt(ticks) * market.tickE9, auctionMarkE9, auctionBandE9)
  const isInBand = into(askTicks) === BigInt(askTicks) * market.tickE9
  return isInBand && into(bidTicks) === BigInt(bidTicks) * market.tickE9 && bidTicks >= askTicks
}
