// Events of markets. Numbers are decimal texts; what nobody searches by is unindexed.
import type { Context, EventAttributes } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import type { Market, MarketFigures, Order } from './market.ts'

/** Why an order is over without having been filled. */
export type CloseReason =
  | 'cancelled'
  | 'replaced'
  | 'expired'
  | 'immediate'
  | 'fillOrKill'
  | 'postOnly'
  | 'selfTrade'
  | 'margin'
  | 'reduceOnly'
  | 'limit'
  | 'protection'
  | 'notRenewed'
  | 'marketClosed'
  | 'noPrice'
  | 'liquidation'

/** An order entered, or what it is after it was amended or triggered. */
export function emitOrder(context: Context, addresses: AddressCodec, order: Order): void {
  const { holder, trigger } = order
  context.emit('causeway.markets.v1.order', searchedBy(addresses, order), {
    subaccount: `${holder.subaccount}`,
    order: `${order.id}`,
    side: order.isBuy ? 'buy' : 'sell',
    type: order.type,
    time_in_force: order.timeInForce,
    size_e9: `${order.sizeE9}`,
    remaining_e9: `${order.remainingE9}`,
    limit_e9: `${order.limitE9}`,
    expire_seconds: `${order.expireSeconds}`,
    flags: flagsOf(order),
    trigger_e9: trigger === undefined ? '' : `${trigger.isAbove ? '>=' : '<='}${trigger.priceE9}`,
    nonce: `${order.nonce}`,
  })
}

/** An order is over with so much unfilled. */
export function emitClosed(
  context: Context,
  addresses: AddressCodec,
  order: Pick<Order, 'holder' | 'market' | 'id'>,
  closed: { readonly reason: CloseReason; readonly remainingE9: bigint },
): void {
  context.emit('causeway.markets.v1.closed', searchedBy(addresses, order), {
    subaccount: `${order.holder.subaccount}`,
    order: `${order.id}`,
    reason: closed.reason,
    remaining_e9: `${closed.remainingE9}`,
  })
}

/** One order's part of an auction, or of a trade made elsewhere (`order` 0). */
export interface FillFacts {
  readonly holder: Holder
  readonly market: bigint
  readonly order: bigint
  readonly isBuy: boolean
  readonly priceE9: bigint
  readonly sizeE9: bigint
  readonly feeE6: bigint
  /** Off the grid only, where the price is rounded: what the size went for; below 0 it was given away. */
  readonly notionalE6?: bigint
  /** `maker`, `taker`, or `rfq`, `venue`. */
  readonly role: string
  /** What the order has left; 0: it is over. */
  readonly remainingE9: bigint
}

/** Tells a fill. */
export function emitFill(context: Context, addresses: AddressCodec, fill: FillFacts): void {
  context.emit('causeway.markets.v1.fill', searchedBy(addresses, fill), {
    subaccount: `${fill.holder.subaccount}`,
    order: `${fill.order}`,
    side: fill.isBuy ? 'buy' : 'sell',
    price_e9: `${fill.priceE9}`,
    size_e9: `${fill.sizeE9}`,
    ...(fill.notionalE6 === undefined ? {} : { notional_e6: `${fill.notionalE6}` }),
    fee_e6: `${fill.feeE6}`,
    role: fill.role,
    remaining_e9: `${fill.remainingE9}`,
  })
}

/** An auction that cleared. */
export function emitAuction(
  context: Context,
  auction: {
    readonly market: bigint
    readonly priceE9: bigint
    readonly volumeE9: bigint
    readonly fills: number
  },
): void {
  const { market, priceE9, volumeE9, fills } = auction
  const rest = { price_e9: `${priceE9}`, volume_e9: `${volumeE9}`, fills: `${fills}` }
  context.emit('causeway.markets.v1.auction', { market: `${market}` }, rest)
}

/**
 * How a book has changed: `b` or `a`, price and what stands there now (0: nothing), as `b3000000000:25000`,
 * comma-separated; the checksum is of the book after it.
 */
export function emitBook(
  context: Context,
  book: {
    readonly market: bigint
    readonly sequence: bigint
    readonly changes: string
    readonly checksum: string
  },
): void {
  const { market, sequence, changes, checksum } = book
  const searched = { market: `${market}` }
  context.emit('causeway.markets.v1.book', searched, { sequence: `${sequence}`, changes, checksum })
}

