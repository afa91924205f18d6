// What insurance needs of other modules. Cash in micro-units.
import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import type { GroupLoss } from './pure/charges.ts'

/** What insurance needs of other modules. */
export interface InsurancePorts {
  readonly addresses: AddressCodec
  /** The common fund; those of market groups are other subaccounts of its account. */
  readonly fund: Holder
  /** Whose losses no fund pays; absent: everybody's are paid. */
  isUninsured?(holder: Holder): boolean
  /** Ascending by asset. */
  balances(
    context: ReadContext,
    holder: Holder,
  ): Iterable<{ readonly asset: bigint; readonly denom: string; readonly amount: bigint }>
  /** What of a holder's tokens covers requirements, with what it is worth before haircuts. */
  collateral(context: ReadContext, holder: Holder): readonly HeldCollateral[]
  moveAsset(context: Context, from: Holder, to: Holder, asset: bigint, amount: bigint): void
  readonly cash: InsuredCash
  readonly risk: InsuredRisk
  readonly markets: InsuredMarkets
}

/** A token that covers requirements. */
export interface HeldCollateral {
  readonly asset: bigint
  /** Base units. */
  readonly amount: bigint
  readonly valueE6: bigint
}

/** Cash. */
export interface InsuredCash {
  balanceE6(context: ReadContext, holder: Holder): bigint
  move(context: Context, from: Holder, to: Holder, amountE6: bigint, reason: string): void
  /** Ends so much of a debt at the cost of all positive cash; gives how much that could bear. */
  socialise(context: Context, holder: Holder, amountE6: bigint): bigint
  /** Makes cash of what of an asset converts now. */
  convert(context: Context, holder: Holder, held: { asset: bigint; amount: bigint }): void
}

/** A group of underlyings whose risk offsets, or one underlying, and what an account loses there at worst. */
export interface MarketGroup extends GroupLoss {
  /** Ascending. */
  readonly underlyings: readonly bigint[]
}

/** Margin. */
export interface InsuredRisk {
  /** Worth and initial margin (a signed surplus) of a subaccount. Throws `risk/7`. */
  figures(context: ReadContext, holder: Holder): { readonly valueE6: bigint; readonly initialE6: bigint }
  /** From here on figures go by the marks as they stand now. */
  refresh(context: ReadContext): void
  /** Whether it may be judged now: the chain runs, and all its prices have been fresh for long enough. */
  isSettled(context: ReadContext, holder: Holder): boolean
  /** Who was below maintenance at the end of the last block, ascending. */
  below(context: ReadContext): Iterable<Holder>
  /** All groups that trade, ascending. Throws `risk/7`. */
  groups(context: ReadContext, holder: Holder): readonly MarketGroup[]
}

/** A market as insurance sees it. */
export interface Instrument {
  readonly id: bigint
  readonly underlying: bigint
  readonly isOption: boolean
  readonly lotE9: bigint
  /** Over, and waiting for what it pays. */
  readonly isSettling: boolean
  /** Nothing where there is none now. */
  readonly markE9: bigint | undefined
  /** Of the underlying now, and what it has gained within the last hour. */
  readonly indexE9: bigint
  readonly gainE9: bigint
}

/** What a holder has in a market. */
export interface InsuredPosition {
  readonly market: bigint
  readonly sizeE9: bigint
  /** Minus what was paid and isn't in cash yet; of an option minus what was paid, which is. */
  readonly quoteE6: bigint
  /** Funding that isn't in the quote yet. */
  readonly fundingE6: bigint
}

/** Markets. */
export interface InsuredMarkets {
  instrument(context: ReadContext, market: bigint): Instrument | undefined
  /** Ascending by market. */
  positions(context: ReadContext, holder: Holder): readonly InsuredPosition[]
  /** All who have a position, ascending. */
  holders(context: ReadContext): Iterable<Holder>
  /** Closes parts of positions: `to` takes them over, and pays so much for them. */
  move(context: Context, moves: readonly PositionMove[], reason: 'deleverage'): void
}

/** A part of a position that goes to another holder. */
export interface PositionMove {
  readonly market: bigint
  readonly from: Holder
  readonly to: Holder
  /** With the sign of what `from` has. */
  readonly sizeE9: bigint
  /** What `to` pays `from` for it; may be below 0. */
  readonly amountE6: bigint
}
