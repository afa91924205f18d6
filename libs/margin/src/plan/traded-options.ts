import type { OptionTerms } from '../portfolio/account.ts'
import { expiryIndex } from '../portfolio/expiry-table.ts'
import type { OptionTable } from '../portfolio/option-table.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import { withOptions, type RiskMarket } from '../portfolio/risk-market.ts'
import type { Trade } from './trade.ts'

/** A market and a portfolio of it. */
export interface PortfolioInMarket {
  readonly market: RiskMarket
  readonly portfolio: Portfolio
}

/**
 * Adds the options that are traded but not in the market yet. Only they are valued; the rest is copied.
 * Throws what `withOptions` throws.
 */
export function withTradedOptions(held: PortfolioInMarket, trades: readonly Trade[]): PortfolioInMarket {
  let more = held
  for (const { instrument } of trades)
    if (instrument.kind === 'option' && !isKnown(more.market, instrument)) more = withOption(more, instrument)
  return more
}

function isKnown({ options, expiries, underlyings }: RiskMarket, terms: OptionTerms): boolean {
  const expiry = expiryIndex(expiries, underlyings, terms.underlying, terms.expirySeconds)
  return (terms.isCall ? options.calls : options.puts)[expiry]?.has(terms.strike) === true
}

/** Values one option and puts it in its place. */
function withOption({ market, portfolio }: PortfolioInMarket, terms: OptionTerms): PortfolioInMarket {
  const { plan, options, grid } = market
  const one = withOptions(market, [terms])
  const at = placeOf(options, one.options)
  const moved = (option: number) => (option < at ? option : option + 1)
  const movedSide = (side: OptionTable['calls'], added: OptionTable['calls']) =>
    side.map((byStrike, expiry) => {
      const entries = Array.from(byStrike ?? [], ([strike, index]) => [strike, moved(index)] as const)
      for (const strike of added[expiry]?.keys() ?? []) entries.push([strike, at])
      return new Map(entries)
    })
  return {
    market: {
      ...market,
      options: {
        count: options.count + 1,
        expiry: inserted(options.expiry, one.options.expiry, at),
        strike: inserted(options.strike, one.options.strike, at),
        isCall: inserted(options.isCall, one.options.isCall, at),
        volatility: inserted(options.volatility, one.options.volatility, at),
        calls: movedSide(options.calls, one.options.calls),
        puts: movedSide(options.puts, one.options.puts),
      },
      grid: inserted(grid, one.grid, at * plan.rows),
    },
    portfolio: { ...portfolio, option: portfolio.option.map(moved) },
  }
}

/** Where the only option of a table belongs: by expiry, strike, call before put. */
function placeOf({ count, expiry, strike, isCall }: OptionTable, one: OptionTable): number {
  let at = 0
  while (
    at < count &&
    (expiry[at]! - one.expiry[0]! || strike[at]! - one.strike[0]! || one.isCall[0]! - isCall[at]!) < 0
  )
    at++
  return at
}

function inserted<T extends Int32Array | Float64Array | Uint8Array>(column: T, added: T, at: number): T {
  const longer = new (column.constructor as new (length: number) => T)(column.length + added.length)
  longer.set(column.subarray(0, at))
  longer.set(added, at)
  longer.set(column.subarray(at), at + added.length)
  return longer
}
