import type { Context } from '../../block/context.ts'
import { GAS } from '../../block/gas.ts'
import type { Holder } from '../../identifiers.ts'
import { sameHolder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitClosed } from './events.ts'
import type { CloseReason } from './events.ts'
import type { Order } from './market.ts'
import type { MarketsPorts } from './ports.ts'
import { passedOrders } from './passed-orders.ts'
import {
  MARKETS_STORE,
  deleteNewOrder,
  deleteOrder,
  endNewOrders,
  haveOrdersEnded,
  readNewOrder,
  readOrder,
  touchOrder,
} from './state.ts'

/** A holder's order, new in this block or resting. Throws `markets/9`. */
export function requireOrder(
  context: Context,
  holder: Holder,
  id: bigint,
): { readonly order: Order; readonly isNew: boolean } {
  const store = context.store(MARKETS_STORE)
  const fresh = readNewOrder(store, id)
  if (fresh?.isForced === true) throw errors.unknownOrder({ order: id })
  if (fresh !== undefined && sameHolder(fresh.holder, holder)) return { order: fresh, isNew: true }
  const order = readOrder(store, holder, id)
  if (order === undefined) throw errors.unknownOrder({ order: id })
  return { order, isNew: false }
}

/** Cancels one order. Throws `markets/9`. */
export function cancelOrder(context: Context, ports: MarketsPorts, holder: Holder, id: bigint): void {
  const { order, isNew } = requireOrder(context, holder, id)
  if (isNew) deleteNewOrder(context.store(MARKETS_STORE), id)
  else withdraw(context, order)
  const { remainingE9 } = order
  emitClosed(context, ports.addresses, order, { reason: 'cancelled', remainingE9 })
}

/**
 * Cancels all orders of a holder, or those of one market (0 = all); gives how many were resting. What is
 * new in this block ends with it.
 */
export function cancelAll(
  context: Context,
  ports: MarketsPorts,
  holder: Holder,
  { market, reason }: { readonly market: bigint; readonly reason: CloseReason },
): number {
  const store = context.store(MARKETS_STORE)
  const isDone = [0n, market].some((id) => haveOrdersEnded(store, 'cancelBelow', holder, id))
  endNewOrders(store, 'cancelBelow', holder, market)
  if (isDone) return 0
  return endResting(context, ports, holder, {
    isEnding: (order) => market === 0n || order.market === market,
    reason,
  })
}

/**
 * Ends some of a holder's resting orders; gives how many. Each has paid for its end when it was placed, and
 * there are at most `ordersMax`: whoever has many must get rid of them with the gas of one. To pass one that
 * stays has its price: nobody walks through his orders for nothing.
 */
export function endResting(
  context: Context,
  ports: MarketsPorts,
  holder: Holder,
  { isEnding, reason }: { readonly isEnding: (order: Order) => boolean; readonly reason: CloseReason },
): number {
  const ending: Order[] = []
  const priceOf = (order: Order) => (isEnding(order) ? 0 : GAS.passedOrder)
  for (const order of passedOrders(context, holder, priceOf)) if (isEnding(order)) ending.push(order)
  context.gas.prepaid(() => {
    for (const order of ending) {
      withdraw(context, order)
      emitClosed(context, ports.addresses, order, { reason, remainingE9: order.remainingE9 })
    }
  })
  return ending.length
}

/** Takes a resting order out of the store; its book follows at the block's end. */
export function withdraw(context: Context, order: Order): void {
  const store = context.store(MARKETS_STORE)
  deleteOrder(store, order)
  touchOrder(store, order.id)
}
