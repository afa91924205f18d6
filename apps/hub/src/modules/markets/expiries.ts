// Markets whose time is over: trading stops, the index's mean is found, positions are paid out, and the
// market is gone. Spec: docs/markets.md.
import { emitMarket, emitSettled, emitSettlementPrice } from './events.ts'
import { deliveryFeeE6 } from './fees.ts'
import { history } from './history.ts'
import type { Market } from './market.ts'
import { readParams } from './params.ts'
import { settlementCashE6 } from './pure/payoff.ts'
import { settlementAt } from './pure/settlement.ts'
import { MARKETS_STORE, deleteMarket, writeMarket } from './state.ts'
import type { BlockRun } from './run.ts'
import {
  PRICE_KEPT_SECONDS,
  deleteSettlementPrice,
  readSettlementPrice,
  settlementPricesUntil,
  writeSettlementPrice,
} from './settlement-prices.ts'

/**
 * Ends what has expired and pays out what has its price. All of it stops and gets its price at once; so many
 * orders and positions a block, `settledMax` together, are closed and paid.
 */
export function settleExpiries(run: BlockRun): void {
  const { context } = run
  const store = context.store(MARKETS_STORE)
  const due = [...run.markets.values()].filter(
    ({ expirySeconds }) => expirySeconds > 0n && expirySeconds <= context.timeSeconds,
  )
  for (const market of due) if (market.status !== 'settling') stopTrading(run, market)
  const prices = new Map<string, bigint | undefined>()
  for (const market of due) {
    const key = expiryOf(market)
    if (!prices.has(key)) prices.set(key, settlementPrice(run, market))
  }
  let left = Number(readParams(store).settledMax)
  for (const market of due) {
    const waiting = run.books.ordersIn(market.id)
    for (const item of waiting.slice(0, Math.max(0, left))) run.close(item, market, 'marketClosed')
    left -= waiting.length
    if (left < 0) return
    const priceE9 = prices.get(expiryOf(market))
    if (priceE9 !== undefined) left -= payOut(run, market, priceE9, left)
  }
}

function expiryOf({ underlying, expirySeconds }: Market): string {
  return `${underlying} ${expirySeconds}`
}

function stopTrading({ context }: BlockRun, market: Market): void {
  const stopped: Market = { ...market, status: 'settling', statusUntilSeconds: 0n }
  writeMarket(context.store(MARKETS_STORE), stopped)
  emitMarket(context, stopped)
}

/** The price of an expiry, found once for all its markets; nothing while it can't be known. */
function settlementPrice(run: BlockRun, { underlying, expirySeconds }: Market): bigint | undefined {
  const { context } = run
  const store = context.store(MARKETS_STORE)
  const known = readSettlementPrice(store, underlying, expirySeconds)
  if (known !== undefined) return known
  const settled = settlementAt(history(store, underlying), expirySeconds, context.timeNanoseconds)
  if (!settled.isSettled) return undefined
  const { priceE9, rule } = settled
  writeSettlementPrice(store, { underlying, expirySeconds, priceE9 })
  dropPrices(run, underlying)
  emitSettlementPrice(context, { underlying, expirySeconds, priceE9, rule })
  return priceE9
}

/** Forgets prices of an underlying whose expiries are 30 days over and paid out. */
function dropPrices({ context, markets }: BlockRun, underlying: bigint): void {
  const store = context.store(MARKETS_STORE)
  const until = context.timeSeconds - PRICE_KEPT_SECONDS
  const unpaid = new Set([...markets.values()].map(({ expirySeconds }) => expirySeconds))
  for (const expirySeconds of [...settlementPricesUntil(store, underlying, until)])
    if (!unpaid.has(expirySeconds)) deleteSettlementPrice(store, underlying, expirySeconds)
}

function payOut(run: BlockRun, market: Market, priceE9: bigint, most: number): number {
  const { accounts, books, context } = run
  const holders = books.holdersOf(market.id)
  for (const holder of holders.slice(0, Math.max(0, most))) {
    const account = accounts.account(holder)
    const { sizeE9 } = account.positions.get(market.id)!
    // The quote is the account's: what is paid out is the position's worth alone.
    const valueE6 = settlementCashE6(market, { sizeE9, quoteE6: 0n }, priceE9)
    const feeE6 = deliveryFeeE6(market, sizeE9, priceE9)
    accounts.payOut(account, market, { valueE6, feeE6 })
    emitSettled(context, run.ports.addresses, { holder, market: market.id, sizeE9, valueE6, feeE6 })
  }
  // The market and its figures go once this step is written.
  if (holders.length <= most) run.ended.push(market)
  return Math.min(holders.length, most)
}

/** Forgets markets that were paid out; after a flush. */
export function forgetEnded(run: BlockRun): void {
  const store = run.context.store(MARKETS_STORE)
  for (const market of run.ended) {
    deleteMarket(store, market)
    run.books.drop(market.id)
  }
}
