import type { ScenarioModel } from '../model/risk-model.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { Workspace } from './workspace.ts'

/**
 * Adds options expiry by expiry, then what moves with the spot: profit in each scenario, basis contingency,
 * naked shorts, and each underlying's worst outcome.
 */
export function addScenarios(
  market: RiskMarket,
  model: ScenarioModel,
  portfolio: Portfolio,
  workspace: Workspace,
): void {
  const { options, expiries } = market
  const { option, future } = portfolio
  const NONE = expiries.years.length
  for (let at = 0, futureAt = 0; at < option.length || futureAt < future.length;) {
    const ofOption = at < option.length ? options.expiry[option[at]!]! : NONE
    const expiry = Math.min(ofOption, future[futureAt] ?? NONE)
    let end = at
    while (end < option.length && options.expiry[option[end]!] === expiry) end++
    const hasFuture = future[futureAt] === expiry
    const variable = hasFuture ? portfolio.futureSize[futureAt]! * expiries.forwardVariable[expiry]! : 0
    sumExpiry(market, portfolio, at, end, workspace)
    foldExpiry(market, expiry, variable, workspace)
    chargeOptions(market, model, portfolio, expiry, at, end, workspace)
    at = end
    if (hasFuture) futureAt++
  }
  foldSpot(market, workspace)
}

/** Adds only what options are charged: the same sums as `addScenarios` makes. */
export function addOptionCharges(
  market: RiskMarket,
  model: ScenarioModel,
  portfolio: Portfolio,
  workspace: Workspace,
): void {
  const { expiry: expiryOf } = market.options
  const { option } = portfolio
  for (let at = 0; at < option.length;) {
    const expiry = expiryOf[option[at]!]!
    let end = at
    while (end < option.length && expiryOf[option[end]!] === expiry) end++
    chargeOptions(market, model, portfolio, expiry, at, end, workspace)
    at = end
  }
}

/** Adds only what options are worth today: the same sums as `addScenarios` makes. */
export function addOptionMarks(
  { options, expiries, grid, plan }: RiskMarket,
  { option, optionAmount }: Portfolio,
  { optionMark }: Workspace,
): void {
  for (let at = 0; at < option.length;) {
    const first = at
    const expiry = options.expiry[option[first]!]!
    let [even, odd] = [0, 0]
    for (; at < option.length && options.expiry[option[at]!] === expiry; at++) {
      const worth = optionAmount[at]! * grid[option[at]! * plan.rows]!
      if ((at - first) % 2 === 0) even += worth
      else odd += worth
    }
    optionMark[expiries.underlying[expiry]!]! += even + odd
  }
}

/** values[row] = Σ amount · value over options [from, to): two sums, even and odd places, added last. */
export function sumExpiry(
  { grid, plan }: RiskMarket,
  { option, optionAmount }: Portfolio,
  from: number,
  to: number,
  { even, odd, values }: Workspace,
): void {
  const { rows } = plan
  even.fill(0)
  odd.fill(0)
  for (let i = from; i < to; i++) {
    const sum = (i - from) % 2 === 0 ? even : odd
    const amount = optionAmount[i]!
    const start = option[i]! * rows
    for (let row = 0; row < rows; row++) sum[row]! += amount * grid[start + row]!
  }
  for (let row = 0; row < rows; row++) values[row] = even[row]! + odd[row]!
}

/** Turns an expiry's values into profits: static discount first, then − today's mark, dampened. */
function foldExpiry(market: RiskMarket, expiry: number, futureVariable: number, workspace: Workspace): void {
  const { plan, expiries } = market
  const { values, profits } = workspace
  const { scenarioRow, isSkew, dampening } = plan
  const underlying = expiries.underlying[expiry]!
  const long = expiries.longDiscount[expiry]!
  const short = expiries.shortDiscount[expiry]!
  const mark = values[0]!
  const start = underlying * scenarioRow.length
  for (let s = 0; s < scenarioRow.length; s++) {
    const value = values[scenarioRow[s]!]!
    const change = value * (value >= 0 ? long : short) - mark
    profits[start + s]! += (isSkew[s] === 1 && change > 0 ? -change : change) * dampening[s]!
  }
  const up = values[plan.basisUp]! - mark + futureVariable * (plan.spot[plan.basisUp]! - 1)
  const down = values[plan.basisDown]! - mark + futureVariable * (plan.spot[plan.basisDown]! - 1)
  workspace.basis[underlying]! += Math.min(0, up, down) * expiries.basisFactor[expiry]!
  workspace.optionMark[underlying]! += mark
}

/** Naked shorts per strike: max(0, −(calls + puts)); low confidence on all that is held, long or short. */
function chargeOptions(
  { underlyings, expiries, options }: RiskMarket,
  { contingencies }: ScenarioModel,
  { option, optionAmount }: Portfolio,
  expiry: number,
  from: number,
  to: number,
  { totals, holdsPerp }: Workspace,
): void {
  const underlying = expiries.underlying[expiry]!
  const spot = underlyings.spot[underlying]!
  let [naked, held] = [0, 0]
  for (let i = from; i < to; i++) {
    const strike = options.strike[option[i]!]!
    let amount = optionAmount[i]!
    held += Math.abs(amount)
    totals.gross += Math.abs(amount) * Math.max(spot, strike)
    if (i + 1 < to && options.strike[option[i + 1]!] === strike) {
      const put = optionAmount[++i]!
      held += Math.abs(put)
      totals.gross += Math.abs(put) * Math.max(spot, strike)
      amount += put
    }
    naked += Math.max(0, -amount)
  }
  const { maintenance, initial } = contingencies.nakedOption
  totals.optionMaintenance += naked * spot * maintenance
  totals.optionInitial += naked * spot * (maintenance + initial)
  totals.confidence += held * spot * expiries.optionPenalty[holdsPerp[underlying] === 1 ? 1 : 0]![expiry]!
}

/** Adds what moves with the spot to each scenario's profit, and finds each underlying's worst outcome. */
function foldSpot({ plan, underlyings }: RiskMarket, workspace: Workspace): void {
  const { profits, spotExposure, basis, worst, worstScenario } = workspace
  const scenarios = plan.scenarioRow.length
  for (let u = 0; u < underlyings.names.length; u++) {
    const start = u * scenarios
    let [least, at] = [basis[u]!, -1]
    for (let s = 0; s < scenarios; s++) {
      const profit = profits[start + s]! + spotExposure[u]! * plan.spotChange[s]! * plan.dampening[s]!
      profits[start + s] = profit
      if (profit < least) [least, at] = [profit, s]
    }
    worst[u] = least
    worstScenario[u] = at
  }
}
