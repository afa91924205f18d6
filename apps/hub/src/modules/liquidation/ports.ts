// What liquidation needs of other modules.
import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** A subaccount valued whole, micro-cash; margins are signed. */
export interface Figures {
  /** Cash, collateral before haircuts and positions at their marks. */
  readonly valueE6: bigint
  readonly maintenanceE6: bigint
  readonly initialE6: bigint
}

/** A balance that covers requirements. */
export interface HeldAsset {
  readonly asset: bigint
  readonly denom: string
  readonly decimals: number
  readonly amount: bigint
}

/** A position, or a part of one. */
export interface HeldPosition {
  readonly market: bigint
  /** Signed. */
  readonly sizeE9: bigint
  /** Micro-cash that comes with it; minus what is paid for it. */
  readonly quoteE6: bigint
}

/** A part of a position that changes hands at a price. */
export interface Move {
  readonly market: bigint
  readonly from: Holder
  readonly to: Holder
  /** Whole lots, with the sign of what `from` has. */
  readonly sizeE9: bigint
  /** What `to` pays `from`; below 0 `from` pays. */
  readonly amountE6: bigint
}

/** Margin. `figures` and what follows it throw `risk/7` for what is beyond all bounds. */
export interface RiskPort {
  level(context: ReadContext, holder: Holder): string
  /** Ascending by holder. */
  atLevel(context: ReadContext, level: 'below'): Iterable<readonly [Holder, unknown]>
  figures(context: ReadContext, holder: Holder): Figures
  /** From here on figures go by the marks as they stand now. */
  refresh(context: ReadContext): void
  /** Throws `risk/1`, `risk/2`. */
  requireInitial(context: ReadContext, holder: Holder): void
  dependencies(context: ReadContext, holder: Holder): readonly bigint[]
  /** Whether all that they tell is fresh now: prices, and surfaces of options and futures. */
  isFresh(context: ReadContext, holder: Holder): boolean
  collateral(context: ReadContext, holder: Holder): readonly HeldAsset[]
  worthE6(
    context: ReadContext,
    goods: { readonly positions: readonly HeldPosition[]; readonly collateral: readonly HeldAsset[] },
  ): bigint
  closing(
    context: ReadContext,
    holder: Holder,
  ): readonly { readonly market: bigint; readonly sizeE9: bigint }[]
  lossShares(
    context: ReadContext,
    holder: Holder,
  ): readonly { readonly underlying: bigint; readonly shareE9: bigint }[]
  notionalE6(context: ReadContext, holder: Holder): bigint
  restoringShareE9(
    context: ReadContext,
    holder: Holder,
    terms: { readonly underlying: bigint; readonly costE6: bigint; readonly bufferE9: bigint },
  ): bigint
  isIsolated(context: ReadContext, holder: Holder): boolean
}

/** Positions and orders. */
export interface MarketsPort {
  market(
    context: ReadContext,
    id: bigint,
  ):
    | {
        readonly kind: 'perpetual' | 'future' | 'option' | 'spot'
        readonly underlying: bigint
        readonly lotE9: bigint
      }
    | undefined
  figures(context: ReadContext, id: bigint): { readonly markE9: bigint }
  /** Ascending by market. */
  positions(context: ReadContext, holder: Holder): readonly HeldPosition[]
  cancelAll(context: Context, holder: Holder, reason: 'liquidation'): number
  settle(context: Context, holder: Holder): void
  placeClosing(
    context: Context,
    holder: Holder,
    closings: readonly { readonly market: bigint; readonly sizeE9: bigint }[],
  ): number
  move(context: Context, moves: readonly Move[], reason: 'liquidation'): void
  /** Throws `markets/27`, `/29`. */
  requireOwnerCaps(context: ReadContext, holder: Holder, changes: readonly HeldPosition[]): void
}

/** What a group of markets is charged for an account by. */
export interface GroupLoss {
  readonly group: bigint
  readonly lossE6: bigint
}

/** The insurance funds. */
export interface InsurancePort {
  /** By how much groups are charged for an account as it stands: asked before its positions go. */
  shares(context: ReadContext, holder: Holder): readonly GroupLoss[]
  /** Tops up a bid for an insolvent account; gives what was paid to the account, at most what was asked. */
  pay(
    context: Context,
    holder: Holder,
    amountE6: bigint,
    reason: string,
    shares: readonly GroupLoss[],
  ): bigint
  /** Takes a fee from an account. */
  receive(
    context: Context,
    from: Holder,
    amountE6: bigint,
    reason: string,
    shares: readonly GroupLoss[],
  ): void
  /** The account is worth less than nothing and nobody took it: its losses are shared out. False: not now. */
  resolve(context: Context, holder: Holder): boolean
}

/** What liquidation needs of other modules. */
export interface LiquidationPorts {
  readonly addresses: AddressCodec
  /** The account whose wallets include this one. */
  owner(context: ReadContext, account: Uint8Array): Uint8Array
  /** Assets with a price feed, ascending. */
  feeds(context: ReadContext): Iterable<bigint>
  /** Whether the price of an asset is neither held nor stale. */
  isPriceFresh(context: ReadContext, asset: bigint): boolean
  /** Whether an account waits for a standby line that was called. */
  isWaiting(context: ReadContext, holder: Holder): boolean
  readonly risk: RiskPort
  readonly markets: MarketsPort
  readonly insurance: InsurancePort
  readonly cash: {
    balanceE6(context: ReadContext, holder: Holder): bigint
    /** Gains in markets that may not leave yet. */
    lockedE6(context: ReadContext, holder: Holder): bigint
    /** One leg of flows that sum to zero; may make cash negative. */
    flow(context: Context, holder: Holder, deltaE6: bigint, reason: string): void
  }
  moveAsset(
    context: Context,
    from: Holder,
    to: Holder,
    asset: { readonly id: bigint; readonly denom: string },
    amount: bigint,
  ): void
}
