import { marginErrors } from '../errors.ts'
import type { RiskModel } from '../model/risk-model.ts'
import { malformed, objectOf } from '../model/shape.ts'
import { doubleFromE18 } from '../formats/exact-number.ts'
import type { OptionTerms } from './account.ts'
import { assetTable, type AssetTable } from './asset-table.ts'
import { checkSnapshot } from './check-snapshot.ts'
import { expiryTable, type ExpiryTable } from './expiry-table.ts'
import type { MarketSnapshot } from './market-snapshot.ts'
import { optionGrid } from './option-grid.ts'
import { optionTable, type OptionTable } from './option-table.ts'
import { revaluationPlan, type RevaluationPlan } from './revaluation-plan.ts'
import { underlyingTable, type UnderlyingTable } from './underlying-table.ts'

/**
 * A market under a risk model, worked out once for all accounts: tables (structures of arrays, ascending by
 * name, expiry, strike, call before put) with every factor that doesn't depend on an account, and the value
 * of each option in each scenario. Treat it as immutable.
 */
export interface RiskMarket {
  readonly model: RiskModel
  /** Cash per 1.0 of the prices' currency, to divide collateral prices by. */
  readonly stablePrice: number
  /** What a stable price below the peg's threshold adds to the initial loss factor. */
  readonly pegLoss: number
  readonly underlyings: UnderlyingTable
  readonly expiries: ExpiryTable
  readonly options: OptionTable
  readonly assets: AssetTable
  readonly plan: RevaluationPlan
  /** Value of 1.0 of option i in row r of the plan: grid[i · plan.rows + r]. */
  readonly grid: Float64Array
}

/**
 * Works out a market for the given options (all that accounts of interest hold; order doesn't matter).
 * Throws `MarginError` for a snapshot that `checkSnapshot` refuses, an option of an unknown expiry, with a
 * strike that is not positive or without a volatility, an option named twice, and (80) a model that wasn't
 * read by `readRiskModel`.
 */
export function createRiskMarket(
  model: RiskModel,
  snapshot: MarketSnapshot,
  options: readonly OptionTerms[] = [],
): RiskMarket {
  checkModel(model)
  checkSnapshot(snapshot)
  const underlyings = underlyingTable(model, snapshot)
  const market = {
    model,
    stablePrice: doubleFromE18(snapshot.stablePrice),
    pegLoss: pegLossOf(model, snapshot),
    underlyings,
    expiries: expiryTable(model, snapshot, underlyings),
    assets: assetTable(model, snapshot, underlyings),
    plan: revaluationPlan(model),
  }
  return withOptions(market, options)
}

/** The same market for other options: its tables of underlyings, expiries and assets are not made again. */
export function withOptions(
  market: Omit<RiskMarket, 'options' | 'grid'>,
  options: readonly OptionTerms[],
): RiskMarket {
  const { model, plan, expiries, underlyings } = market
  if (model.kind === 'linear' && options.length > 0)
    throw marginErrors.noOptionsInModel({ model: model.name })
  const table = optionTable(expiries, underlyings, options)
  return { ...market, options: table, grid: optionGrid(model, plan, expiries, table) }
}

/** A parameter set as JSON has numbers where a read model has bigints to compare with, or lacks a list. */
function checkModel(model: RiskModel): void {
  const expected = 'what readRiskModel returns'
  if (typeof model === 'string') throw malformed('model', expected, model)
  objectOf(model, 'model')
  if (!['scenario', 'standard', 'linear'].includes(model.kind))
    throw malformed('model.kind', 'one of scenario, standard, linear', model.kind)
  const isRead = model.kind === 'linear' || typeof model.peg?.threshold === 'bigint'
  if (!isRead || !Array.isArray(model.openInterest))
    throw marginErrors.malformed({ path: 'model', expected, got: 'a parameter set' })
}

function pegLossOf(model: RiskModel, { stablePrice }: MarketSnapshot): number {
  if (model.kind === 'linear' || stablePrice >= model.peg.threshold) return 0
  return doubleFromE18(model.peg.threshold - stablePrice) * model.peg.factor
}
