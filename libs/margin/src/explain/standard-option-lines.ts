import type { StandardModel } from '../model/risk-model.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { shortInitial, shortMaintenance } from '../requirement/short-option.ts'
import { charge, type Line } from './line.ts'

/** What one option of an expiry adds to each of the two margins that compete, and to neither. */
interface Part {
  readonly position: number
  readonly amount: number
  readonly strike: number
  readonly isCall: boolean
  readonly mark: number
}

/**
 * What options are charged in the standard model: their mark less the better of (shorts one by one) and
 * (worst payoff of the expiry, plus what unbounded calls cost). Each option takes its own part of the
 * better one.
 */
export function standardOptionLines(market: RiskMarket, model: StandardModel, portfolio: Portfolio): Line[] {
  const { options, expiries, underlyings, grid, pegLoss } = market
  const { option, optionAmount } = portfolio
  const lines: Line[] = []
  for (let from = 0; from < option.length;) {
    const expiry = options.expiry[option[from]!]!
    const parts: Part[] = []
    let to = from
    for (; to < option.length && options.expiry[option[to]!] === expiry; to++) {
      const index = option[to]!
      const amount = optionAmount[to]!
      parts.push({
        position: portfolio.perp.length + portfolio.future.length + to,
        ...{ amount, strike: options.strike[index]!, isCall: options.isCall[index] === 1 },
        mark: amount * grid[index]!,
      })
    }
    const spot = underlyings.spot[expiries.underlying[expiry]!]!
    lines.push(...expiryLines(model, parts, spot, expiries.forward[expiry]!))
    for (const { position, amount } of parts) {
      const short = Math.max(0, -amount) * spot
      lines.push(charge('confidence', position, 0, expiries.optionPenalty[0][expiry]! * short))
      lines.push(charge('peg', position, 0, pegLoss * short))
    }
    from = to
  }
  return lines
}

function expiryLines(model: StandardModel, parts: readonly Part[], spot: number, forward: number): Line[] {
  const maintenance = parts.map(({ amount, isCall, mark }) =>
    amount < 0 ? shortMaintenance(model, spot, isCall, amount, mark) : 0,
  )
  const initial = parts.map(({ amount, strike, isCall, mark }) =>
    amount < 0 ? shortInitial(model, spot, strike, isCall, amount, mark) : 0,
  )
  const payoffs = worstPayoffs(parts)
  const unpaired = unpairedCalls(parts).map((size) => size * forward)
  const { maintenance: maintenanceShare, initial: initialShare } = model.option.unpaired
  const isBetter = (alone: readonly number[], share: number) =>
    sum(alone) >= sum(payoffs) - share * sum(unpaired)
  const [byShort, byShortInitially] = [
    isBetter(maintenance, maintenanceShare),
    isBetter(initial, initialShare),
  ]
  return parts.flatMap(({ position, mark }, i) => [
    charge(
      'option',
      position,
      mark - (byShort ? maintenance : payoffs)[i]!,
      mark - (byShortInitially ? initial : payoffs)[i]!,
    ),
    charge(
      'unpaired',
      position,
      byShort ? 0 : maintenanceShare * unpaired[i]!,
      byShortInitially ? 0 : initialShare * unpaired[i]!,
    ),
  ])
}

/**
 * Each option's payoff where the expiry pays least: at 0 or at one of its strikes; all 0 when it never
 * costs.
 */
function worstPayoffs(parts: readonly Part[]): number[] {
  let [worst, least] = [parts.map(() => 0), 0]
  for (const price of [0, ...new Set(parts.map(({ strike }) => strike))]) {
    const payoffs = parts.map(
      ({ amount, strike, isCall }) => amount * Math.max(0, isCall ? price - strike : strike - price),
    )
    const total = sum(payoffs)
    if (total < least) [worst, least] = [payoffs, total]
  }
  return worst
}

/** Sold calls beyond the bought ones, shared by how many of them an option has. */
function unpairedCalls(parts: readonly Part[]): number[] {
  const sold = parts.map(({ amount, isCall }) => (isCall ? Math.max(0, -amount) : 0))
  const net = parts.reduce((total, { amount, isCall }) => (isCall ? total + amount : total), 0)
  const share = net < 0 ? -net / sum(sold) : 0
  return sold.map((size) => size * share)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
