// What risk needs of other modules.
import type { SviSurface } from '@causeway/margin'
import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** One balance as the ledger tells it. */
export interface HeldAsset {
  readonly asset: bigint
  readonly denom: string
  readonly decimals: number
  readonly amount: bigint
}

/** A market as margin sees it. */
export interface RiskMarketTerms {
  readonly id: bigint
  readonly kind: 'perpetual' | 'future' | 'option' | 'spot'
  readonly symbol: string
  readonly underlying: bigint
  readonly expirySeconds: bigint
  readonly strikeE9: bigint
  readonly isCall: boolean
  /** Open notional between which the initial margin fraction rises to 1. */
  readonly openNotionalLowerE6: bigint
  readonly openNotionalUpperE6: bigint
}

/** A position as margin sees it. */
export interface RiskPosition {
  readonly market: bigint
  readonly sizeE9: bigint
  readonly quoteE6: bigint
}

/** An order, or what is left of one, as margin counts it. */
export interface RiskOrder {
  readonly market: RiskMarketTerms
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

/** What is left of an order that rests. */
export interface RestingOrder {
  readonly market: bigint
  readonly isBuy: boolean
  readonly remainingE9: bigint
  readonly limitE9: bigint
}

/** What risk reads of markets. `Position` is the markets' own. */
export interface RiskMarkets<Position extends RiskPosition = RiskPosition> {
  market(context: ReadContext, id: bigint): RiskMarketTerms | undefined
  markets(context: ReadContext): Iterable<RiskMarketTerms>
  figures(
    context: ReadContext,
    id: bigint,
  ): {
    readonly markE9: bigint
    readonly openInterestE9: bigint
    readonly funding: { readonly indexE18: bigint } | undefined
  }
  /** Ascending by market. */
  positions(context: ReadContext, holder: Holder): readonly Position[]
  /** Funding that a position has earned and that is not in its quote yet. */
  fundingE6(context: ReadContext, position: Position): bigint
  orders(context: ReadContext, holder: Holder): readonly RestingOrder[]
  holders(context: ReadContext): Iterable<Holder>
  changedHolders(context: ReadContext): Iterable<Holder>
  observedIndex(
    context: ReadContext,
    underlying: bigint,
    expirySeconds: bigint,
  ): { readonly sum: bigint; readonly coveredNanoseconds: bigint }
  /** By option that its quotes move: from the oracle's volatility to the one that it is marked at, 10⁻⁹. */
  markVolatilities(context: ReadContext): ReadonlyMap<bigint, (oracleE9: bigint) => bigint>
}

/** A price of the oracle. */
export interface RiskPrice {
  /** The last one, whatever its age; 0 when there is none. */
  readonly priceE9: bigint
  readonly state: string
  readonly confidenceE9?: bigint
}

/** The surface of an underlying. */
export interface RiskSurface {
  readonly state: string
  readonly expiries: readonly {
    readonly expirySeconds: bigint
    /** 0 = unknown. */
    readonly forwardE9: bigint
    /** Continuous, yearly. */
    readonly rateE9: bigint
    readonly surface: SviSurface
  }[]
}

/** What risk needs of other modules. */
export interface RiskPorts<Position extends RiskPosition = RiskPosition> {
  readonly addresses: AddressCodec
  /** What a subaccount holds of an asset; nothing when it holds none. */
  balance(context: ReadContext, holder: Holder, asset: bigint): HeldAsset | undefined
  /** A subaccount's balances, ascending by asset, read as they are asked for: anyone can add to them. */
  balances(context: ReadContext, holder: Holder): Iterable<HeldAsset>
  price(context: ReadContext, asset: bigint): RiskPrice
  /** The name that models call an asset by, `BTC`; nothing where the oracle has none. */
  symbol(context: ReadContext, asset: bigint): string | undefined
  /** Forwards, rates and smiles of an underlying; an expiry that isn't there has none. */
  surface(context: ReadContext, asset: bigint): RiskSurface
  readonly markets: RiskMarkets<Position>
  readonly cash: {
    /** Signed, interest included. */
    balanceE6(context: ReadContext, holder: Holder): bigint
    /** Gains in markets that may not leave yet. */
    lockedE6(context: ReadContext, holder: Holder): bigint
    /** The balance without them, signed. */
    unlockedE6(context: ReadContext, holder: Holder): bigint
    /** In 10⁻¹⁸. */
    stablePrice(context: ReadContext): bigint
    debtors(context: ReadContext): Iterable<Holder>
    /** Whether a subaccount is among them. */
    isDebtor(context: ReadContext, holder: Holder): boolean
    /** Grows as debts do. */
    debtIndex(context: ReadContext): bigint
  }
  /**
   * What deposits that are not final add to a subaccount's maintenance margin, micro-cash; to nothing else.
   */
  pendingE6(context: ReadContext, holder: Holder): bigint
  /** Is told, at a block's end, of accounts whose positions have changed. */
  owingChanged?(context: Context, account: Uint8Array): void
}
