import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { sumExpiry } from '../requirement/add-scenarios.ts'
import { createWorkspace, type Workspace } from '../requirement/workspace.ts'

/**
 * What each position gains (loses below 0) in each scenario, in cash: index [position · scenarios +
 * scenario].
 */
export interface ScenarioProfits {
  /**
   * By the move of spot and volatility, dampened; in a skew that the expiry gains from, what it counts as.
   */
  readonly moves: Float64Array
  /** By the static discount, on top. */
  readonly discounts: Float64Array
  /** Basis contingency, by position: one figure instead of one per scenario. */
  readonly basis: Float64Array
}

/**
 * Takes the profits of a scenario model apart by position. An expiry's value is discounted, and a skew's gain
 * turned into a loss, as a whole; each position then has its own part of that, so that parts sum up.
 */
export function scenarioProfits(market: RiskMarket, portfolio: Portfolio): ScenarioProfits {
  const { options, expiries, plan } = market
  const { perp, future, option, asset } = portfolio
  const count = perp.length + future.length + option.length + asset.length
  const profits = {
    moves: new Float64Array(count * plan.scenarioRow.length),
    discounts: new Float64Array(count * plan.scenarioRow.length),
    basis: new Float64Array(count),
  }
  addSpotMoves(market, portfolio, profits)
  const workspace = createWorkspace(market)
  const NONE = expiries.years.length
  for (let at = 0, futureAt = 0; at < option.length || futureAt < future.length;) {
    const ofOption = at < option.length ? options.expiry[option[at]!]! : NONE
    const expiry = Math.min(ofOption, future[futureAt] ?? NONE)
    let end = at
    while (end < option.length && options.expiry[option[end]!] === expiry) end++
    const heldFuture = future[futureAt] === expiry ? futureAt++ : -1
    sumExpiry(market, portfolio, at, end, workspace)
    addOptionMoves(market, portfolio, expiry, at, end, workspace, profits)
    addBasis(market, portfolio, expiry, at, end, heldFuture, workspace, profits)
    at = end
  }
  return profits
}

/** Perpetuals, futures and risk-cancelling collateral gain their exposure times the change of the spot. */
function addSpotMoves(
  { plan, underlyings, expiries, assets }: RiskMarket,
  portfolio: Portfolio,
  { moves }: ScenarioProfits,
): void {
  const { perp, future, option, asset } = portfolio
  const scenarios = plan.scenarioRow.length
  const move = (position: number, exposure: number) => {
    for (let s = 0; s < scenarios; s++)
      moves[position * scenarios + s] = exposure * plan.spotChange[s]! * plan.dampening[s]!
  }
  for (let i = 0; i < perp.length; i++) move(i, portfolio.perpSize[i]! * underlyings.perp[perp[i]!]!)
  for (let i = 0; i < future.length; i++)
    move(perp.length + i, portfolio.futureSize[i]! * expiries.forwardVariable[future[i]!]!)
  const first = perp.length + future.length + option.length
  for (let i = 0; i < asset.length; i++) {
    const index = asset[i]!
    if (assets.cancelsRisk[index] === 1) move(first + i, portfolio.assetAmount[i]! * assets.value[index]!)
  }
}

/** The parts of options [from, to) of one expiry; the workspace has its values. */
function addOptionMoves(
  { plan, grid, expiries }: RiskMarket,
  { perp, future, option, optionAmount }: Portfolio,
  expiry: number,
  from: number,
  to: number,
  { values }: Workspace,
  { moves, discounts }: ScenarioProfits,
): void {
  const scenarios = plan.scenarioRow.length
  for (let s = 0; s < scenarios; s++) {
    const row = plan.scenarioRow[s]!
    const value = values[row]!
    const discount = value >= 0 ? expiries.longDiscount[expiry]! : expiries.shortDiscount[expiry]!
    const isFlipped = plan.isSkew[s] === 1 && value * discount - values[0]! > 0
    const factor = isFlipped ? -plan.dampening[s]! : plan.dampening[s]!
    for (let i = from; i < to; i++) {
      const start = option[i]! * plan.rows
      const shocked = optionAmount[i]! * grid[start + row]!
      const at = (perp.length + future.length + i) * scenarios + s
      moves[at] = (shocked - optionAmount[i]! * grid[start]!) * factor
      discounts[at] = shocked * (discount - 1) * factor
    }
  }
}

/** The worse of the two forward-only shocks of one expiry, if it loses. */
function addBasis(
  { plan, grid, expiries }: RiskMarket,
  { perp, future, futureSize, option, optionAmount }: Portfolio,
  expiry: number,
  from: number,
  to: number,
  heldFuture: number,
  { values }: Workspace,
  { basis }: ScenarioProfits,
): void {
  const variable = heldFuture < 0 ? 0 : futureSize[heldFuture]! * expiries.forwardVariable[expiry]!
  const change = (row: number) => values[row]! - values[0]! + variable * (plan.spot[row]! - 1)
  const row = change(plan.basisDown) < change(plan.basisUp) ? plan.basisDown : plan.basisUp
  if (!(change(row) < 0)) return
  const factor = expiries.basisFactor[expiry]!
  if (heldFuture >= 0) basis[perp.length + heldFuture] = variable * (plan.spot[row]! - 1) * factor
  for (let i = from; i < to; i++) {
    const start = option[i]! * plan.rows
    const gained = optionAmount[i]! * grid[start + row]! - optionAmount[i]! * grid[start]!
    basis[perp.length + future.length + i] = gained * factor
  }
}
