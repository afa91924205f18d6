import type { MsgMassQuote, Quote } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitClosed } from './events.ts'
import type { Market } from './market.ts'
import type { MarketsPorts } from './ports.ts'
import { readProtection } from './protection.ts'
import { MARKETS_STORE, endNewOrders, readMarket, storedOrders } from './state.ts'
import { withdraw } from './cancel-orders.ts'
import { enter, judgeOrder, requireMarket } from './place-order.ts'

/** Quotes in one message. */
export const QUOTES_MAX = 100

/** Judges the message alone. Throws `markets/11`. */
export function validateMassQuote({ quotes }: MsgMassQuote): void {
  const markets = new Set(quotes.map(({ market }) => market))
  if (quotes.length > QUOTES_MAX || markets.size < quotes.length)
    throw errors.tooManyQuotes({ max: QUOTES_MAX })
}

/**
 * Replaces a holder's quotes in an underlying by others, or by none; gives the ids of the new ones. Throws
 * `markets/1` – `/5`, `/12`, `/13`.
 */
export function massQuote(
  context: Context,
  ports: MarketsPorts,
  { underlying, quotes }: MsgMassQuote,
  from: { readonly holder: Holder; readonly nonce: bigint },
): bigint[] {
  const store = context.store(MARKETS_STORE)
  if (quotes.length > 0 && readProtection(store, from.holder, underlying)?.isFrozen === true)
    throw errors.frozen()
  // Placing them has paid for their end.
  context.gas.prepaid(() => replace(context, ports, from.holder, underlying))
  return quotes.flatMap((quote) => {
    const market = requireMarket(context, quote.market)
    if (market.underlying !== underlying) throw errors.otherUnderlying({ market: market.id })
    return sidesOf(quote).map((side) => quoteSide(context, ports, market, { ...side, ...from }))
  })
}

function replace(context: Context, ports: MarketsPorts, holder: Holder, underlying: bigint): void {
  const store = context.store(MARKETS_STORE)
  const ofUnderlying = new Map<bigint, boolean>()
  for (const order of [...storedOrders(store, holder)]) {
    if (!order.isQuote) continue
    let isReplaced = ofUnderlying.get(order.market)
    if (isReplaced === undefined) {
      isReplaced = readMarket(store, order.market)?.underlying === underlying
      ofUnderlying.set(order.market, isReplaced)
    }
    if (!isReplaced) continue
    withdraw(context, order)
    emitClosed(context, ports.addresses, order, { reason: 'replaced', remainingE9: order.remainingE9 })
  }
  endNewOrders(store, 'replaceBelow', holder, underlying)
}

interface QuoteSide {
  readonly isBuy: boolean
  readonly limitE9: bigint
  readonly sizeE9: bigint
}

function sidesOf({ bidE9, bidSizeE9, askE9, askSizeE9 }: Quote): QuoteSide[] {
  const sides = [
    { isBuy: true, limitE9: bidE9, sizeE9: bidSizeE9 },
    { isBuy: false, limitE9: askE9, sizeE9: askSizeE9 },
  ]
  return sides.filter(({ sizeE9 }) => sizeE9 > 0n)
}

function quoteSide(
  context: Context,
  ports: MarketsPorts,
  market: Market,
  { isBuy, limitE9, sizeE9, holder, nonce }: QuoteSide & { readonly holder: Holder; readonly nonce: bigint },
): bigint {
  const draft = {
    holder,
    nonce,
    market: market.id,
    isBuy,
    sizeE9,
    remainingE9: sizeE9,
    limitE9,
    type: 'limit',
    timeInForce: 'gtc',
    expireSeconds: 0n,
    isPostOnly: false,
    isReduceOnly: false,
    trigger: undefined,
    isQuote: true,
  } as const
  judgeOrder(context, ports, market, draft)
  return enter(context, ports, draft)
}
