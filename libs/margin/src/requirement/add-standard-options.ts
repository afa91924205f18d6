import type { StandardModel } from '../model/risk-model.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { shortInitial, shortMaintenance } from './short-option.ts'
import type { Workspace } from './workspace.ts'

/**
 * Adds options by the standard model. Each expiry's margin is the better of its short options one by one, and
 * of its worst payoff at 0 and each strike, plus what calls cost that no bought call bounds. A charge is the
 * mark less that margin.
 */
export function addStandardOptions(
  market: RiskMarket,
  model: StandardModel,
  portfolio: Portfolio,
  workspace: Workspace,
): void {
  const { options } = market
  const { option } = portfolio
  for (let from = 0; from < option.length;) {
    const expiry = options.expiry[option[from]!]!
    let to = from + 1
    while (to < option.length && options.expiry[option[to]!] === expiry) to++
    addExpiry(market, model, portfolio, expiry, from, to, workspace)
    from = to
  }
}

function addExpiry(
  market: RiskMarket,
  model: StandardModel,
  portfolio: Portfolio,
  expiry: number,
  from: number,
  to: number,
  { optionMark, totals }: Workspace,
): void {
  const { underlyings, expiries, options, grid, pegLoss } = market
  const underlying = expiries.underlying[expiry]!
  const spot = underlyings.spot[underlying]!
  let [evenMark, oddMark, maintenance, initial, netCalls, shorts] = [0, 0, 0, 0, 0, 0]
  for (let i = from; i < to; i++) {
    const index = portfolio.option[i]!
    const amount = portfolio.optionAmount[i]!
    const strike = options.strike[index]!
    const isCall = options.isCall[index] === 1
    const mark = amount * grid[index]!
    if ((i - from) % 2 === 0) evenMark += mark
    else oddMark += mark
    totals.gross += Math.abs(amount) * Math.max(spot, strike)
    if (isCall) netCalls += amount
    if (amount >= 0) continue
    shorts -= amount
    maintenance += shortMaintenance(model, spot, isCall, amount, mark)
    initial += shortInitial(model, spot, strike, isCall, amount, mark)
  }
  const mark = evenMark + oddMark
  const payoff = worstPayoff(market, portfolio, from, to)
  const unpaired = expiries.forward[expiry]! * Math.min(0, netCalls)
  optionMark[underlying]! += mark
  totals.optionMaintenance +=
    mark - Math.max(maintenance, payoff + model.option.unpaired.maintenance * unpaired)
  totals.optionInitial += mark - Math.max(initial, payoff + model.option.unpaired.initial * unpaired)
  totals.confidence += expiries.optionPenalty[0][expiry]! * spot * shorts
  totals.peg += pegLoss * spot * shorts
}

/**
 * Least of 0 and the options' payoff when they expire at 0 or at any of their strikes: one sweep upwards.
 * At 0 only puts pay; each strike that is passed adds its amount to the slope, be it a put's or a call's.
 */
function worstPayoff(
  { options }: RiskMarket,
  { option, optionAmount }: Portfolio,
  from: number,
  to: number,
): number {
  let [payoff, slope, price] = [0, 0, 0]
  for (let i = from; i < to; i++) {
    if (options.isCall[option[i]!] === 1) continue
    payoff += options.strike[option[i]!]! * optionAmount[i]!
    slope -= optionAmount[i]!
  }
  let worst = Math.min(0, payoff)
  for (let i = from; i < to; i++) {
    const strike = options.strike[option[i]!]!
    payoff += slope * (strike - price)
    price = strike
    slope += optionAmount[i]!
    worst = Math.min(worst, payoff)
  }
  return worst
}
