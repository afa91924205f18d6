// Volatilities of one expiry out of its options' quotes. The rules are docs/feeder.md, "Surfaces".
import { impliedVolatility, isMarginError } from '@causeway/margin'
import type { VolatilityQuote } from '@causeway/margin'
import type { OptionTicker } from '../formats/deribit-options.ts'

/** Volatilities beyond these are no quotes, annual. */
export const VOLATILITY = { min: 0.02, max: 4 } as const
// Half the bid-ask width that a quote counts with: at least, and where only the exchange's mark is known.
const WIDTH_MIN = 0.005
const WIDTH_OF_MARK = 0.015
const WIDTH_MAX = 0.25
/** Strikes so near the forward count with both their call and their put. */
const NEAR_FORWARD = 0.02

/**
 * A volatility a strike and side, of options out of the money (near the forward, of both): that of the mid
 * where bid and ask have one, counting the more the closer they are; else the exchange's mark, counting
 * little.
 */
export function volatilityQuotes(
  options: readonly OptionTicker[],
  forward: number,
  years: number,
): VolatilityQuote[] {
  return options
    .filter((option) => isOutOfTheMoney(option, forward))
    .sort((a, b) => a.strike - b.strike || Number(b.isCall) - Number(a.isCall))
    .flatMap((option) => {
      const quote = ofBook(option, forward, years) ?? ofMark(option)
      if (quote === undefined) return []
      const { volatility, width } = quote
      if (!(volatility >= VOLATILITY.min && volatility <= VOLATILITY.max)) return []
      return [{ strike: option.strike, volatility, weight: (WIDTH_MIN / width) ** 2 }]
    })
}

interface WideQuote {
  readonly volatility: number
  readonly width: number
}

function isOutOfTheMoney({ strike, isCall }: OptionTicker, forward: number): boolean {
  if (!(strike > 0)) return false
  if (Math.abs(strike / forward - 1) <= NEAR_FORWARD) return true
  return isCall ? strike > forward : strike < forward
}

function ofBook(option: OptionTicker, forward: number, years: number): WideQuote | undefined {
  const { bid, ask, strike, isCall } = option
  if (bid === undefined || ask === undefined || !(bid > 0) || !(ask >= bid)) return undefined
  try {
    const [low, mid, high] = [bid, (bid + ask) / 2, ask].map((premium) =>
      impliedVolatility(premium, forward, strike, years, 1, isCall),
    ) as [number, number, number]
    const width = (high - low) / 2
    return width > WIDTH_MAX ? undefined : { volatility: mid, width: Math.max(width, WIDTH_MIN) }
  } catch (error) {
    // A premium outside of what an option can be worth.
    if (isMarginError(error)) return undefined
    throw error
  }
}

function ofMark({ markVolatility }: OptionTicker): WideQuote | undefined {
  return markVolatility === undefined ? undefined : { volatility: markVolatility, width: WIDTH_OF_MARK }
}
