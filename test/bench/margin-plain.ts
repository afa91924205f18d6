import type { Portfolio, RiskMarket, ScenarioModel } from '@causeway/margin'
import { plainCdf } from './margin-kernel.ts'

/**
 * Maintenance margin as JavaScript is mostly written: each option valued anew in each scenario with Math.log
 * and Math.exp. One underlying's options and perpetuals; no collateral, no futures, no offsets.
 */
export function plainMaintenance(market: RiskMarket, model: ScenarioModel, portfolio: Portfolio): number {
  const { plan, underlyings, expiries } = market
  const values = optionValues(market, model, portfolio)
  const rows = plan.rows
  const byUnderlying = underlyings.names.map(() => ({ profits: plan.spotChange.map(() => 0), basis: 0 }))
  let [mark, naked] = [0, 0]
  for (let e = 0; e < expiries.years.length; e++) {
    const sums = new Array<number>(rows).fill(0)
    const strikes = new Map<number, number>()
    portfolio.option.forEach((option, i) => {
      if (market.options.expiry[option] !== e) return
      const amount = portfolio.optionAmount[i]!
      for (let row = 0; row < rows; row++) sums[row]! += amount * values[i * rows + row]!
      const strike = market.options.strike[option]!
      strikes.set(strike, (strikes.get(strike) ?? 0) + amount)
    })
    if (strikes.size === 0) continue
    const own = byUnderlying[expiries.underlying[e]!]!
    own.profits.forEach((_, s) => {
      const value = sums[plan.scenarioRow[s]!]!
      const counted = value * (value >= 0 ? expiries.longDiscount[e]! : expiries.shortDiscount[e]!)
      const change = counted - sums[0]!
      own.profits[s]! += (plan.isSkew[s] === 1 ? -Math.abs(change) : change) * plan.dampening[s]!
    })
    const moved = Math.min(0, sums[plan.basisUp]! - sums[0]!, sums[plan.basisDown]! - sums[0]!)
    own.basis += moved * expiries.basisFactor[e]!
    mark += sums[0]!
    const spot = underlyings.spot[expiries.underlying[e]!]!
    for (const amount of strikes.values()) naked += Math.max(0, -amount) * spot
  }
  let charges = naked * model.contingencies.nakedOption.maintenance
  portfolio.perp.forEach((u, i) => {
    const worth = portfolio.perpSize[i]! * underlyings.perp[u]!
    mark += worth + portfolio.perpQuote[i]! + portfolio.perpUnsettled[i]!
    charges += Math.abs(portfolio.perpSize[i]!) * underlyings.perpCharges[u]!.maintenance
    const { profits } = byUnderlying[u]!
    profits.forEach((_, s) => (profits[s]! += worth * plan.spotChange[s]! * plan.dampening[s]!))
  })
  const worst = byUnderlying.reduce((sum, { profits, basis }) => sum + Math.min(basis, ...profits), 0)
  return mark + portfolio.cash + worst * model.lossFactors.maintenance - charges
}

/** Values by option held and row of the plan. */
function optionValues(market: RiskMarket, model: ScenarioModel, { option }: Portfolio): number[] {
  const { plan, expiries, options } = market
  const values: number[] = []
  for (const index of option) {
    const e = options.expiry[index]!
    const [strike, isCall] = [options.strike[index]!, options.isCall[index] === 1]
    for (let row = 0; row < plan.rows; row++) {
      const forward = expiries.forwardFixed[e]! + expiries.forwardVariable[e]! * plan.spot[row]!
      const total = shockedVolatility(market, model, index, row) * Math.sqrt(expiries.years[e]!)
      const d1 = Math.log(forward / strike) / total + 0.5 * total
      const call = forward * plainCdf(d1) - strike * plainCdf(d1 - total)
      values.push(expiries.discount[e]! * (isCall ? call : call - forward + strike))
    }
  }
  return values
}

function shockedVolatility(market: RiskMarket, model: ScenarioModel, index: number, row: number): number {
  const { plan, expiries, options } = market
  const e = options.expiry[index]!
  const volatility = options.volatility[index]!
  const vol = plan.vol[row]!
  if (vol === 'none') return volatility
  if (vol === 'up') return Math.max(volatility * expiries.volUp[e]!, model.volShock.upVolMin)
  if (vol === 'down') return volatility * expiries.volDown[e]!
  const { skew } = model
  const root = Math.sqrt(expiries.years[e]!)
  const { cap, slope } = vol === 'linearSkew' ? skew.linear : skew.absolute
  const limit = cap + slope * root
  const kStar = Math.max(skew.kStarMin, root * skew.width * (skew.volBase + skew.volSlope * root))
  const logStrike = Math.log(options.strike[index]! / expiries.forward[e]!)
  const x = vol === 'linearSkew' ? logStrike : Math.abs(logStrike)
  const tilt = x >= 0 ? Math.min(limit, (x * limit) / kStar) : Math.max(-limit, (x * limit) / kStar)
  return volatility * Math.max(0, 1 + tilt)
}
