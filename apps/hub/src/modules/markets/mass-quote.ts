import type { MsgMassQuote, Quote } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import type { Market, Order } from './market.ts'
import type { MarketsPorts } from './ports.ts'
import { readProtection } from './protection.ts'
import { MARKETS_STORE, endNewOrders, haveOrdersEnded, readMarket } from './state.ts'
import { endResting } from './cancel-orders.ts'
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
  replace(context, ports, from.holder, underlying)
  return quotes.flatMap((quote) => {
    const market = requireMarket(context, quote.market)
    if (market.underlying !== underlying) throw errors.otherUnderlying({ market: market.id })
    return sidesOf(quote).map((side) => quoteSide(context, ports, market, { ...side, ...from }))
  })
}

function replace(context: Context, ports: MarketsPorts, holder: Holder, underlying: bigint): void {
  const store = context.store(MARKETS_STORE)
  const isDone =
    haveOrdersEnded(store, 'replaceBelow', holder, underlying) ||
    haveOrdersEnded(store, 'cancelBelow', holder, 0n)
  endNewOrders(store, 'replaceBelow', holder, underlying)
  if (isDone) return
  const ofUnderlying = new Map<bigint, boolean>()
  const isEnding = ({ isQuote, market }: Order) => {
    if (!isQuote) return false
    let isReplaced = ofUnderlying.get(market)
    if (isReplaced === undefined) {
      isReplaced = readMarket(store, market)?.underlying === underlying
      ofUnderlying.set(market, isReplaced)
    }
    return isReplaced
  }
  endResting(context, ports, holder, { isEnding, reason: 'replaced' })
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