/** A market is listed, or has another status. */
export function emitMarket(context: Context, market: Market): void {
  context.emit(
    'causeway.markets.v1.market',
    { market: `${market.id}`, symbol: market.symbol, status: market.status },
    {
      kind: market.kind,
      underlying: `${market.underlying}`,
      expiry_seconds: `${market.expirySeconds}`,
      strike_e9: `${market.strikeE9}`,
      is_call: `${market.isCall}`,
      tick_e9: `${market.tickE9}`,
      lot_e9: `${market.lotE9}`,
      tier: `${market.tier}`,
    },
  )
}

/** At which volatility, within 5 points of the oracle's, an option is marked from now on; 0: the oracle's. */
export function emitVolatility(context: Context, market: bigint, volatilityE9: bigint): void {
  const searched = { market: `${market}` }
  context.emit('causeway.markets.v1.volatility', searched, { volatility_e9: `${volatilityE9}` })
}

/** What a perpetual pays from now on. */
export function emitFunding(context: Context, market: bigint, figures: MarketFigures): void {
  const { funding, markE9, indexE9 } = figures
  context.emit(
    'causeway.markets.v1.funding',
    { market: `${market}` },
    {
      rate_e9_per_hour: `${funding?.rateE9PerHour ?? 0n}`,
      index: `${funding?.index ?? 0n}`,
      mark_e9: `${markE9}`,
      price_e9: `${indexE9}`,
    },
  )
}

/** Funding that a position has received (paid, if negative) since it was settled last. */
export function emitFundingPaid(
  context: Context,
  addresses: AddressCodec,
  { holder, market, amountE6 }: { holder: Holder; market: bigint; amountE6: bigint },
): void {
  const searched = { ...owned(addresses, holder), market: `${market}` }
  context.emit('causeway.markets.v1.funding_paid', searched, { amount_e6: `${amountE6}` })
}

/** An expiry has its settlement price. */
export function emitSettlementPrice(
  context: Context,
  settled: { underlying: bigint; expirySeconds: bigint; priceE9: bigint; rule: string },
): void {
  const { underlying, expirySeconds, priceE9, rule } = settled
  const searched = { underlying: `${underlying}`, expiry_seconds: `${expirySeconds}` }
  context.emit('causeway.markets.v1.settlement_price', searched, { price_e9: `${priceE9}`, rule })
}

/** A position ended with its market; what it was worth and the fee. */
export function emitSettled(
  context: Context,
  addresses: AddressCodec,
  settled: { holder: Holder; market: bigint; sizeE9: bigint; valueE6: bigint; feeE6: bigint },
): void {
  const { holder, market, sizeE9, valueE6, feeE6 } = settled
  const rest = { size_e9: `${sizeE9}`, value_e6: `${valueE6}`, fee_e6: `${feeE6}` }
  context.emit('causeway.markets.v1.settled', { ...owned(addresses, holder), market: `${market}` }, rest)
}

/** Quotes of a subaccount in an underlying were withdrawn and are refused until a reset. */
export function emitFrozen(
  context: Context,
  addresses: AddressCodec,
  holder: Holder,
  underlying: bigint,
): void {
  context.emit('causeway.markets.v1.frozen', { ...owned(addresses, holder), underlying: `${underlying}` })
}

/** What a venue may clear from now on; a notional of 0: nothing. */
export function emitGrant(
  context: Context,
  addresses: AddressCodec,
  grant: { holder: Holder; client: string; sender: string; notionalE6: bigint; expirySeconds: bigint },
): void {
  const { holder, client, sender, notionalE6, expirySeconds } = grant
  const searched = { ...owned(addresses, holder), client, sender }
  const rest = { notional_max_e6_per_day: `${notionalE6}`, expiry_seconds: `${expirySeconds}` }
  context.emit('causeway.markets.v1.grant', searched, rest)
}

/** What happens to every order is searched by whose it is and where alone: each more is indexed each time. */
function searchedBy(
  addresses: AddressCodec,
  { holder, market }: { readonly holder: Holder; readonly market: bigint },
): EventAttributes {
  return { account: addresses.encode(holder.account), market: `${market}` }
}

function owned(addresses: AddressCodec, { account, subaccount }: Holder): EventAttributes {
  return { account: addresses.encode(account), subaccount: `${subaccount}` }
}

function flagsOf({ isPostOnly, isReduceOnly, isQuote }: Order): string {
  const flags = []
  if (isPostOnly) flags.push('postOnly')
  if (isReduceOnly) flags.push('reduceOnly')
  if (isQuote) flags.push('quote')
  return flags.join(' ')
}
