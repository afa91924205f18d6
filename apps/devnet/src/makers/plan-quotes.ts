// What a maker quotes, from what it has seen: pure.
import type { Market } from '@causeway/protocol/causeway/markets/v1/markets'
import type { ExpirySmile } from '@causeway/protocol/causeway/oracle/v1/oracle'
import { KIND, chooseMarkets } from './choose-markets.ts'
import { optionFairE9 } from './option-fair.ts'
import { quoteAround } from './quote-rule.ts'
import type { MakerStyle, TwoSidedQuote } from './quote-rule.ts'

/** An underlying as the hub tells it. */
export interface SeenUnderlying {
  readonly asset: bigint
  readonly indexE9: bigint
  /** Whether its price, and its surface where it has one, are fresh. */
  readonly isFresh: boolean
  readonly smiles: readonly ExpirySmile[]
  readonly markets: readonly Market[]
}

/** What a maker sees of the hub. */
export interface Seen {
  readonly height: bigint
  readonly timeSeconds: bigint
  readonly underlyings: readonly SeenUnderlying[]
  /** What it holds of a market, signed, × 10⁹. */
  readonly positions: ReadonlyMap<bigint, bigint>
}

/** Quotes of one underlying: they replace all before. */
export interface UnderlyingQuotes {
  readonly asset: bigint
  readonly quotes: readonly TwoSidedQuote[]
}

/**
 * Quotes of every underlying; none of one whose prices are not fresh: who quotes blind is picked off.
 */
export function planQuotes(seen: Seen, style: MakerStyle): UnderlyingQuotes[] {
  return seen.underlyings.map((underlying) => ({
    asset: underlying.asset,
    quotes: underlying.isFresh ? quotesOf(underlying, seen, style) : [],
  }))
}

function quotesOf(
  { indexE9, smiles, markets }: SeenUnderlying,
  { timeSeconds, positions }: Seen,
  style: MakerStyle,
): TwoSidedQuote[] {
  return chooseMarkets(markets, { indexE9, nowSeconds: timeSeconds }).flatMap((market) => {
    const fairE9 = fairOf(market, indexE9, smiles, timeSeconds)
    if (fairE9 === 0n) return []
    const { id, tickE9, lotE9, kind } = market
    const positionE9 = positions.get(id) ?? 0n
    const isOption = kind === KIND.option
    return [quoteAround({ market: id, isOption, tickE9, lotE9, indexE9, fairE9, positionE9 }, style)]
  })
}

/** 0 where it can't be told. */
function fairOf(
  { kind, expirySeconds, strikeE9, isCall }: Market,
  indexE9: bigint,
  smiles: readonly ExpirySmile[],
  nowSeconds: bigint,
): bigint {
  if (kind !== KIND.option) return indexE9
  const smile = smiles.find((each) => each.expirySeconds === expirySeconds)
  return smile === undefined ? 0n : optionFairE9({ strikeE9, isCall, indexE9, smile, nowSeconds })
}
