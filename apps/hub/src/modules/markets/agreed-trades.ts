// Trades that two parties agreed on outside the auctions: by RFQ, or on a venue. They go through the same
// bands and caps, take effect at once, and never touch a mark.
import { assert } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitFill } from './events.ts'
import { tradeFeeE6 } from './fees.ts'
import type { Market } from './market.ts'
import { marketMarkE9 } from './marks.ts'
import { isReduceOnly, isTrading, requireBounds } from './place-order.ts'
import { requireOwnerCaps } from './owner-caps.ts'
import type { MarketsPorts } from './ports.ts'
import { isReducingPrice, isRfqPrice } from './pure/bands.ts'
import { deliverSpot, spotAmount } from './spot.ts'
import { MARKETS_STORE, readFigures, readPositions, touchHolder } from './state.ts'
import { TradingAccounts } from './trading-accounts.ts'
import type { TradingAccount } from './trading-accounts.ts'

/** One trade between two holders. */
export interface AgreedTrade {
  readonly market: Market
  readonly buyer: Holder
  readonly seller: Holder
  readonly sizeE9: bigint
  readonly priceE9: bigint
  /** Who pays a maker's fee; nobody where both are takers. */
  readonly maker: 'buyer' | 'seller' | undefined
}

/**
 * Does trades between two parties, all or none: prices near the marks, spot paid of free cash, caps, then the
 * margin of both after the whole. Throws `markets/2` – `/6`, `/8`, `/26` – `/29`, `/34`, `cash/2`, `risk/1`,
 * `risk/2`.
 */
export function tradeAgreed(
  context: Context,
  ports: MarketsPorts,
  trades: readonly AgreedTrade[],
  role: 'rfq' | 'venue',
): void {
  const parties = partiesOf(trades)
  for (const trade of trades) judgeTrade(context, ports, trade)
  const reducing = parties.map((holder) => reducingMargins(context, ports, holder, trades))
  const interestsE9 = trades.map(({ market }) => openInterestE9(context, market))
  const accounts = new TradingAccounts(context, ports)
  for (const trade of trades) apply(context, ports, accounts, trade, role)
  for (const holder of parties) {
    const { spotE6 } = accounts.account(holder)
    if (spotE6 < 0n) ports.cash.requireFree(context, holder, -spotE6)
  }
  accounts.flush(role)
  judgeCaps(context, trades, parties, interestsE9)
  for (const [i, holder] of parties.entries()) {
    touchHolder(context.store(MARKETS_STORE), holder)
    requireMargin(context, ports, holder, reducing[i])
  }
}

/** Whether a price is near enough to the mark. Throws `markets/8`, `/26`. */
export function requireBand(context: Context, ports: MarketsPorts, market: Market, priceE9: bigint): void {
  const terms = bandTerms(context, ports, market)
  if (!isRfqPrice(priceE9, terms))
    throw errors.beyondBand({ market: market.id, priceE9, markE9: terms.markE9 })
}

function bandTerms(context: Context, ports: MarketsPorts, market: Market) {
  const markE9 = marketMarkE9(context, ports, market)
  if (markE9 === undefined) throw errors.noMark({ market: market.id })
  const { kind, tier } = market
  return { kind, tier, markE9, indexE9: ports.prices.index(context, market.underlying).priceE9 }
}

function judgeTrade(context: Context, ports: MarketsPorts, { market, sizeE9, priceE9 }: AgreedTrade): void {
  const { id, status } = market
  if (!isTrading(context, market)) throw errors.notOpen({ market: id, status })
  // Nothing is sniped at a held price: what can't be opened in an auction can't be agreed on either.
  if (isReduceOnly(context, ports, market)) throw errors.reduceOnly({ market: id })
  requireBounds(market, sizeE9, priceE9)
  requireBand(context, ports, market, priceE9)
}

