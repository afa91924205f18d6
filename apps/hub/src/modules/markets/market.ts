// What can be traded, what of it changes with blocks, and what holders have in it: as the rest of the hub
// sees it. Prices are cash per 1.0 in 10⁻⁹, sizes 10⁻⁹ of 1.0, cash 10⁻⁶.
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import type { CloseReason } from './events.ts'
import type { ClosingSize } from './close-orders.ts'
import type { Move, MoveReason } from './move-at-price.ts'
import type { HouseQuote } from './house-quotes.ts'
import type { PositionChange } from './owner-caps.ts'
import type { FundingState, MarketKind, Tier } from './pure/types.ts'

/** `settling`: over, and waiting for its settlement price or for its positions to be paid out. */
export type MarketStatus = 'open' | 'reduceOnly' | 'paused' | 'settling'

/** What can be traded. */
export interface Market {
  readonly id: bigint
  readonly kind: MarketKind
  readonly symbol: string
  /** Asset. */
  readonly underlying: bigint
  /** 0 for what doesn't expire. */
  readonly expirySeconds: bigint
  /** Of an option, else 0. */
  readonly strikeE9: bigint
  readonly isCall: boolean
  readonly tickE9: bigint
  /** tick·lot is a multiple of 10¹². */
  readonly lotE9: bigint
  readonly tier: Tier
  readonly status: MarketStatus
  /** What all accounts of one owner may hold and order on one side. */
  readonly ownerCapE9: bigint
  readonly openInterestCapE9: bigint
  /** Open notional between which the initial margin fraction rises to 1. */
  readonly openNotionalLowerE6: bigint
  readonly openNotionalUpperE6: bigint
  /** When its pause ends by itself; 0 = it does not. */
  readonly statusUntilSeconds: bigint
}

/** What changes with blocks. */
export interface MarketFigures {
  /** 0 = none yet, or none that is stored: of options and spot (`currentFigures`). */
  readonly markE9: bigint
  readonly indexE9: bigint
  /** Half of Σ |size|. */
  readonly openInterestE9: bigint
  /** What the market itself holds against everybody: Σ quote of positions + this = 0. */
  readonly houseQuoteE6: bigint
  /** Its part of the cash of the markets' own holder. */
  readonly houseCashE6: bigint
  readonly bookSequence: bigint
  /** Smoothed premium of the book over the index. */
  readonly basisE18: bigint
  /** Of a perpetual. */
  readonly funding: FundingState | undefined
  /** Up to when funding is in its index. */
  readonly timeNanoseconds: bigint
  /** Of the block that set the mark; 0 before the first. */
  readonly markTimeNanoseconds: bigint
  /** The mark that bounded the last auction; 0 before the first. */
  readonly auctionMarkE9: bigint
  /** How far from it that auction could clear, in 10⁻⁹ of the mark. */
  readonly auctionBandE9: bigint
}

/** What one holder has in one market; `sizeE9` is never 0. */
export interface Position {
  readonly market: bigint
  /** Signed. */
  readonly sizeE9: bigint
  /** Minus what was paid and not settled into cash; of an option, minus what was paid, for the books only. */
  readonly quoteE6: bigint
  /** The market's funding index up to which this position's funding is in the quote. */
  readonly fundingIndexE18: bigint
}

/** `market` orders carry a worst price, too. */
export type OrderType = 'limit' | 'market'
/** Good till cancelled, immediate or cancel, fill or kill, good till a time. */
export type TimeInForce = 'gtc' | 'ioc' | 'fok' | 'gtt'

/** An order as it was placed, and what is left of it. */
export interface Order {
  readonly id: bigint
  readonly holder: Holder
  readonly market: bigint
  readonly isBuy: boolean
  readonly sizeE9: bigint
  readonly remainingE9: bigint
  readonly limitE9: bigint
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  /** 0 unless `gtt`. */
  readonly expireSeconds: bigint
  readonly isPostOnly: boolean
  readonly isReduceOnly: boolean
  /** Absent once it has been triggered. */
  readonly trigger: Trigger | undefined
  readonly entryHeight: bigint
  /** Client order id. */
  readonly nonce: bigint
  /** Of a mass quote: replaced by the next, and under market-maker protection. */
  readonly isQuote: boolean
  /** Placed by the chain, for one auction: its holder can't cancel it, nor be in its way. */
  readonly isForced?: true
}

/** At or beyond which mark an order enters. */
export interface Trigger {
  readonly priceE9: bigint
  readonly isAbove: boolean
}

