import type { ScenarioModel } from '../model/risk-model.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { addScenarios } from '../requirement/add-scenarios.ts'
import { clearWorkspace, type Workspace } from '../requirement/workspace.ts'

/** What one expiry's options and future add to a valuation: kept, so that it needn't be worked out again. */
export interface ExpiryTerms {
  readonly expiry: number
  readonly underlying: number
  /** Profit by scenario, without what moves with the spot alone. */
  readonly profits: Float64Array
  readonly basis: number
  readonly optionMark: number
  readonly optionMaintenance: number
  readonly optionInitial: number
  readonly confidence: number
  /** By option. */
  readonly gross: Float64Array
}

/** Nothing held. */
export const EMPTY_PORTFOLIO: Portfolio = {
  cash: 0,
  pendingCredit: 0,
  perp: new Int32Array(0),
  perpSize: new Float64Array(0),
  perpQuote: new Float64Array(0),
  perpUnsettled: new Float64Array(0),
  future: new Int32Array(0),
  futureSize: new Float64Array(0),
  futureQuote: new Float64Array(0),
  option: new Int32Array(0),
  optionAmount: new Float64Array(0),
  asset: new Int32Array(0),
  assetAmount: new Float64Array(0),
}

/**
 * The terms of one expiry, by the same code and so to the same bits as in a whole valuation: there they are
 * added to 0 and to each other in the order of expiries. Undefined where nothing of the expiry is held.
 */
export function expiryTerms(
  market: RiskMarket,
  model: ScenarioModel,
  portfolio: Portfolio,
  expiry: number,
  holdsPerp: boolean,
  workspace: Workspace,
): ExpiryTerms | undefined {
  const part = ofExpiry(market, portfolio, expiry)
  if (part.option.length === 0 && part.future.length === 0) return undefined
  const underlying = market.expiries.underlying[expiry]!
  const scenarios = market.plan.scenarioRow.length
  clearWorkspace(workspace)
  workspace.holdsPerp[underlying] = holdsPerp ? 1 : 0
  addScenarios(market, model, part, workspace)
  const { profits, basis, optionMark, totals } = workspace
  return {
    expiry,
    underlying,
    profits: profits.slice(underlying * scenarios, (underlying + 1) * scenarios),
    basis: basis[underlying]!,
    optionMark: optionMark[underlying]!,
    optionMaintenance: totals.optionMaintenance,
    optionInitial: totals.optionInitial,
    confidence: totals.confidence,
    gross: grossOf(market, part, market.underlyings.spot[underlying]!),
  }
}

function grossOf({ options }: RiskMarket, { option, optionAmount }: Portfolio, spot: number): Float64Array {
  const gross = new Float64Array(option.length)
  for (let i = 0; i < option.length; i++)
    gross[i] = Math.abs(optionAmount[i]!) * Math.max(spot, options.strike[option[i]!]!)
  return gross
}

/** The options and the future of one expiry, as views. */
function ofExpiry({ options }: RiskMarket, portfolio: Portfolio, expiry: number): Portfolio {
  const { option, optionAmount, future, futureSize, futureQuote } = portfolio
  const from = firstOf((i) => options.expiry[option[i]!]! >= expiry, option.length)
  const to = firstOf((i) => options.expiry[option[i]!]! > expiry, option.length)
  const first = firstOf((i) => future[i]! >= expiry, future.length)
  const last = future[first] === expiry ? first + 1 : first
  return {
    ...EMPTY_PORTFOLIO,
    option: option.subarray(from, to),
    optionAmount: optionAmount.subarray(from, to),
    future: future.subarray(first, last),
    futureSize: futureSize.subarray(first, last),
    futureQuote: futureQuote.subarray(first, last),
  }
}

/** The first place for which a condition holds that holds from there on. */
function firstOf(holds: (place: number) => boolean, count: number): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
