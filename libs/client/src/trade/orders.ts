// Orders of one account: placed, amended, cancelled.
import { fromUnits, PRICE_DIGITS, priceText, readInteger, toUnits } from '../decimal.ts'
import { MsgCancelAllResponse, MsgPlaceOrderResponse } from '@causeway/protocol/causeway/markets/v1/tx'
import { errors, isClientError } from '../errors.ts'
import { readBook } from '../read/book.ts'
import { closedOf, fillOf } from '../read/fills.ts'
import type { Fill } from '../read/fills.ts'
import { readOrders } from '../read/orders.ts'
import { blockEvents } from '../rpc/transactions.ts'
import type { IncludedTransaction } from '../rpc/transactions.ts'
import { tradeMessages } from '../transactions/messages.ts'
import type { SendOptions } from '../transactions/sender.ts'
import { acting, answerOf, readAfter, sentOf, trade } from './context.ts'
import type { Sent, TraderContext } from './context.ts'
import { onGrid, orderMessage } from './order-terms.ts'
import type { OrderTerms } from './order-terms.ts'

/** An order that the hub took, and what the auction of its block made of it. */
export interface PlacedOrder extends Sent {
  readonly orderId: string
  /** The worst price that was sent. */
  readonly limit: string
  readonly filled: string
  readonly remaining: string
  /** What was paid or got for 1.0, rounded down. */
  readonly averagePrice?: string
  /** Cash; negative: a rebate. */
  readonly fee: string
  readonly fills: readonly Fill[]
  /** `resting`: in the book or waiting for its trigger; else why it is over: docs/markets.md, “Orders”. */
  readonly status: string
}

/** An order that was handed over and not waited for. */
export interface OfferedOrder {
  readonly txHash: string
  /** Client order id: the order's nonce in the hub's events. */
  readonly nonce: string
  /** The last height that may include it. */
  readonly untilHeight: string
}

/** What an order is named by: its id, and its subaccount where that is not the trader's. */
export interface OrderName extends SendOptions {
  readonly subaccount?: number
}

/** Orders of a trader. */
export interface OrderActions {
  /** Places an order, waits for its block, and tells what was filled. */
  order(terms: OrderTerms, options?: SendOptions): Promise<PlacedOrder>
  /** Hands an order over without waiting for a block: for programs that follow fills by `subscribe`. */
  offerOrder(terms: OrderTerms, options?: SendOptions): Promise<OfferedOrder>
  cancel(orderId: string, options?: OrderName): Promise<Sent>
  /** Cancels all orders of the subaccount, or those of one market. */
  cancelAll(options?: OrderName & { readonly market?: string }): Promise<Sent & { readonly count: number }>
  /** Changes what is left of an order, or its limit: less at the same price keeps its place. */
  amend(
    orderId: string,
    change: { readonly remaining?: string; readonly limit?: string },
    options?: OrderName,
  ): Promise<Sent>
  /** Cancels everything so many seconds from now, unless this is called again; 0 ends it. */
  cancelAllAfter(seconds: number, options?: OrderName): Promise<Sent>
}

const SECONDS_MAX = 2 ** 32

/** The order actions of a trader. */
export function orderActions(context: TraderContext): OrderActions {
  return {
    order: (terms, options) => placeOrder(context, terms, options),
    async offerOrder(terms, options) {
      const message = await readOrder(context, terms)
      const { sender, trading, address } = context
      const offered = await sender.offerTrade(trading, address, [tradeMessages.placeOrder(message)], options)
      const { txHash, nonce, untilHeight } = offered
      return { txHash, nonce: nonce.toString(), untilHeight: untilHeight.toString() }
    },
    async cancel(orderId, options = {}) {
      const message = { ...(await acting(context, options.subaccount)), orderId: idOf(orderId) }
      return sentOf(await trade(context, tradeMessages.cancelOrder(message), options))
    },
    async cancelAll(options = {}) {
      const { market: symbol, subaccount } = options
      const market = symbol === undefined ? 0n : BigInt((await context.markets.bySymbol(symbol)).id)
      const message = tradeMessages.cancelAll({ ...(await acting(context, subaccount)), market })
      const included = await trade(context, message, options)
      const name = 'causeway.markets.v1.MsgCancelAllResponse'
      return { ...sentOf(included), count: answerOf(included, name, MsgCancelAllResponse).count }
    },
    amend: (orderId, change, options) => amendOrder(context, { orderId, ...change }, options),
    async cancelAllAfter(seconds, options = {}) {
      if (!Number.isInteger(seconds) || seconds < 0 || seconds > SECONDS_MAX) {
        throw errors.badArgument({ name: 'seconds', expected: 'whole seconds from now, or 0' })
      }
      const message = { ...(await acting(context, options.subaccount)), seconds: BigInt(seconds) }
      return sentOf(await trade(context, tradeMessages.cancelAllAfter(message), options))
    },
  }
}

