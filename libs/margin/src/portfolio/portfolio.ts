import { marginErrors } from '../errors.ts'
import type { Account, CollateralPosition, FuturePosition, OptionPosition, PerpPosition } from './account.ts'
import { AMOUNT_MAX, boundedAmount, boundedNonNegative } from './bounded.ts'
import { checkAccount } from './check-account.ts'
import { expiryIndex } from './expiry-table.ts'
import { optionIndex } from './option-table.ts'
import type { RiskMarket } from './risk-market.ts'
import { perpIndex } from './underlying-table.ts'

/**
 * One account as a structure of arrays over a market's indexes, each kind ascending by index: the order in
 * which everything is summed. It stays valid for any market with the same instruments.
 */
export interface Portfolio {
  readonly cash: number
  readonly pendingCredit: number
  /** Index of an underlying; size; quote; unsettled. */
  readonly perp: Int32Array
  readonly perpSize: Float64Array
  readonly perpQuote: Float64Array
  readonly perpUnsettled: Float64Array
  /** Index of an expiry; size; quote. */
  readonly future: Int32Array
  readonly futureSize: Float64Array
  readonly futureQuote: Float64Array
  /** Index of an option; amount. */
  readonly option: Int32Array
  readonly optionAmount: Float64Array
  /** Index of an asset; amount. */
  readonly asset: Int32Array
  readonly assetAmount: Float64Array
}

/**
 * Lays an account out over a market. The order of its positions doesn't matter. Throws `MarginError` 60 for
 * more than 10,000 positions, 61 for an instrument that isn't in the market, 62 for one named twice, 63 for
 * an isolated account with two underlyings, 1 to 3 for a number that is infinite, NaN or out of bounds,
 * 80 for an account or a list that is none.
 */
export function createPortfolio(market: RiskMarket, account: Account): Portfolio {
  const { perps = [], futures = [], options = [], collateral = [] } = checkAccount(account)
  const portfolio: Portfolio = {
    cash: boundedAmount('account', 'cash', account.cash),
    pendingCredit: boundedNonNegative('account', 'pending credit', account.pendingCredit ?? 0, AMOUNT_MAX),
    ...perpColumns(market, perps),
    ...futureColumns(market, futures),
    ...optionColumns(market, options),
    ...assetColumns(market, collateral),
  }
  if (account.isolated === true) checkIsolated(market, portfolio)
  return portfolio
}

function perpColumns(market: RiskMarket, perps: readonly PerpPosition[]) {
  const rows = sorted('perpetual', perps, ({ underlying }) => perpIndex(market.underlyings, underlying))
  return {
    perp: indexesOf(rows),
    perpSize: amountsOf('perpetual', 'size', rows, ({ size }) => size),
    perpQuote: amountsOf('perpetual', 'quote', rows, ({ quote }) => quote),
    perpUnsettled: amountsOf('perpetual', 'unsettled', rows, ({ unsettled }) => unsettled ?? 0),
  }
}

function futureColumns(market: RiskMarket, futures: readonly FuturePosition[]) {
  const rows = sorted('future', futures, ({ underlying, expirySeconds }) =>
    expiryIndex(market.expiries, market.underlyings, underlying, expirySeconds),
  )
  return {
    future: indexesOf(rows),
    futureSize: amountsOf('future', 'size', rows, ({ size }) => size),
    futureQuote: amountsOf('future', 'quote', rows, ({ quote }) => quote),
  }
}

function optionColumns(market: RiskMarket, options: readonly OptionPosition[]) {
  const rows = sorted('option', options, (position) =>
    optionIndex(market.options, market.expiries, market.underlyings, position),
  )
  return {
    option: indexesOf(rows),
    optionAmount: amountsOf('option', 'amount', rows, ({ amount }) => amount),
  }
}

function assetColumns(market: RiskMarket, collateral: readonly CollateralPosition[]) {
  const rows = sorted('collateral', collateral, ({ asset }) => {
    const index = market.assets.indexOf.get(asset)
    if (index === undefined) throw marginErrors.unknownInstrument({ instrument: String(asset).slice(0, 80) })
    return index
  })
  for (const { position } of rows) boundedNonNegative(position.asset, 'amount', position.amount, AMOUNT_MAX)
  return {
    asset: indexesOf(rows),
    assetAmount: amountsOf('collateral', 'amount', rows, ({ amount }) => amount),
  }
}

interface Row<T> {
  readonly index: number
  readonly position: T
}

function sorted<T>(what: string, positions: readonly T[], indexOf: (position: T) => number): Row<T>[] {
  const rows = positions
    .map((position) => ({ index: indexOf(position), position }))
    .sort((a, b) => a.index - b.index)
  for (let i = 1; i < rows.length; i++)
    if (rows[i]!.index === rows[i - 1]!.index)
      throw marginErrors.duplicate({ what, key: `number ${rows[i]!.index}` })
  return rows
}

function indexesOf<T>(rows: readonly Row<T>[]): Int32Array {
  const indexes = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) indexes[i] = rows[i]!.index
  return indexes
}

function amountsOf<T>(
  owner: string,
  field: string,
  rows: readonly Row<T>[],
  of: (position: T) => number,
): Float64Array {
  const amounts = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) amounts[i] = boundedAmount(owner, field, of(rows[i]!.position))
  return amounts
}

/** One underlying in all positions; collateral belongs to it or to none. */
function checkIsolated({ underlyings, expiries, options, assets }: RiskMarket, portfolio: Portfolio): void {
  const held = [
    ...portfolio.perp,
    ...Array.from(portfolio.future, (expiry) => expiries.underlying[expiry]!),
    ...Array.from(portfolio.option, (option) => expiries.underlying[options.expiry[option]!]!),
    ...Array.from(portfolio.asset, (asset) => assets.underlying[asset]!).filter(
      (underlying) => underlying >= 0,
    ),
  ]
  const other = held.find((underlying) => underlying !== held[0])
  if (other === undefined) return
  throw marginErrors.notIsolated({ first: underlyings.names[held[0]!]!, second: underlyings.names[other]! })
}
