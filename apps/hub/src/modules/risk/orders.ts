// Initial margin with orders counted, as if any of them could fill.
import {
  cashFromE6,
  coversOrders,
  evaluatePortfolio,
  priceFromE9,
  reserveOrders,
  sizeFromE9,
  toMicroCashDown,
} from '@causeway/margin'
import type { Portfolio } from '@causeway/margin'
import { openOrder } from './account.ts'
import type { MarginedMarket } from './market-memory.ts'
import type { RiskOrder, RiskOrderSum } from './ports.ts'

/**
 * The least initial margin, micro-cash, that any set of fills leaves. Orders of spot markets count by the
 * worse of filling whole and not filling at all: what the asset covers against what it costs or brings.
 */
export function initialMarginE6(
  { market, snapshot, layout, workspace }: MarginedMarket,
  portfolio: Portfolio,
  orders: readonly RiskOrder[],
): bigint {
  const spot = orders.filter(({ market: { kind } }) => kind === 'spot')
  const others = orders.filter(({ market: { kind } }) => kind !== 'spot')
  const open = others.map((order) => openOrder(order, layout.place(order.market)))
  const reserved =
    open.length === 0
      ? evaluatePortfolio(market, portfolio, workspace).initialMarginE6
      : reserveOrders(market, portfolio, open, workspace).initialMarginE6
  return spot.reduce((margin, order) => margin + spotChangeE6(snapshot, order), reserved)
}

/** Whether the sums of orders, none of spot markets, show that no set of fills leaves less than 0. */
export function covers(
  { market, layout, workspace }: MarginedMarket,
  portfolio: Portfolio,
  sums: readonly RiskOrderSum[],
): boolean {
  const open = sums.map((sum) => ({
    ...openOrder(sum, layout.place(sum.market)),
    orders: sum.orders,
    highest: priceFromE9(sum.highestE9),
  }))
  return coversOrders(market, portfolio, open, workspace)
}

/** min(0, what a spot order changes when it fills whole), micro-cash. */
function spotChangeE6(
  { assets, stablePrice }: MarginedMarket['snapshot'],
  { market, sizeE9, limitE9, feeE6 }: RiskOrder,
): bigint {
  const asset = assets.find(({ name }) => name === market.underlying.toString())
  const weight = asset === undefined ? 0 : 1 - asset.maintenanceHaircut - asset.initialHaircut
  const size = sizeFromE9(sizeE9)
  const covers = asset === undefined ? 0 : (size * asset.price * weight) / (Number(stablePrice) / 1e18)
  const cost = size * priceFromE9(limitE9)
  const change = covers - cost - cashFromE6(feeE6)
  return change >= 0 ? 0n : toMicroCashDown(change, Math.abs(covers) + Math.abs(cost))
}
