import type { MsgAmendOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitOrder } from './events.ts'
import type { Order } from './market.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE, touchOrder, writeNewOrder, writeOrder } from './state.ts'
import { requireOrder, withdraw } from './cancel-orders.ts'
import { ORDER_SIZE_E9_MAX, judgeOrder, requireMarket } from './place-order.ts'

/**
 * Changes what is left of an order, or its limit. Less of it at the same price keeps its place; anything else
 * enters anew under the same id. Throws `markets/2` – `/5`, `/9`, `/17`.
 */
export function amendOrder(
  context: Context,
  ports: MarketsPorts,
  holder: Holder,
  { orderId, remainingE9, limitE9 }: MsgAmendOrder,
): void {
  const store = context.store(MARKETS_STORE)
  const { order, isNew } = requireOrder(context, holder, orderId)
  if (order.type === 'market') throw errors.badAmend({ reason: 'a market order is for at once' })
  const market = requireMarket(context, order.market)
  judgeOrder(context, ports, market, { ...order, sizeE9: remainingE9, limitE9 })
  const sizeE9 = order.sizeE9 - order.remainingE9 + remainingE9
  if (sizeE9 > ORDER_SIZE_E9_MAX) throw errors.badAmend({ reason: 'with what was filled it is too large' })
  const isInPlace =
    order.trigger !== undefined || (limitE9 === order.limitE9 && remainingE9 <= order.remainingE9)
  const entryHeight = isInPlace ? order.entryHeight : context.height
  const amended: Order = { ...order, sizeE9, remainingE9, limitE9, entryHeight }
  if (isNew) writeNewOrder(store, amended)
  else if (isInPlace) {
    writeOrder(store, amended)
    touchOrder(store, order.id)
  } else {
    withdraw(context, order)
    writeNewOrder(store, amended)
  }
  emitOrder(context, ports.addresses, amended)
}
