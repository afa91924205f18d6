// The shapes at the door of the pure core. Amounts are bigint; `ticks` and `lots` are plain numbers because
// they
// are exact: a limit is below 2⁵², an order below 2³⁶ lots, an auction has at most 2¹⁷ orders.

/** What can be traded. */
export type MarketKind = 'perpetual' | 'future' | 'option' | 'spot'

/** 1: the deepest markets; 3: the thinnest. */
export type Tier = 1 | 2 | 3

/** Of the underlying's tier, a triple of figures. */
export type ByTier = readonly [first: bigint, second: bigint, third: bigint]

/**
 * The grid of a market: prices are multiples of the tick, sizes of the lot; tick·lot is a multiple of 10¹².
 */
export interface Grid {
  readonly tickE9: bigint
  readonly lotE9: bigint
}

/**
 * An order as the auction sees it. A caller's own order object may carry more: it comes back in the result.
 */
export interface AuctionOrder {
  /** Decides between orders of one subaccount and nonce that are alike, nothing else. */
  readonly id: bigint
  /** The same for all linked wallets: their orders never fill one another. */
  readonly owner: string
  /** Account (20 bytes) and subaccount (u16, big endian): what the tie hash is made of. */
  readonly subaccount: Uint8Array
  /** Client order id. */
  readonly nonce: bigint
  readonly isBuy: boolean
  /** Whole ticks; of a market order its worst price, rounded towards filling less. */
  readonly limitTicks: number
  /** What remains, in whole lots, more than 0. */
  readonly lots: number
  /** The block in which it entered; the running block for new ones. */
  readonly entryHeight: bigint
  /** Whole in this auction or not at all. */
  readonly isFillOrKill: boolean
  /** Refused if it crosses an order of an earlier block. Judged only in the block of its entry. */
  readonly isPostOnly: boolean
  /** Placed by the chain: an order of its owner that it crosses goes in its stead. */
  readonly isForced?: boolean
}

/** What an auction is held under. */
export interface AuctionTerms extends Grid {
  /** The running block. */
  readonly height: bigint
  readonly markE9: bigint
  /** How far from the mark it may clear, in 10⁻⁹ of the mark: `clearingBandE9`. */
  readonly bandE9: bigint
  /** The state after the block before, 32 bytes. */
  readonly previousAppHash: Uint8Array
}

/** What one order got. */
export interface AuctionFill<Order extends AuctionOrder> {
  readonly order: Order
  readonly lots: number
  readonly sizeE9: bigint
  /** It rested through at least one auction. */
  readonly isMaker: boolean
}

/** One batch auction. An order is in at most one of the four lists. */
export interface AuctionResult<Order extends AuctionOrder> {
  /** Nothing if nothing cleared. */
  readonly priceE9: bigint | undefined
  /** Bought, which is also sold. */
  readonly volumeE9: bigint
  /** In the order of the input. */
  readonly fills: readonly AuctionFill<Order>[]
  /** Post-only orders that cross an order of an earlier block: cancel them. */
  readonly refusedPostOnly: readonly Order[]
  /** Orders that cross an older order of their owner: cancel them whole. */
  readonly selfTrades: readonly Order[]
  /** Fill-or-kill orders that could not be filled whole: cancel them. */
  readonly droppedFillOrKill: readonly Order[]
}

/** One resting order for impact prices, best price first. */
export interface DepthOrder {
  readonly priceE9: bigint
  readonly sizeE9: bigint
}

/** The premium of the book over the index, smoothed: the state of a mark. Signed, in 10⁻¹⁸ of the index. */
export interface Basis {
  readonly basisE18: bigint
}

/** The funding state of a perpetual. */
export interface FundingState {
  /** The hour that is being measured: seconds since 1970 ÷ 3600. */
  readonly hour: bigint
  /** Σ premium (10⁻¹⁸) · nanoseconds of this hour so far. */
  readonly premiumSum: bigint
  /** How much of this hour is in the sum. */
  readonly measuredNanoseconds: bigint
  /** The premium that holds until the next block, 10⁻¹⁸ of the index. */
  readonly premiumE18: bigint
  /** What this hour pays: longs to shorts if positive. */
  readonly rateE9PerHour: bigint
  /** What a position of +1.0 has paid since listing, exactly: cash · 10¹⁸ · an hour in nanoseconds. */
  readonly index: bigint
}

/** What is known of the index in one minute of block time. */
export interface IndexBucket {
  /** Seconds since 1970 ÷ 60. */
  readonly minute: bigint
  /** Σ price (10⁻⁹) · nanoseconds. */
  readonly sum: bigint
  /** How much of the minute is in the sum. */
  readonly coveredNanoseconds: bigint
}

/** Where the settlement of an expiry stands. */
export type Settlement =
  | { readonly isSettled: true; readonly priceE9: bigint; readonly rule: 'window' | 'extended' | 'fallback' }
  /** Of the 1,440 s that are needed. `never`: six hours are over and no index was ever seen. */
  | { readonly isSettled: false; readonly coveredNanoseconds: bigint; readonly isNever: boolean }

/**
 * What a symbol says. `strikeE9` and `isCall` of an option only; `expirySeconds` 0 for what doesn't expire.
 */
export interface Instrument {
  readonly kind: MarketKind
  /** The underlying's name: 1 to 16 of A–Z and 0–9. */
  readonly underlying: string
  readonly expirySeconds: bigint
  readonly strikeE9: bigint
  readonly isCall: boolean
}

/** What a maker allows to be filled of its quotes in one underlying; 0 = no limit. */
export interface ProtectionLimits {
  readonly windowSeconds: bigint
  /** Σ |size|. */
  readonly sizeE9Max: bigint
  /** |Σ signed delta|, in the underlying. */
  readonly deltaE9Max: bigint
  /** |Σ signed vega|, cash per volatility point. */
  readonly vegaE6Max: bigint
}

/** What was filled in the running window. */
export interface ProtectionState {
  readonly windowStartSeconds: bigint
  readonly sizeE9: bigint
  readonly deltaE9: bigint
  readonly vegaE6: bigint
  /** Its quotes are cancelled and refused until it resets. */
  readonly isFrozen: boolean
}
