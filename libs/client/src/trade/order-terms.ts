// What an order says, checked against its market before anybody signs.
import type { MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import { PRICE_DIGITS, toPositiveUnits, toUnits } from '../decimal.ts'
import { errors } from '../errors.ts'
import type { BookSnapshot } from '../read/book.ts'
import type { MarketRow } from '../read/markets.ts'
import { ORDER_TYPES, TIMES_IN_FORCE } from '../read/names.ts'
import type { OrderType, Side, TimeInForce } from '../read/names.ts'

/** An order. Sizes are in 1.0 of the underlying, prices in cash per 1.0; both decimal texts. */
export interface OrderTerms {
  /** Symbol. */
  readonly market: string
  readonly side: Side
  readonly size: string
  /**
   * The worst price. Without one the order takes what the book offers now, up to 1 % (`slippage`) beyond the
   * level that fills it, and does not rest.
   */
  readonly limit?: string
  /** Of an order without a limit: how far beyond the book's level it may go, `0.01` being 1 %. */
  readonly slippage?: string
  /** Default `limit`; a `market` order never rests, and its limit lies within 5 % of the mark. */
  readonly type?: OrderType
  /** Default: `gtc` with a limit, else `ioc`. */
  readonly timeInForce?: TimeInForce
  /** With `gtt`: seconds since 1970. */
  readonly expirySeconds?: number
  readonly postOnly?: boolean
  readonly reduceOnly?: boolean
  /** Enters when the mark is at or above (`above`), or at or below, a price. */
  readonly trigger?: { readonly price: string; readonly above: boolean }
  readonly subaccount?: number
}

/** What an order without a limit goes by. */
export interface Liquidity {
  /** A book of the market. */
  book(): Promise<BookSnapshot>
}

const SLIPPAGE_DEFAULT = '0.01'
const SECONDS_MAX = 2 ** 40

/** The message of an order but for who sends it. Throws `client/20`, `client/22`, `client/23`. */
export async function orderMessage(
  terms: OrderTerms,
  market: MarketRow,
  liquidity: Liquidity,
): Promise<Omit<MsgPlaceOrder, 'signer' | 'subaccount'>> {
  const { side, limit, trigger, type = 'limit', expirySeconds } = terms
  if (side !== 'buy' && side !== 'sell') throw errors.badArgument({ name: 'side', expected: 'buy or sell' })
  const isAtOnce = limit === undefined || type === 'market'
  const timeInForce = terms.timeInForce ?? (expirySeconds === undefined ? (isAtOnce ? 'ioc' : 'gtc') : 'gtt')
  checkKind(type, timeInForce)
  if (trigger !== undefined && limit === undefined) {
    throw errors.badArgument({ name: 'limit', expected: 'a price, since the order waits for its trigger' })
  }
  const sizeE9 = onGrid(terms.size, market.lot, 'size')
  return {
    market: BigInt(market.id),
    isBuy: side === 'buy',
    sizeE9,
    limitE9:
      limit === undefined
        ? await limitByBook(terms, { market, sizeE9 }, liquidity)
        : onGrid(limit, market.tick, 'limit'),
    type: ORDER_TYPES[type],
    timeInForce: TIMES_IN_FORCE[timeInForce],
    expireSeconds: expirySeconds === undefined ? 0n : secondsOf(expirySeconds),
    postOnly: terms.postOnly ?? false,
    reduceOnly: terms.reduceOnly ?? false,
    triggerE9: trigger === undefined ? 0n : onGrid(trigger.price, market.tick, 'trigger'),
    triggerAbove: trigger?.above ?? false,
    // A trade transaction's nonce is the client order id.
    nonce: 0n,
  }
}

/** A positive decimal in 10⁻⁹ that is a multiple of a step. Throws `client/20`, `client/22`. */
export function onGrid(text: string, step: string, name: string): bigint {
  const units = toPositiveUnits(text, PRICE_DIGITS, name)
  if (units % toUnits(step, PRICE_DIGITS, name) !== 0n) throw errors.offGrid({ name, value: text, step })
  return units
}

function checkKind(type: string, timeInForce: string): void {
  if (!Object.hasOwn(ORDER_TYPES, type))
    throw errors.badArgument({ name: 'type', expected: 'limit or market' })
  if (!Object.hasOwn(TIMES_IN_FORCE, timeInForce)) {
    throw errors.badArgument({ name: 'timeInForce', expected: 'gtc, ioc, fok or gtt' })
  }
}

function secondsOf(seconds: number): bigint {
  if (Number.isInteger(seconds) && seconds > 0 && seconds < SECONDS_MAX) return BigInt(seconds)
  throw errors.badArgument({ name: 'expirySeconds', expected: 'whole seconds since 1970' })
}

/** The level at which the book fills the whole size (or its last level), and so much beyond; on the tick. */
async function limitByBook(
  { side, slippage = SLIPPAGE_DEFAULT }: OrderTerms,
  { market, sizeE9 }: { readonly market: MarketRow; readonly sizeE9: bigint },
  liquidity: Liquidity,
): Promise<bigint> {
  const { bids, asks } = await liquidity.book()
  const levels = side === 'buy' ? asks : bids
  let left = sizeE9
  const reached = levels.find((level) => (left -= level.sizeE9) <= 0n) ?? levels.at(-1)
  if (reached === undefined) throw errors.nothingOffered({ symbol: market.symbol, side })
  const shareE9 = toUnits(slippage, PRICE_DIGITS, 'slippage')
  if (shareE9 < 0n || shareE9 >= 10n ** 9n) {
    throw errors.badArgument({ name: 'slippage', expected: 'a share from 0 to 1, such as 0.01' })
  }
  const beyond = (reached.priceE9 * shareE9) / 10n ** 9n
  const worst = side === 'buy' ? reached.priceE9 + beyond : reached.priceE9 - beyond
  const tick = toUnits(market.tick, PRICE_DIGITS, 'tick')
  // Towards the book, so that the slippage is never more than was said; the level itself is on the tick.
  return side === 'buy' ? (worst / tick) * tick : ((worst + tick - 1n) / tick) * tick
}