function apply(
  context: Context,
  ports: MarketsPorts,
  accounts: TradingAccounts,
  trade: AgreedTrade,
  role: 'rfq' | 'venue',
): void {
  const { market, sizeE9, priceE9, maker } = trade
  const { priceE9: indexE9 } = ports.prices.index(context, market.underlying)
  if (market.kind === 'spot') deliver(context, ports, trade)
  for (const isBuy of [true, false]) {
    const holder = isBuy ? trade.buyer : trade.seller
    const isMaker = maker === (isBuy ? 'buyer' : 'seller')
    const feeE6 = tradeFeeE6(market, { sizeE9, priceE9, indexE9, isMaker })
    const signed = isBuy ? sizeE9 : -sizeE9
    const account = accounts.account(holder)
    requireStorable(account, market, signed)
    accounts.trade(account, market, { sizeE9: signed, priceE9, feeE6 })
    const fill = {
      holder,
      market: market.id,
      order: 0n,
      isBuy,
      priceE9,
      sizeE9,
      feeE6,
      role,
      remainingE9: 0n,
    }
    emitFill(context, ports.addresses, fill)
  }
}

function deliver(
  context: Context,
  ports: MarketsPorts,
  { market, buyer, seller, sizeE9 }: AgreedTrade,
): void {
  const { underlying } = market
  const decimals = ports.assets.decimals(context, underlying)
  assert(decimals !== undefined, 'a spot market has an asset')
  const missing = spotAmount(sizeE9, decimals) - ports.assets.balance(context, seller, underlying)
  if (missing > 0n) throw errors.insufficientAsset({ asset: underlying, missing })
  deliverSpot(context, ports, market, [
    { holder: buyer, sizeE9 },
    { holder: seller, sizeE9: -sizeE9 },
  ])
}

/** Caps are judged of what is written: what is beyond all of them must not get so far. */
function requireStorable({ positions }: TradingAccount, { id }: Market, sizeE9: bigint): void {
  const afterE9 = (positions.get(id)?.sizeE9 ?? 0n) + sizeE9
  if (BigInt.asIntN(64, afterE9) !== afterE9) throw errors.overOwnerCap({ market: id })
}

/** What was agreed counts for caps as what was filled does: what is beyond one must not grow. */
function judgeCaps(
  context: Context,
  trades: readonly AgreedTrade[],
  parties: readonly Holder[],
  beforeE9: readonly bigint[],
): void {
  for (const [i, { market }] of trades.entries()) {
    const afterE9 = openInterestE9(context, market)
    if (afterE9 > market.openInterestCapE9 && afterE9 > beforeE9[i]!)
      throw errors.overOpenInterest({ market: market.id })
  }
  const capped = trades.filter(({ market }) => market.kind !== 'spot')
  if (capped.length === 0) return
  for (const holder of parties) {
    const changes = capped.map(({ market: { id }, buyer, sizeE9 }) => ({
      market: id,
      sizeE9: isSame(buyer, holder) ? sizeE9 : -sizeE9,
    }))
    requireOwnerCaps(context, holder, changes)
  }
}

function openInterestE9(context: Context, { id }: Market): bigint {
  return readFigures(context.store(MARKETS_STORE), id).openInterestE9
}

type Margins = ReturnType<MarketsPorts['risk']['margins']>

/** A party's margins before, where each of its legs shrinks a position at a price near the mark. */
function reducingMargins(
  context: Context,
  ports: MarketsPorts,
  holder: Holder,
  trades: readonly AgreedTrade[],
): Margins | undefined {
  const positions = readPositions(context.store(MARKETS_STORE), holder)
  const isReducing = trades.every(({ market, buyer, sizeE9, priceE9 }) => {
    if (market.kind === 'spot') return false
    const held = positions.find((position) => position.market === market.id)?.sizeE9 ?? 0n
    const room = isSame(buyer, holder) ? -held : held
    return room >= sizeE9 && isReducingPrice(priceE9, bandTerms(context, ports, market))
  })
  return isReducing ? ports.risk.margins(context, holder) : undefined
}

/** Who only reduces may stay below its requirement, but not further than before. */
function requireMargin(
  context: Context,
  ports: MarketsPorts,
  holder: Holder,
  before: Margins | undefined,
): void {
  if (before !== undefined) {
    const { initialE6, maintenanceE6 } = ports.risk.margins(context, holder)
    if (initialE6 >= before.initialE6 && maintenanceE6 >= before.maintenanceE6) return
  }
  ports.risk.requireInitial(context, holder)
}

function partiesOf([first]: readonly AgreedTrade[]): readonly Holder[] {
  assert(first !== undefined, 'something was agreed')
  return [first.buyer, first.seller]
}

function isSame(a: Holder, b: Holder): boolean {
  return a.subaccount === b.subaccount && a.account.every((byte, i) => byte === b.account[i])
}
