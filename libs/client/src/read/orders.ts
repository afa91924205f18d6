// Open orders of a subaccount.
import { QueryOrdersRequest, QueryOrdersResponse } from '@causeway/protocol/causeway/markets/v1/query'
import type { Order } from '@causeway/protocol/causeway/markets/v1/markets'
import { holderText } from '../address.ts'
import { priceText } from '../decimal.ts'
import { errors } from '../errors.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'
import { ORDER_TYPES, TIMES_IN_FORCE, wordOf } from './names.ts'
import type { OrderType, Side, TimeInForce } from './names.ts'

/** An order that rests in a book, or waits for its trigger. */
export interface OpenOrder {
  readonly orderId: string
  readonly subaccount: number
  /** Symbol; the id in digits of a market that is not known by a symbol any more. */
  readonly market: string
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  /** As it was placed, and what is left of it. */
  readonly size: string
  readonly remaining: string
  readonly limit: string
  readonly expirySeconds?: number
  readonly postOnly: boolean
  readonly reduceOnly: boolean
  /** Waits until the mark is at or above, or at or below, a price. */
  readonly trigger?: { readonly price: string; readonly above: boolean }
  /** Of a mass quote. */
  readonly isQuote: boolean
  /** Client order id: the nonce that it was sent with. */
  readonly nonce: string
  readonly entryHeight: string
}

const ordersQuery = queryOf('causeway.markets.v1', 'Orders', QueryOrdersRequest, QueryOrdersResponse)

/** Open orders of a subaccount, ascending by id; `symbolOf` names markets. */
export async function readOrders(
  hub: Hub,
  holder: { readonly address: string; readonly subaccount: number },
  symbolOf: (id: bigint) => string,
): Promise<OpenOrder[]> {
  const account = holderText(holder.address, holder.subaccount)
  const { orders, height } = await ask(hub.rpc, ordersQuery, { account, market: 0n })
  hub.sawHeight(height)
  return orders.map((order) => openOrder(order, symbolOf))
}

function openOrder(order: Order, symbolOf: (id: bigint) => string): OpenOrder {
  const type = wordOf(ORDER_TYPES, order.type)
  const timeInForce = wordOf(TIMES_IN_FORCE, order.timeInForce)
  if (type === undefined || timeInForce === undefined) {
    throw errors.badAnswer({ what: `order ${order.id}`, reason: 'its kind is unknown' })
  }
  return {
    orderId: order.id.toString(),
    subaccount: order.subaccount,
    market: symbolOf(order.market),
    side: order.isBuy ? 'buy' : 'sell',
    type,
    timeInForce,
    size: priceText(order.sizeE9),
    remaining: priceText(order.remainingE9),
    limit: priceText(order.limitE9),
    ...(order.expireSeconds === 0n ? {} : { expirySeconds: Number(order.expireSeconds) }),
    postOnly: order.postOnly,
    reduceOnly: order.reduceOnly,
    ...(order.triggerE9 === 0n
      ? {}
      : { trigger: { price: priceText(order.triggerE9), above: order.triggerAbove } }),
    isQuote: order.isQuote,
    nonce: order.nonce.toString(),
    entryHeight: order.entryHeight.toString(),
  }
}
