import { marginErrors } from '../errors.ts'
import { toMicroCashDown } from '../portfolio/ledger-units.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { combineUnderlyings } from '../requirement/combine-underlyings.ts'
import { chargeAccount, initialFactor, noMargins, valueAccount } from '../requirement/value-account.ts'
import { createWorkspace, type Workspace } from '../requirement/workspace.ts'
import { placeOrders, sumOrders, withOrders, type OpenOrder, type PlacedOrder } from './open-orders.ts'

/** The least initial margin that an account can be left with. */
export interface OrderReservation {
  /** No set of fills, whole or partial, at limits or better, leaves less. */
  readonly initialMargin: number
  readonly initialMarginE6: bigint
  /** What was added up, in cash: rounding errors are shares of it. */
  readonly gross: number
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
  const sums = sumOrders(placed)
  const larger = withOrders(portfolio, sums, largerSide)
  chargeAccount(market, larger, workspace)
  const { linearInitial, collateralInitial, confidence, openInterest, gross } = workspace.totals
  const sold = withOrders(portfolio, sums, sellsAlone)
  chargeAccount(market, sold, workspace)
  const { optionInitial } = workspace.totals

  valueAccount(market, portfolio, workspace, margins)
  const worst = worstWithOrders(market, placed, workspace)
  const initialMargin =
    margins.value + worst - (linearInitial + optionInitial + collateralInitial) - (confidence + openInterest)
  const added = placed.reduce((sum, { size, limit, fee }) => sum + Math.abs(size) * limit + fee, 0)
  const all = gross + workspace.totals.gross + added
  return { initialMargin, initialMarginE6: toMicroCashDown(initialMargin, all), gross: all }
}

function largerSide(size: number, buys: number, sells: number): number {
  return Math.max(Math.abs(size + buys), Math.abs(size - sells))
}

function sellsAlone(size: number, _: number, sells: number): number {
  return size - sells
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
    if (order.instrument.kind === 'option') addOption(market, order, factor, workspace)
    else addLinear(market, order, factor, workspace)
  }
  for (let u = 0; u < underlyings.names.length; u++) {
    let least = basis[u]!
    for (let s = 0; s < scenarios; s++) least = Math.min(least, profits[u * scenarios + s]!)
    worst[u] = least
  }
  apart.fill(0)
  return combineUnderlyings(market, workspace)
}

/** Adds the worse of filling whole, at its limit, and not filling, in each scenario. */
function addLinear(market: RiskMarket, order: PlacedOrder, factor: number, workspace: Workspace): void {
  const { instrument, index, size, limit, fee } = order
  const { underlyings, expiries, plan } = market
  const isPerp = instrument.kind === 'perp'
  const underlying = isPerp ? index : expiries.underlying[index]!
  const mark = isPerp ? underlyings.perp[index]! : expiries.forward[index]!
  const exposure = size * (isPerp ? mark : expiries.forwardVariable[index]!)
  const change = size * (mark - limit) - fee
  const up = exposure * (plan.spot[plan.basisUp]! - 1)
  const down = exposure * (plan.spot[plan.basisDown]! - 1)
  const ownBasis = isPerp ? 0 : Math.min(0, up, down) * expiries.basisFactor[index]!
  const { spotChange, dampening } = plan
  workspace.basis[underlying]! += Math.min(0, change + factor * ownBasis)
  const start = underlying * spotChange.length
  for (let s = 0; s < spotChange.length; s++) {
    const profit = exposure * spotChange[s]! * dampening[s]!
    workspace.profits[start + s]! += Math.min(0, change + factor * profit)
  }
}

function addOption(market: RiskMarket, order: PlacedOrder, factor: number, workspace: Workspace): void {
  const { index, size, limit, fee } = order
  const { options, expiries, grid, plan } = market
  const expiry = options.expiry[index]!
  const underlying = expiries.underlying[expiry]!
  const long = expiries.longDiscount[expiry]!
  const short = expiries.shortDiscount[expiry]!
  const row = index * plan.rows
  const mark = size * grid[row]!
  const change = mark - size * limit - fee
  const up = size * grid[row + plan.basisUp]! - mark
  const down = size * grid[row + plan.basisDown]! - mark
  const ownBasis = Math.min(0, up, down) * expiries.basisFactor[expiry]!
  const { scenarioRow, isSkew, dampening } = plan
  workspace.basis[underlying]! += Math.min(0, change + factor * ownBasis)
  const start = underlying * scenarioRow.length
  for (let s = 0; s < scenarioRow.length; s++) {
    const worth = size * grid[row + scenarioRow[s]!]!
    const profit = worth * (worth >= 0 ? long : short) - mark
    const counted = isSkew[s] === 1 ? -Math.abs(profit) - (short - long) * Math.abs(worth) : profit
    workspace.profits[start + s]! += Math.min(0, change + factor * (counted * dampening[s]!))
  }
}

function checkConcave({ expiries }: RiskMarket): void {
  for (let e = 0; e < expiries.longDiscount.length; e++)
    if (expiries.longDiscount[e]! > expiries.shortDiscount[e]!)
      throw marginErrors.discountOrder({ side: 'long', base: expiries.longDiscount[e]! })
}
