import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import type { Any } from '@causeway/protocol'
import type { Market, RiskOrder, RiskOrderSum } from './market.ts'

/** What markets need of the rest of the chain. */
export interface MarketsPorts {
  readonly addresses: AddressCodec
  /** Zone of ids. */
  zone(context: ReadContext): number
  readonly cash: CashPort
  readonly risk: RiskPort
  readonly prices: PricePort
  readonly assets: AssetPort
  /** The account whose wallets include this one: what self-trade prevention and caps go by. */
  owner(context: ReadContext, account: Uint8Array): Uint8Array
  /** Whether a wallet or a session key of an account has signed a text; costs gas. */
  isSigned(context: Context, signed: SignedText): boolean
  /** An account has begun or ceased to have resting orders; of positions risk tells. Absent: nobody asks. */
  owingChanged?(context: Context, account: Uint8Array): void
  /** What the markets themselves owe and are owed; may be negative, bears no interest. */
  readonly house: Holder
  /** Cash of the house; absent where nobody can tell. */
  houseCashE6?(context: ReadContext): bigint
  /** The account that quotes by the chain's own rule; absent: there is none. */
  readonly protocolMaker?: ProtocolMaker
  readonly feeCollector: Holder
}

/** The account that quotes by the chain's own rule. No mark hears its orders. */
export interface ProtocolMaker {
  readonly holder: Holder
  /** It has gained or lost in a market: as part of what has happened, so that nothing of a try stays. */
  flowed(context: Context, market: bigint, flow: MakerFlow): void
}

/** What a trade, funding or a settlement price has done to a holder in a market. */
export interface MakerFlow {
  /** Signed: above 0 bought. */
  readonly sizeE9: bigint
  /** Signed: what sales and settlements bring less what purchases cost. */
  readonly tradedE6: bigint
  readonly feeE6: bigint
  /** Signed. */
  readonly fundingE6: bigint
  /** The market is over, and so is the position. */
  readonly isOver: boolean
}

/** A text and who is said to have signed it. */
export interface SignedText {
  readonly account: Uint8Array
  readonly text: string
  readonly publicKey: Any | undefined
  /** As in transactions; of a session key 0. */
  readonly signMode: number
  readonly signature: Uint8Array
}

/** Cash, micro-units. */
export interface CashPort {
  /** One leg of flows that sum to zero within the block; may make cash negative. */
  flow(context: Context, holder: Holder, deltaE6: bigint, reason: string): void
  /** Legs of different holders; a gain can't be redeemed or moved to another account until then. */
  settle(context: Context, legs: readonly SettledLeg[], reason: string, untilSeconds: bigint): void
  /** What a holder may give away: of its cash, above 0, what is not locked. */
  freeE6(context: ReadContext, holder: Holder): bigint
  /** Throws `cash/2` where less than this is free. */
  requireFree(context: ReadContext, holder: Holder, amountE6: bigint): void
}

/** What a holder gains or loses, micro-cash. */
export interface SettledLeg {
  readonly holder: Holder
  readonly deltaE6: bigint
  /** What of it is no price of an asset that was exchanged: locked if above 0. */
  readonly gainE6: bigint
}

/** Margin. */
export interface RiskPort {
  /**
   * The least initial margin that any fills of these orders leave, micro-cash; of none: the margin as it is.
   * Throws `ProtocolError` for orders that the subaccount can't have at all.
   */
  initialMarginE6(context: ReadContext, holder: Holder, orders: readonly RiskOrder[]): bigint
  /**
   * Whether that margin of orders that these are sums of is surely not below 0; false says nothing. Throws
   * as `initialMarginE6` does.
   */
  covers(context: ReadContext, holder: Holder, sums: readonly RiskOrderSum[]): boolean
  /** Throws `risk/1`, `risk/2`. */
  requireInitial(context: Context, holder: Holder): void
  /** Initial and maintenance margin as they are. */
  margins(
    context: ReadContext,
    holder: Holder,
  ): { readonly initialE6: bigint; readonly maintenanceE6: bigint }
}

/** Prices that don't come from books. */
export interface PricePort {
  /** The index of an underlying. Only `fresh` opens positions. */
  index(context: ReadContext, underlying: bigint): { readonly priceE9: bigint; readonly state: string }
  /** Whether all that a market is priced by is fresh: the index, and of what expires the surface. */
  isTold(context: ReadContext, market: Market): boolean
  /** Fair value of a future (the forward), an option (model price) or spot by oracle; nothing without one. */
  fairE9(context: ReadContext, market: Market): bigint | undefined
  /** Of 1.0 long: delta in 10⁻⁹ of the underlying, vega in micro-cash a volatility point. */
  greeks(context: ReadContext, market: Market): { readonly deltaE9: bigint; readonly vegaE6: bigint }
  /** At which volatility an option is worth a price, 10⁻⁹; nothing where that can't be told. */
  volatilityE9(context: ReadContext, market: Market, priceE9: bigint): bigint | undefined
  /** Forward at an expiry, for the range of strikes; nothing without one. */
  forwardE9(context: ReadContext, underlying: bigint, expirySeconds: bigint): bigint | undefined
}

/** Assets that spot markets exchange. */
export interface AssetPort {
  decimals(context: ReadContext, asset: bigint): number | undefined
  balance(context: ReadContext, holder: Holder, asset: bigint): bigint
  move(context: Context, from: Holder, to: Holder, asset: bigint, amount: bigint): void
}
