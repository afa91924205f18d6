// What a maker quotes, from what it has seen: pure.
import { chooseMarkets } from './choose-markets.ts'
import type { SeenMarket } from './choose-markets.ts'
import { optionFairE9 } from './option-fair.ts'
import type { Smile } from './option-fair.ts'
import { quoteAround } from './quote-rule.ts'
import type { MakerStyle, TwoSidedQuote } from './quote-rule.ts'

/** An underlying's price now. */
export interface SeenPrice {
  readonly indexE9: bigint
  /** Whether it is fresh, and near its reference where there is one. */
  readonly isFresh: boolean
}

/** An underlying as the hub tells it. */
export interface SeenUnderlying extends SeenPrice {
  readonly name: string
  readonly hasOptions: boolean
  /** None while its surface isn't fresh. */
  readonly smiles: readonly Smile[]
  readonly markets: readonly SeenMarket[]
}

/** What a maker sees of the hub. */
export interface Seen {
  readonly timeSeconds: bigint
  readonly underlyings: readonly SeenUnderlying[]
  /** What it holds of a market by symbol, signed, × 10⁹. */
  readonly positions: ReadonlyMap<string, bigint>
}

/** Quotes of one underlying: they replace all before. */
export interface UnderlyingQuotes {
  readonly name: string
  readonly quotes: readonly TwoSidedQuote[]
  /** Whether nothing is missing: its price, and its surface where it has options. */
  readonly isWhole: boolean
}

/**
 * Quotes of every underlying; none of one whose price is not fresh, and no options of one whose surface
 * isn't: who quotes blind is picked off.
 */
export function planQuotes(seen: Seen, style: MakerStyle): UnderlyingQuotes[] {
  return seen.underlyings.map((underlying) => ({
    name: underlying.name,
    quotes: underlying.isFresh ? quotesOf(underlying, seen, style) : [],
    isWhole: underlying.isFresh && (!underlying.hasOptions || underlying.smiles.length > 0),
  }))
}

/** Whether a price has moved so far from the one that was quoted around that it is quoted anew. */
export function hasMoved(before: SeenPrice | undefined, now: SeenPrice, requoteBps: bigint): boolean {
  if (before === undefined) return true
  if (before.isFresh !== now.isFresh) return true
  const apart = before.indexE9 < now.indexE9 ? now.indexE9 - before.indexE9 : before.indexE9 - now.indexE9
  return now.isFresh && apart * 10_000n >= before.indexE9 * requoteBps
}

function quotesOf(
  { indexE9, smiles, markets }: SeenUnderlying,
  { timeSeconds, positions }: Seen,
  style: MakerStyle,
): TwoSidedQuote[] {
  return chooseMarkets(markets, { indexE9, nowSeconds: timeSeconds }, style).flatMap((market) => {
    const fairE9 = fairOf(market, { indexE9, smiles, nowSeconds: timeSeconds })
    if (fairE9 === 0n) return []
    const { symbol, tickE9, lotE9, kind } = market
    const positionE9 = positions.get(symbol) ?? 0n
    const isOption = kind === 'option'
    return [quoteAround({ market: symbol, isOption, tickE9, lotE9, indexE9, fairE9, positionE9 }, style)]
  })
}

/** 0 where it can't be told. */
function fairOf(
  { kind, expirySeconds, strikeE9, isCall }: SeenMarket,
  at: { readonly indexE9: bigint; readonly smiles: readonly Smile[]; readonly nowSeconds: bigint },
): bigint {
  const { indexE9, smiles, nowSeconds } = at
  if (kind !== 'option') return indexE9
  const smile = smiles.find((each) => each.expirySeconds === expirySeconds)
  return smile === undefined ? 0n : optionFairE9({ strikeE9, isCall, indexE9, smile, nowSeconds })
}