async function readOrder(context: TraderContext, terms: OrderTerms) {
  const market = await context.markets.bySymbol(terms.market)
  const liquidity = { book: () => readBook(context.hub, market, 200) }
  const [order, actor] = await Promise.all([
    orderMessage(terms, market, liquidity),
    acting(context, terms.subaccount),
  ])
  return { ...order, ...actor }
}

async function placeOrder(
  context: TraderContext,
  terms: OrderTerms,
  options?: SendOptions,
): Promise<PlacedOrder> {
  const message = await readOrder(context, terms)
  let included: IncludedTransaction
  try {
    included = await trade(context, tradeMessages.placeOrder(message), options)
  } catch (error) {
    const isGone = isClientError(error) && error.codespace === 'markets' && error.code === 1
    if (isGone) context.markets.forget(terms.market)
    throw error
  }
  const name = 'causeway.markets.v1.MsgPlaceOrderResponse'
  const orderId = answerOf(included, name, MsgPlaceOrderResponse).orderId.toString()
  const outcome = await readAfter(included, async () =>
    outcomeOf(orderId, await blockEvents(context.hub.rpc, included.height), message.sizeE9),
  )
  return { ...sentOf(included), orderId, limit: priceText(message.limitE9), ...outcome }
}

type AuctionOutcome = Pick<PlacedOrder, 'filled' | 'remaining' | 'averagePrice' | 'fee' | 'fills' | 'status'>

/** What the events of its block tell of an order. */
function outcomeOf(
  orderId: string,
  events: Awaited<ReturnType<typeof blockEvents>>,
  sizeE9: bigint,
): AuctionOutcome {
  const fills = events.map(fillOf).filter((fill) => fill?.orderId === orderId) as Fill[]
  const closed = events.map(closedOf).find((each) => each?.orderId === orderId)
  const units = (text: string) => toUnits(text, PRICE_DIGITS, 'a fill')
  const filledE9 = fills.reduce((sum, { size }) => sum + units(size), 0n)
  const paidE18 = fills.reduce((sum, { size, price }) => sum + units(size) * units(price), 0n)
  const feeE6 = fills.reduce((sum, { fee }) => sum + toUnits(fee, 6, 'a fee'), 0n)
  return {
    filled: priceText(filledE9),
    remaining: priceText(sizeE9 - filledE9),
    ...(filledE9 === 0n ? {} : { averagePrice: priceText(paidE18 / filledE9) }),
    fee: fromUnits(feeE6, 6),
    fills,
    status: closed?.reason ?? (filledE9 === sizeE9 ? 'filled' : 'resting'),
  }
}

async function amendOrder(
  context: TraderContext,
  change: { readonly orderId: string; readonly remaining?: string; readonly limit?: string },
  options: OrderName = {},
): Promise<Sent> {
  const actor = await acting(context, options.subaccount)
  const holder = { address: actor.signer, subaccount: actor.subaccount }
  await context.markets.all()
  const open = await readOrders(context.hub, holder, (id) => context.markets.symbolOf(id))
  const order = open.find(({ orderId }) => orderId === change.orderId)
  if (order === undefined) {
    throw errors.badArgument({ name: 'orderId', expected: 'an open order of this subaccount' })
  }
  const market = await context.markets.bySymbol(order.market)
  const message = {
    ...actor,
    orderId: idOf(change.orderId),
    remainingE9: onGrid(change.remaining ?? order.remaining, market.lot, 'remaining'),
    limitE9: onGrid(change.limit ?? order.limit, market.tick, 'limit'),
  }
  return sentOf(await trade(context, tradeMessages.amendOrder(message), options))
}

function idOf(orderId: string): bigint {
  const isId = typeof orderId === 'string' && /^[1-9][0-9]{0,19}$/.test(orderId)
  if (!isId) throw errors.badArgument({ name: 'orderId', expected: 'the number of an order, as text' })
  return readInteger(orderId, 'orderId')
}
