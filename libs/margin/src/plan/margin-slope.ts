import type { OrderInstrument } from '../auction/open-orders.ts'
import type { LinearCharges } from '../portfolio/linear-charges.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { optionIndex } from '../portfolio/option-table.ts'
import { initialFactor } from '../requirement/value-account.ts'

/** What a size is asked for. */
export interface Side {
  readonly instrument: OrderInstrument
  /** 1 to buy, −1 to sell. */
  readonly sign: 1 | -1
  /** Cash per 1.0. */
  readonly price: number
  readonly fee: number
}

/**
 * The most initial margin that another 1.0 bought (sold) can take, whatever is held already, but for what a
 * perpetual's first or last lot does (low confidence in it counts for options only while one is held).
 * Every part of a valuation is piecewise linear in the size: this is the sum of each part's steepest fall.
 * The least of several outcomes falls no faster than the fastest of them, so scenarios count by their
 * worst.
 */
export function steepestFall(market: RiskMarket, portfolio: Portfolio, side: Side): number {
  const { instrument } = side
  const underlying = market.underlyings.indexOf.get(instrument.underlying)!
  if (instrument.kind === 'option') return optionFall(market, portfolio, side, underlying)
  if (instrument.kind === 'perp') {
    const { perp, perpCharges } = market.underlyings
    return linearFall(
      market,
      side,
      underlying,
      perp[underlying]!,
      perp[underlying]!,
      0,
      perpCharges[underlying]!,
    )
  }
  const expiry = market.expiries.indexOf[underlying]!.get(instrument.expirySeconds)!
  const { forward, forwardVariable, futureCharges, basisFactor } = market.expiries
  return linearFall(
    market,
    side,
    underlying,
    forward[expiry]!,
    forwardVariable[expiry]!,
    basisFactor[expiry]!,
    futureCharges[expiry]!,
  )
}

/** A perpetual or future: `exposure` to spot and `basisFactor` per 1.0. */
function linearFall(
  market: RiskMarket,
  { sign, price, fee }: Side,
  underlying: number,
  mark: number,
  exposure: number,
  basisFactor: number,
  charges: LinearCharges,
): number {
  const { model, plan, underlyings, pegLoss } = market
  let worst = 0
  for (let s = 0; s < plan.scenarioRow.length; s++)
    worst = Math.max(worst, -sign * exposure * plan.spotChange[s]! * plan.dampening[s]!)
  for (const row of [plan.basisUp, plan.basisDown])
    worst = Math.max(worst, -sign * exposure * (plan.spot[row]! - 1) * basisFactor)
  const peg = model.kind === 'standard' ? pegLoss * underlyings.spot[underlying]! : 0
  const charged =
    charges.initial + charges.maintenance * scale(market) + charges.penalty + charges.surcharge + peg
  return (
    Math.max(0, sign * (price - mark)) + fee + worst * initialFactor(market) + charged + rounding(mark, price)
  )
}

function optionFall(market: RiskMarket, portfolio: Portfolio, side: Side, underlying: number): number {
  const { sign, price, fee, instrument } = side
  if (instrument.kind !== 'option') return 0
  const { underlyings, expiries, options, grid, plan, model } = market
  const index = optionIndex(options, expiries, underlyings, instrument)
  const expiry = options.expiry[index]!
  const spot = underlyings.spot[underlying]!
  const mark = grid[index * plan.rows]!
  const penalty = Math.max(expiries.optionPenalty[0][expiry]!, expiries.optionPenalty[1][expiry]!) * spot
  const beside = fee + penalty + rounding(Math.max(spot, instrument.strike), price)
  if (model.kind === 'standard') return beside + standardFall(market, portfolio, index, price)
  if (model.kind !== 'scenario') return beside
  const { maintenance, initial } = model.contingencies.nakedOption
  const naked = sign < 0 ? spot * (maintenance * (1 + scale(market)) + initial) : 0
  const lost = Math.max(0, sign * (price - mark))
  return beside + naked + lost + scenarioFall(market, index, sign) * initialFactor(market)
}

/**
 * What the worst outcome falls by: in scenarios discounted either way, in skews either sign, or by the
 * basis.
 */
function scenarioFall({ grid, plan, options, expiries }: RiskMarket, index: number, sign: 1 | -1): number {
  const expiry = options.expiry[index]!
  const value = (row: number) => grid[index * plan.rows + row]!
  const mark = value(0)
  let worst = 0
  for (let s = 0; s < plan.scenarioRow.length; s++)
    for (const discount of [expiries.longDiscount[expiry]!, expiries.shortDiscount[expiry]!]) {
      const change = sign * (value(plan.scenarioRow[s]!) * discount - mark)
      worst = Math.max(worst, (plan.isSkew[s] === 1 ? Math.abs(change) : -change) * plan.dampening[s]!)
    }
  for (const row of [plan.basisUp, plan.basisDown])
    worst = Math.max(worst, -sign * (value(row) - mark) * expiries.basisFactor[expiry]!)
  return worst
}

/** An option's mark counts by what is paid for it alone: its charge takes it away again. */
function standardFall(market: RiskMarket, { option }: Portfolio, index: number, price: number): number {
  const { model, options, expiries, underlyings, grid, pegLoss } = market
  if (model.kind !== 'standard') return 0
  const expiry = options.expiry[index]!
  const strike = options.strike[index]!
  const spot = underlyings.spot[expiries.underlying[expiry]!]!
  const mark = grid[index]!
  const { maintenancePutSpot, maintenancePutMark, maintenanceOffset, spotMin, spotMax, unpaired } =
    model.option
  const maintenance = mark + Math.max(maintenancePutSpot * spot, maintenancePutMark * mark)
  const alone = Math.max(mark + Math.max(spotMin, spotMax) * spot, maintenanceOffset * maintenance)
  let highest = strike
  for (const other of option)
    if (options.expiry[other] === expiry) highest = Math.max(highest, options.strike[other]!)
  const payoff =
    options.isCall[index] === 1 ? highest - strike + unpaired.initial * expiries.forward[expiry]! : strike
  return price + pegLoss * spot + Math.max(alone, payoff)
}

/** How many more times the initial loss factor counts maintenance charges, where it does. */
function scale(market: RiskMarket): number {
  const { model } = market
  if (model.kind !== 'scenario' || !model.contingencies.scaledByLossFactor) return 0
  return Math.max(0, initialFactor(market) - 1)
}

/** The share of what is added up that rounding takes: `toMicroCashDown`. */
function rounding(worth: number, price: number): number {
  return 2e-9 * (worth + price)
}
