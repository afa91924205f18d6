// How a market maker quotes: a pure rule. Prices are cash per 1.0 × 10⁹, sizes × 10⁹.
import type { MarketMakerConfig } from '../config/market-maker-config.ts'

/** A market as a maker sees it. */
export interface QuotedMarket {
  /** Symbol. */
  readonly market: string
  readonly isOption: boolean
  readonly tickE9: bigint
  readonly lotE9: bigint
  /** Price of the underlying. */
  readonly indexE9: bigint
  /** What 1.0 is worth. */
  readonly fairE9: bigint
  /** What the maker holds of it, signed. */
  readonly positionE9: bigint
}

/** How a maker quotes. */
export type MakerStyle = MarketMakerConfig['style']

/** Both sides of a quote; a size of 0 leaves its side out. */
export interface TwoSidedQuote {
  readonly market: string
  readonly bidE9: bigint
  readonly bidSizeE9: bigint
  readonly askE9: bigint
  readonly askSizeE9: bigint
}

const E9 = 1_000_000_000n
/** From micro-cash to 10⁻⁹. */
const E3 = 1_000n
const BASIS_POINTS = 10_000n

/**
 * A bid and an ask around what the market is worth, at least a tick off on each side. Both move against what
 * the maker holds, by half of the spread when it holds all that it may; the side that would lead beyond that
 * shrinks to nothing. What is worth less than a tick has no bid.
 */
export function quoteAround(seen: QuotedMarket, style: MakerStyle): TwoSidedQuote {
  const { market, tickE9, lotE9, fairE9, indexE9, positionE9 } = seen
  const sizeE9 = atLeast(lotE9, whole((style.quoteNotional * E3 * E9) / indexE9, lotE9))
  const heldMaxE9 = sizeE9 * BigInt(style.quotesHeldMax)
  const heldE9 = between(-heldMaxE9, positionE9, heldMaxE9)
  const halfE9 = atLeast(
    tickE9,
    (fairE9 * (seen.isOption ? style.optionBps : style.linearBps)) / BASIS_POINTS,
  )
  const middleE9 = fairE9 - (halfE9 * heldE9) / heldMaxE9
  const bidE9 = whole(atLeast(0n, middleE9 - halfE9), tickE9)
  return {
    market,
    bidE9,
    bidSizeE9: bidE9 === 0n ? 0n : whole(between(0n, heldMaxE9 - heldE9, sizeE9), lotE9),
    askE9: whole(atLeast(tickE9, middleE9 + halfE9) + tickE9 - 1n, tickE9),
    askSizeE9: whole(between(0n, heldMaxE9 + heldE9, sizeE9), lotE9),
  }
}

function whole(amount: bigint, step: bigint): bigint {
  return amount - (amount % step)
}

function atLeast(least: bigint, amount: bigint): bigint {
  return amount < least ? least : amount
}

function between(least: bigint, amount: bigint, most: bigint): bigint {
  return amount < least ? least : amount > most ? most : amount
}
