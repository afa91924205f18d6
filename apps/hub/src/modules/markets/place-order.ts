// What makes an order fit to enter the auction of its block. It enters at the block's end, with all others.
import type { MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { orderTypeOf, timeInForceOf } from './codecs.ts'
import { errors } from './errors.ts'
import { emitOrder } from './events.ts'
import type { Market, Order } from './market.ts'
import { marketMarkE9 } from './marks.ts'
import type { MarketsPorts } from './ports.ts'
import { marketOrderLimitE9 } from './pure/bands.ts'
import { isOrderSize, isPrice } from './pure/grid.ts'
import { MARKETS_STORE, readMarket, takeId, writeNewOrder } from './state.ts'

/** An order that has no id yet. */
export type OrderDraft = Omit<Order, 'id' | 'entryHeight'>

/** Judges the message alone. Throws `markets/6`. */
export function validatePlaceOrder(message: MsgPlaceOrder): void {
  const { expireSeconds, postOnly, reduceOnly, triggerE9, triggerAbove } = message
  const type = orderTypeOf(message.type)
  const timeInForce = timeInForceOf(message.timeInForce)
  const refuse = (reason: string) => errors.badOrder({ reason })
  if (type === undefined) throw refuse('its type is 1 or 2')
  if (timeInForce === undefined) throw refuse('its time in force is 1 to 4')
  const isAtOnce = timeInForce === 'ioc' || timeInForce === 'fok'
  if (type === 'market' && !isAtOnce) throw refuse('a market order does not rest')
  if (postOnly && isAtOnce) throw refuse('what only rests is not for at once')
  if ((timeInForce === 'gtt') !== expireSeconds > 0n) throw refuse('a time goes with good till a time')
  if (triggerAbove && triggerE9 === 0n) throw refuse('above which trigger?')
  if (postOnly && triggerE9 > 0n) throw refuse('what is triggered takes')
  if (reduceOnly && timeInForce === 'fok') throw refuse('what is cut to the position is not all or none')
}

/** Places an order; gives its id. Throws `markets/1` – `/5`, `/7`, `/8`, `/10`. */
export function placeOrder(
  context: Context,
  ports: MarketsPorts,
  message: MsgPlaceOrder,
  from: { readonly holder: Holder; readonly nonce: bigint },
): bigint {
  const market = requireMarket(context, message.market)
  const { triggerE9, triggerAbove, expireSeconds } = message
  const draft: OrderDraft = {
    holder: from.holder,
    nonce: from.nonce,
    market: market.id,
    isBuy: message.isBuy,
    sizeE9: message.sizeE9,
    remainingE9: message.sizeE9,
    limitE9: message.limitE9,
    type: orderTypeOf(message.type)!,
    timeInForce: timeInForceOf(message.timeInForce)!,
    expireSeconds,
    isPostOnly: message.postOnly,
    isReduceOnly: message.reduceOnly,
    trigger: triggerE9 === 0n ? undefined : { priceE9: triggerE9, isAbove: triggerAbove },
    isQuote: false,
  }
  judgeOrder(context, ports, market, draft)
  if (draft.type === 'market' && draft.trigger === undefined) requireWorst(context, ports, market, draft)
  return enter(context, ports, draft)
}

/** The market of an order. Throws `markets/1`. */
export function requireMarket(context: ReadContext, id: bigint): Market {
  const market = readMarket(context.store(MARKETS_STORE), id)
  if (market === undefined) throw errors.unknownMarket({ market: id })
  return market
}

/** Whether only what reduces positions may be done: by a vote, or for want of a fresh price. */
export function isReduceOnly(context: ReadContext, ports: MarketsPorts, market: Market): boolean {
  return market.status === 'reduceOnly' || !ports.prices.isTold(context, market)
}

/** Whether a market trades at the context's time. */
export function isTrading(context: ReadContext, market: Market): boolean {
  if (market.status !== 'open' && market.status !== 'reduceOnly') return false
  return market.expirySeconds === 0n || context.timeSeconds < market.expirySeconds
}

/** No order is worth more than 10¹² cash at its limit: whatever comes of it can be counted. */
export const NOTIONAL_E18_MAX = 10n ** 30n
/** No order, filled or not, is larger, in 10⁻⁹. */
export const ORDER_SIZE_E9_MAX = 2n ** 62n

/** What is so of every order in a market. Throws `markets/2` – `/6`, `/10`. */
export function judgeOrder(
  context: ReadContext,
  ports: MarketsPorts,
  market: Market,
  order: Pick<Order, 'sizeE9' | 'limitE9' | 'isReduceOnly' | 'expireSeconds' | 'trigger'>,
): void {
  const { id, tickE9 } = market
  if (!isTrading(context, market)) {
    const isOver = market.expirySeconds > 0n && context.timeSeconds >= market.expirySeconds
    throw errors.notOpen({ market: id, status: isOver ? 'over' : market.status })
  }
  requireBounds(market, order.sizeE9, order.limitE9)
  if (order.trigger !== undefined && !isPrice(order.trigger.priceE9, market))
    throw errors.badPrice({ tickE9 })
  if (order.isReduceOnly && market.kind === 'spot')
    throw errors.badOrder({ reason: 'spot has no positions to reduce' })
  if (order.expireSeconds > 0n && order.expireSeconds <= context.timeSeconds)
    throw errors.expired({ seconds: order.expireSeconds })
  if (!order.isReduceOnly && isReduceOnly(context, ports, market)) throw errors.reduceOnly({ market: id })
}

/** Whether an order, or a trade, can be of this size at this price. Throws `markets/4` – `/6`. */
export function requireBounds(market: Market, sizeE9: bigint, priceE9: bigint): void {
  const { tickE9, lotE9 } = market
  if (!isOrderSize(sizeE9, market) || sizeE9 > ORDER_SIZE_E9_MAX) throw errors.badSize({ lotE9 })
  if (!isPrice(priceE9, market)) throw errors.badPrice({ tickE9 })
  if (sizeE9 * priceE9 > NOTIONAL_E18_MAX)
    throw errors.badOrder({ reason: 'it is worth more than 10^12 cash' })
}

/** Gives an order its id and its place among the block's new orders. */
export function enter(context: Context, ports: MarketsPorts, draft: OrderDraft): bigint {
  const store = context.store(MARKETS_STORE)
  const id = takeId(store, 'nextOrder', ports.zone(context))
  const order: Order = { ...draft, id, entryHeight: context.height }
  writeNewOrder(store, order)
  emitOrder(context, ports.addresses, order)
  return id
}

function requireWorst(context: ReadContext, ports: MarketsPorts, market: Market, draft: OrderDraft): void {
  const markE9 = marketMarkE9(context, ports, market)
  if (markE9 === undefined) throw errors.noMark({ market: market.id })
  const { isBuy, limitE9 } = draft
  const worstE9 = marketOrderLimitE9(isBuy, limitE9, markE9)
  if (worstE9 !== limitE9) throw errors.beyondWorst({ limitE9, worstE9 })
}
