// Trades that venues elsewhere matched, taken into the hub's margin: each by itself, with the leave of both.
import { equalBytes, isProtocolError } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import type { VenueGrant } from '@causeway/protocol/causeway/markets/v1/markets'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import type { Market, VenueTrade } from './market.ts'
import { marketMarkE9 } from './marks.ts'
import type { MarketsPorts } from './ports.ts'
import { isWithinBand } from './pure/bands.ts'
import { NOTIONAL_UNIT } from './pure/grid.ts'
import { openNotionalE6 } from './pure/open-interest.ts'
import { tradeAgreed } from './agreed-trades.ts'
import { MARKETS_STORE, readMarket, readPositions } from './state.ts'
import { isCleared, markCleared } from './cleared-trades.ts'
import { readGrant, writeGrant } from './grants.ts'

const VENUE_BYTES = 20
const DAY_SECONDS = 86_400n
const BASIS_POINT_E9 = 100_000n

/** What a trade that is not taken is answered with, besides what its margin or its bands are refused with. */
export const ANSWERS = {
  notListed: 'clearing/not-listed',
  notGranted: 'clearing/not-granted',
  cleared: 'clearing/already-cleared',
  sameOwner: 'clearing/same-owner',
} as const

/**
 * Clears trades that came over a client; an empty code: accepted. A trade that is refused changes nothing.
 */
export function clearTrades(
  context: Context,
  ports: MarketsPorts,
  client: string,
  trades: readonly VenueTrade[],
): string[] {
  return trades.map((trade) => {
    try {
      return context.nested(() => clearTrade(context, ports, client, trade))
    } catch (error) {
      if (!isProtocolError(error) || isOutOfGas(error)) throw error
      return `${error.codespace}/${error.code}`
    }
  })
}

function clearTrade(context: Context, ports: MarketsPorts, client: string, trade: VenueTrade): string {
  const store = context.store(MARKETS_STORE)
  const market = readMarket(store, trade.market)
  if (market === undefined) return ANSWERS.notListed
  if (isCleared(store, client, trade.tradeId)) return ANSWERS.cleared
  const buyer = { account: trade.buyer, subaccount: trade.buyerSubaccount }
  const seller = { account: trade.seller, subaccount: trade.sellerSubaccount }
  const [a, b] = [ports.owner(context, buyer.account), ports.owner(context, seller.account)]
  // A wallet that was linked has no account of its own any more, whatever it granted before.
  if (!equalBytes(a, buyer.account) || !equalBytes(b, seller.account)) return ANSWERS.notGranted
  if (equalBytes(a, b)) return ANSWERS.sameOwner
  const venue = { client, sender: trade.tradeId.slice(0, VENUE_BYTES) }
  const granted = [buyer, seller].map((holder) => {
    const grant = readGrant(store, holder, venue)
    return grant === undefined ? undefined : counted(context, ports, { holder, grant, market, trade })
  })
  if (granted.some((grant) => grant === undefined)) return ANSWERS.notGranted
  markCleared(context, client, trade.tradeId)
  writeGrant(store, buyer, granted[0]!)
  writeGrant(store, seller, granted[1]!)
  const { sizeE9, priceE9 } = trade
  tradeAgreed(context, ports, [{ market, buyer, seller, sizeE9, priceE9, maker: undefined }], 'venue')
  return ''
}

/** The grant with a trade counted; nothing if the trade is beyond it. */
function counted(
  context: Context,
  ports: MarketsPorts,
  asked: { holder: Holder; grant: VenueGrant; market: Market; trade: VenueTrade },
): VenueGrant | undefined {
  const { grant, market, trade } = asked
  const { sizeE9, priceE9 } = trade
  if (grant.expirySeconds <= context.timeSeconds || !grant.markets.includes(market.id)) return undefined
  const markE9 = marketMarkE9(context, ports, market)
  if (markE9 === undefined) return undefined
  if (!isWithinBand(priceE9, markE9, BigInt(grant.distanceMaxBps) * BASIS_POINT_E9)) return undefined
  const day = context.timeSeconds / DAY_SECONDS
  const { priceE9: indexE9 } = ports.prices.index(context, market.underlying)
  // An option's notional is that of its underlying: a cheap one is no small one.
  const basisE9 = market.kind === 'option' ? indexE9 : priceE9
  const addedE6 = (sizeE9 * basisE9 + NOTIONAL_UNIT - 1n) / NOTIONAL_UNIT
  const notionalE6 = (grant.day === day ? grant.notionalE6 : 0n) + addedE6
  if (notionalE6 > grant.notionalMaxE6PerDay) return undefined
  if (openAfterE6(context, ports, asked) > grant.openNotionalMaxE6) return undefined
  return { ...grant, day, notionalE6 }
}

/** Open notional of a holder in the markets of a grant if a trade were done, each at its index. */
function openAfterE6(
  context: Context,
  ports: MarketsPorts,
  { holder, grant, market, trade }: { holder: Holder; grant: VenueGrant; market: Market; trade: VenueTrade },
): bigint {
  const store = context.store(MARKETS_STORE)
  const isBuyer = equalBytes(trade.buyer, holder.account) && trade.buyerSubaccount === holder.subaccount
  const sizes = new Map([[market.id, isBuyer ? trade.sizeE9 : -trade.sizeE9]])
  for (const { market: id, sizeE9 } of readPositions(store, holder))
    if (grant.markets.includes(id)) sizes.set(id, (sizes.get(id) ?? 0n) + sizeE9)
  let sumE6 = 0n
  for (const [id, sizeE9] of sizes) {
    const { priceE9 } = ports.prices.index(context, readMarket(store, id)!.underlying)
    sumE6 += openNotionalE6(sizeE9 < 0n ? -sizeE9 : sizeE9, priceE9)
  }
  return sumE6
}

function isOutOfGas({ codespace, code }: ProtocolError): boolean {
  return codespace === 'tx' && code === 11
}
