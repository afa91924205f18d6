import type { ReadContext } from '../../block/context.ts'
import { Books } from './books.ts'
import type { Market, MarketFigures } from './market.ts'
import { clampToBand } from './pure/bands.ts'
import { MARKETS_STORE, PREFIX, markets, positionsOfAll, readFigures } from './state.ts'
import type { Book } from './book.ts'

interface Sums {
  sizeE9: bigint
  quoteE6: bigint
  longE9: bigint
}

/** Per market: sizes and quotes sum to nothing, open interest is what is long, the book is not crossed. */
export function invariants(context: ReadContext, houseCashE6: bigint | undefined): readonly string[] {
  const store = context.store(MARKETS_STORE)
  const sums = positionSums(context)
  const books = Books.read(context, (account) => String.fromCharCode(...account))
  const broken: string[] = []
  let houseE6 = 0n
  for (const market of markets(store)) {
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
    if (isCrossed(market, figures, books.book(market))) say('its book is crossed')
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
  for (const { positions } of positionsOfAll(context.store(MARKETS_STORE))) {
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

/**
 * Orders may stay crossed beyond the band around the mark, while only reducing is allowed, or for what may
 * not be opened any more.
 */
function isCrossed(market: Market, figures: MarketFigures, book: Book): boolean {
  const [bid, ask] = [book.bids.levels[0], book.asks.levels[0]]
  const { auctionMarkE9, auctionBandE9 } = figures
  if (bid === undefined || ask === undefined || auctionMarkE9 === 0n) return false
  const into = (ticks: number) => clampToBand(BigInt(ticks) * market.tickE9, auctionMarkE9, auctionBandE9)
  const isInBand = into(ask.ticks) === BigInt(ask.ticks) * market.tickE9
  return isInBand && into(bid.ticks) === BigInt(bid.ticks) * market.tickE9 && bid.ticks >= ask.ticks
}
