import { marginErrors } from '../errors.ts'
import { toMicroCashDown } from '../portfolio/ledger-units.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { combineUnderlyings } from '../requirement/combine-underlyings.ts'
import { chargeAccount, initialFactor, noMargins, valueAccount } from '../requirement/value-account.ts'
import { createWorkspace, type Workspace } from '../requirement/workspace.ts'
import { placeOrders, withOrders, type OpenOrder, type PlacedOrder } from './open-orders.ts'

/** The least initial margin that an account can be left with. */
export interface OrderReservation {
  /** No set of fills, whole or partial, at limits or better, leaves less. */
  readonly initialMargin: number
  readonly initialMarginE6: bigint
}

/**
 * Initial margin with orders counted: in each scenario an order counts by the worse of filling whole and
 * not filling, that is min(0, its change of value at its limit, fee paid, + factor · its own profit),
 * revalued and discounted as if it were its expiry's only position; charges are those of the larger
 * position that buys alone or sells alone lead to. A lower bound: static discounts are concave (long ≤
 * short), so that the profit of a sum is never below the sum of profits. Scenario and linear models; throws
 * `MarginError` 64 for a standard one and 40 where the long discount is above the short one. Spec:
 * docs/markets.md. A workspace that is handed in is written over.
 *
 * DIFFERS FROM SPEC: in a skew scenario an order counts −(|δ| + (short − long)·|value|), not −|δ|: closing
 * part of an expiry can raise its discounted value, and there a gain counts as a loss, too.
 */
export function reserveOrders(
  market: RiskMarket,
  portfolio: Portfolio,
  orders: readonly OpenOrder[],
  workspace: Workspace = createWorkspace(market),
): OrderReservation {
  if (market.model.kind === 'standard')
    throw marginErrors.otherModel({ expected: 'scenario or linear', got: market.model.kind })
  checkConcave(market)
  const placed = placeOrders(market, orders)
  const margins = noMargins()
  const larger = withOrders(portfolio, placed, (size, buys, sells) =>
    Math.max(Math.abs(size + buys), Math.abs(size - sells)),
  )
  chargeAccount(market, larger, workspace)
  const { linearInitial, collateralInitial, confidence, openInterest, gross } = workspace.totals
  const sold = withOrders(portfolio, placed, (size, _, sells) => size - sells)
  chargeAccount(market, sold, workspace)
  const { optionInitial } = workspace.totals

  valueAccount(market, portfolio, workspace, margins)
  const worst = worstWithOrders(market, placed, workspace)
  const initialMargin =
    margins.value + worst - (linearInitial + optionInitial + collateralInitial) - (confidence + openInterest)
  const added = placed.reduce((sum, { size, limit, fee }) => sum + Math.abs(size) * limit + fee, 0)
  return {
    initialMargin,
    initialMarginE6: toMicroCashDown(initialMargin, gross + workspace.totals.gross + added),
  }
}

/** Turns the workspace's outcomes into bounds with orders, loss factor included, and combines them. */
function worstWithOrders(market: RiskMarket, orders: readonly PlacedOrder[], workspace: Workspace): number {
  const { plan, underlyings } = market
  const factor = initialFactor(market)
  const scenarios = plan.scenarioRow.length
  const { profits, basis, worst, apart } = workspace
  for (let i = 0; i < profits.length; i++) profits[i]! *= factor
  for (let u = 0; u < basis.length; u++) basis[u]! *= factor
  for (const order of orders) {
    const { underlying, change, ownBasis, profit } = orderRisk(market, order)
    basis[underlying]! += Math.min(0, change + factor * ownBasis)
    for (let s = 0; s < scenarios; s++)
      profits[underlying * scenarios + s]! += Math.min(0, change + factor * profit(s))
  }
  for (let u = 0; u < underlyings.names.length; u++) {
    let least = basis[u]!
    for (let s = 0; s < scenarios; s++) least = Math.min(least, profits[u * scenarios + s]!)
    worst[u] = least
  }
  apart.fill(0)
  return combineUnderlyings(market, workspace)
}

interface OrderRisk {
  readonly underlying: number
  /** Change of the account's value when it fills whole, at its limit. */
  readonly change: number
  readonly ownBasis: number
  readonly profit: (scenario: number) => number
}

function orderRisk(market: RiskMarket, order: PlacedOrder): OrderRisk {
  const { instrument, index, size, limit, fee } = order
  const { underlyings, expiries, plan } = market
  const change = (mark: number) => size * (mark - limit) - fee
  if (instrument.kind === 'option') return optionRisk(market, order)
  const spotProfit = (exposure: number) => (s: number) => exposure * plan.spotChange[s]! * plan.dampening[s]!
  if (instrument.kind === 'perp') {
    const mark = underlyings.perp[index]!
    return { underlying: index, change: change(mark), ownBasis: 0, profit: spotProfit(size * mark) }
  }
  const exposure = size * expiries.forwardVariable[index]!
  const up = exposure * (plan.spot[plan.basisUp]! - 1)
  const down = exposure * (plan.spot[plan.basisDown]! - 1)
  return {
    underlying: expiries.underlying[index]!,
    change: change(expiries.forward[index]!),
    ownBasis: Math.min(0, up, down) * expiries.basisFactor[index]!,
    profit: spotProfit(exposure),
  }
}

function optionRisk({ options, expiries, grid, plan }: RiskMarket, order: PlacedOrder): OrderRisk {
  const { index, size, limit, fee } = order
  const expiry = options.expiry[index]!
  const long = expiries.longDiscount[expiry]!
  const short = expiries.shortDiscount[expiry]!
  const value = (row: number) => size * grid[index * plan.rows + row]!
  const mark = value(0)
  return {
    underlying: expiries.underlying[expiry]!,
    change: mark - size * limit - fee,
    ownBasis:
      Math.min(0, value(plan.basisUp) - mark, value(plan.basisDown) - mark) * expiries.basisFactor[expiry]!,
    profit: (s) => {
      const worth = value(plan.scenarioRow[s]!)
      const profit = worth * (worth >= 0 ? long : short) - mark
      const counted = plan.isSkew[s] === 1 ? -Math.abs(profit) - (short - long) * Math.abs(worth) : profit
      return counted * plan.dampening[s]!
    },
  }
}

function checkConcave({ expiries }: RiskMarket): void {
  for (let e = 0; e < expiries.longDiscount.length; e++)
    if (expiries.longDiscount[e]! > expiries.shortDiscount[e]!)
      throw marginErrors.discountOrder({ side: 'long', base: expiries.longDiscount[e]! })
}