/** An order, or what is left of one, as margin counts it. */
export interface RiskOrder {
  readonly market: Market
  /** Signed: above 0 to buy. */
  readonly sizeE9: bigint
  /** The worst price at which it fills. */
  readonly limitE9: bigint
  /** The most that filling it whole costs in fees. */
  readonly feeE6: bigint
}

/** Orders of one side of a market, but a spot market, as if they were one. */
export interface RiskOrderSum extends RiskOrder {
  /** How many there are. */
  readonly orders: number
  /** No order's limit is above it; `limitE9` is the worst one, or worse. */
  readonly highestE9: bigint
}

/** What was seen of an expiry's settlement average so far. */
export interface ObservedIndex {
  /** Σ price (10⁻⁹) · nanoseconds inside the 1,800 s before expiry, until now. */
  readonly sum: bigint
  readonly coveredNanoseconds: bigint
}

/** What other parts of the hub read of markets. */
export interface MarketsReader {
  market(context: ReadContext, id: bigint): Market | undefined
  markets(context: ReadContext): Iterable<Market>
  figures(context: ReadContext, id: bigint): MarketFigures
  /** Ascending by market. */
  positions(context: ReadContext, holder: Holder): readonly Position[]
  /** Funding that a position has earned and that is not in its quote yet, rounded against the holder. */
  fundingE6(context: ReadContext, position: Position): bigint
  /** Orders that rest or wait for their trigger, ascending by id; not those of the running block. */
  orders(context: ReadContext, holder: Holder): readonly Order[]
  /** All who have a position, ascending. */
  holders(context: ReadContext): Iterable<Holder>
  /** Whose positions this block has changed so far. For the end of a block, after this module's. */
  changedHolders(context: ReadContext): Iterable<Holder>
  observedIndex(context: ReadContext, underlying: bigint, expirySeconds: bigint): ObservedIndex
  /** By option that its quotes move: from the oracle's volatility to the one that it is marked at, 10⁻⁹. */
  markVolatilities(context: ReadContext): ReadonlyMap<bigint, (oracleE9: bigint) => bigint>
}

/** What other parts of the hub do with markets. */
export interface Markets extends MarketsReader {
  /** Cancels all orders of a holder; gives their number. */
  cancelAll(context: Context, holder: Holder, reason: CloseReason): number
  /**
   * Settles what a holder's perpetuals and futures have made into cash: before it redeems or is liquidated.
   */
  settle(context: Context, holder: Holder): void
  /** Positions change hands outside the auctions, at any price, for no fee. */
  move(context: Context, moves: readonly Move[], reason: MoveReason): void
  /**
   * Orders of this block's auctions that close parts of a holder's positions at its cost near the mark; gives
   * their number. For the begin of a block.
   */
  placeClosing(context: Context, holder: Holder, closings: readonly ClosingSize[]): number
  /** An order that rests or waits for its trigger; not one of the running block. */
  order(context: ReadContext, holder: Holder, id: bigint): Order | undefined
  /**
   * Enters an order that rests until it is ended, into this block's auction; gives its id, nothing where it
   * may not be placed now. For the begin of a block.
   */
  placeQuote(context: Context, holder: Holder, quote: HouseQuote): bigint | undefined
  /** Ends such an order if it rests. For the begin of a block. */
  endQuote(context: Context, holder: Holder, id: bigint): void
  /** How many orders a subaccount may have. */
  ordersMax(context: ReadContext): bigint
  /** Whether a holder may have what these changes left it with. Throws `markets/27`, `/29`. */
  requireOwnerCaps(context: ReadContext, holder: Holder, changes: readonly PositionChange[]): void
  /**
   * Offers at least so much of an asset in this block's spot auction, at 5 % below its mark or better; gives
   * what is offered, base units: 0 where it can't be sold now. For the begin of a block.
   */
  sellCollateral(
    context: Context,
    holder: Holder,
    sold: { readonly asset: bigint; readonly amount: bigint },
  ): bigint
  /** Clears trades that came over a client, each by itself; an empty code: accepted. */
  clear(context: Context, client: string, trades: readonly VenueTrade[]): readonly string[]
}

/** A trade that a venue elsewhere matched. */
export interface VenueTrade {
  /** 32 bytes, the first 20 of them the venue that sent it: its chain's clearing contract sees to that. */
  readonly tradeId: Uint8Array
  readonly buyer: Uint8Array
  readonly buyerSubaccount: number
  readonly seller: Uint8Array
  readonly sellerSubaccount: number
  readonly market: bigint
  readonly sizeE9: bigint
  readonly priceE9: bigint
}
