// What the vault needs of other modules. Cash in micro-units, prices 10⁻⁹ cash per 1.0, sizes 10⁻⁹ of 1.0.
import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** What the vault needs of other modules. */
export interface VaultPorts {
  readonly addresses: AddressCodec
  /** The vault's account; cash of deposits that wait is subaccount 1's. */
  readonly vault: Holder
  readonly cash: VaultCash
  readonly risk: VaultRisk
  readonly markets: VaultMarkets
  readonly prices: VaultPrices
  /** Settles what a holder's positions have made into cash. */
  settle(context: Context, holder: Holder): void
  /** Whether redemption and transfers out wait. */
  isPaused(context: ReadContext): boolean
  /** Throws `insurance/1` while they do. */
  requireSolvent(context: ReadContext): void
  /** What a holder has of an asset, 10⁻⁹ of 1.0; nothing where the asset doesn't cover requirements. */
  heldE9(context: ReadContext, holder: Holder, asset: bigint): bigint | undefined
}

/** Cash. */
export interface VaultCash {
  balanceE6(context: ReadContext, holder: Holder): bigint
  /** What of it may be paid. */
  freeE6(context: ReadContext, holder: Holder): bigint
  /** Throws `cash/2`. */
  pay(context: Context, from: Holder, to: Holder, amountE6: bigint, reason: string): void
}

/** A subaccount valued whole. */
export interface Figures {
  readonly valueE6: bigint
  readonly initialE6: bigint
  readonly maintenanceE6: bigint
}

/** Margin. */
export interface VaultRisk {
  /** Throws `risk/7`. */
  figures(context: ReadContext, holder: Holder): Figures
  isFresh(context: ReadContext, holder: Holder): boolean
  /** Throws `risk/2`. */
  requireFresh(context: ReadContext, holder: Holder): void
  /** Throws `risk/1`, `risk/2`. */
  checkWithdrawal(context: Context, holder: Holder): void
  /** Whether a subaccount was below maintenance at the end of the last block. */
  isBelowMaintenance(context: ReadContext, holder: Holder): boolean
}

/** What can be traded. */
export interface VaultMarket {
  readonly id: bigint
  readonly kind: 'perpetual' | 'future' | 'option' | 'spot'
  readonly symbol: string
  readonly underlying: bigint
  readonly expirySeconds: bigint
  readonly strikeE9: bigint
  readonly isCall: boolean
  readonly tickE9: bigint
  readonly lotE9: bigint
  readonly status: string
}

/** A resting order. */
export interface RestingOrder {
  readonly id: bigint
  readonly remainingE9: bigint
  readonly limitE9: bigint
}

/** Markets. */
export interface VaultMarkets {
  market(context: ReadContext, id: bigint): VaultMarket | undefined
  /** Ascending. */
  markets(context: ReadContext): Iterable<VaultMarket>
  positions(
    context: ReadContext,
    holder: Holder,
  ): readonly { readonly market: bigint; readonly sizeE9: bigint }[]
  /** Nothing where there is none now. */
  markE9(context: ReadContext, id: bigint): bigint | undefined
  order(context: ReadContext, holder: Holder, id: bigint): RestingOrder | undefined
  placeQuote(
    context: Context,
    holder: Holder,
    quote: { market: bigint; isBuy: boolean; sizeE9: bigint; limitE9: bigint },
  ): bigint | undefined
  endQuote(context: Context, holder: Holder, id: bigint): void
  ordersMax(context: ReadContext): bigint
}

/** What is known of an expiry. */
export interface VaultExpiry {
  readonly expirySeconds: bigint
  readonly forwardE9: bigint
  readonly rateE9: bigint
  /** Yearly volatility at a strike. */
  volatility(strike: number): number
}

/** The oracle. */
export interface VaultPrices {
  /** `seconds` since it was accepted. */
  price(
    context: ReadContext,
    asset: bigint,
  ): { readonly priceE9: bigint; readonly isFresh: boolean; readonly seconds: bigint }
  /** Ascending by expiry; none where the surface is not fresh. */
  expiries(context: ReadContext, asset: bigint): readonly VaultExpiry[]
}
