// Market makers: mass quotes and their protection.
import { MsgMassQuoteResponse } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Quote } from '@causeway/protocol/causeway/markets/v1/tx'
import { CASH_DIGITS, PRICE_DIGITS, toUnits } from '../decimal.ts'
import { errors } from '../errors.ts'
import { findUnderlying } from '../read/markets.ts'
import { tradeMessages } from '../transactions/messages.ts'
import type { SendOptions } from '../transactions/sender.ts'
import { acting, answerOf, sentOf, trade } from './context.ts'
import type { Sent, TraderContext } from './context.ts'
import { onGrid } from './order-terms.ts'

/** One side of a quote; decimal texts. */
export interface QuoteSide {
  readonly price: string
  readonly size: string
}

/** A market's quote: a side that is absent is left out. */
export interface MarketQuote {
  /** Symbol. */
  readonly market: string
  readonly bid?: QuoteSide
  readonly ask?: QuoteSide
}

/** Of which subaccount. Default: the trader's. */
export interface MakerOptions extends SendOptions {
  readonly subaccount?: number
}

/** Quotes that the hub took. */
export interface PlacedQuotes extends Sent {
  /** Bid before ask, in the order of the quotes. */
  readonly orderIds: readonly string[]
}

/** What may be filled of a subaccount's quotes in a window; what is absent has no limit. */
export interface ProtectionTerms {
  /** Seconds; 0 ends the protection. */
  readonly windowSeconds: number
  readonly size?: string
  readonly delta?: string
  /** Cash for a point of volatility. */
  readonly vega?: string
}

/** Market makers' actions. */
export interface MakerActions {
  /**
   * Replaces all quotes of the subaccount in an underlying (by name or asset id) by these, all or none; at
   * most 100.
   */
  massQuote(underlying: string, quotes: readonly MarketQuote[], options?: MakerOptions): Promise<PlacedQuotes>
  setProtection(underlying: string, terms: ProtectionTerms, options?: MakerOptions): Promise<Sent>
  /** Ends a freeze: quotes are taken again. */
  resetProtection(underlying: string, options?: MakerOptions): Promise<Sent>
}

const QUOTES_MAX = 100

/** The market makers' actions of a trader. */
export function makerActions(context: TraderContext): MakerActions {
  return {
    async massQuote(underlying, quotes, options = {}) {
      if (quotes.length > QUOTES_MAX)
        throw errors.badArgument({ name: 'quotes', expected: `at most ${QUOTES_MAX}` })
      const message = {
        ...(await acting(context, options.subaccount)),
        underlying: await underlyingId(context, underlying),
        quotes: await Promise.all(quotes.map((quote) => quoteOf(context, quote))),
        // The transaction's nonce is the client order id.
        nonce: 0n,
      }
      const included = await trade(context, tradeMessages.massQuote(message), options)
      const name = 'causeway.markets.v1.MsgMassQuoteResponse'
      const { orderIds } = answerOf(included, name, MsgMassQuoteResponse)
      return { ...sentOf(included), orderIds: orderIds.map((id) => id.toString()) }
    },
    async setProtection(underlying, terms, options = {}) {
      const { windowSeconds, size = '0', delta = '0', vega = '0' } = terms
      if (!Number.isInteger(windowSeconds) || windowSeconds < 0) {
        throw errors.badArgument({ name: 'windowSeconds', expected: 'whole seconds' })
      }
      const message = {
        ...(await acting(context, options.subaccount)),
        underlying: await underlyingId(context, underlying),
        windowSeconds: BigInt(windowSeconds),
        sizeMaxE9: notNegative(size, PRICE_DIGITS, 'size'),
        deltaMaxE9: notNegative(delta, PRICE_DIGITS, 'delta'),
        vegaMaxE6: notNegative(vega, CASH_DIGITS, 'vega'),
      }
      return sentOf(await trade(context, tradeMessages.setProtection(message), options))
    },
    async resetProtection(underlying, options = {}) {
      const asset = await underlyingId(context, underlying)
      const message = { ...(await acting(context, options.subaccount)), underlying: asset }
      return sentOf(await trade(context, tradeMessages.resetProtection(message), options))
    },
  }
}

async function quoteOf(
  { markets }: TraderContext,
  { market: symbol, bid, ask }: MarketQuote,
): Promise<Quote> {
  const market = await markets.bySymbol(symbol)
  const price = (side: QuoteSide | undefined, name: string) =>
    side === undefined ? 0n : onGrid(side.price, market.tick, `${symbol}, ${name}`)
  const size = (side: QuoteSide | undefined, name: string) =>
    side === undefined ? 0n : onGrid(side.size, market.lot, `${symbol}, ${name}`)
  return {
    market: BigInt(market.id),
    bidE9: price(bid, 'bid'),
    bidSizeE9: size(bid, 'bid size'),
    askE9: price(ask, 'ask'),
    askSizeE9: size(ask, 'ask size'),
  }
}

async function underlyingId({ hub }: TraderContext, named: string): Promise<bigint> {
  return BigInt((await findUnderlying(hub, named)).asset)
}

function notNegative(text: string, digits: number, name: string): bigint {
  const units = toUnits(text, digits, name)
  if (units < 0n) throw errors.badArgument({ name, expected: 'a number not below zero' })
  return units
}
