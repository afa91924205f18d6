// What transfers need of the ledger and of risk.
import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** An asset as the ledger names it. */
export interface TransferAsset {
  readonly id: bigint
  readonly denom: string
}

/** A line as the ledger keeps it. */
export interface TransferLine {
  readonly id: bigint
  readonly asset: bigint
  readonly denom: string
  readonly escrowed: string
  readonly inFlight: string
}

/** Balances, for tokens that are moved, minted and burned as assets. */
export interface TransferLedger {
  asset(context: ReadContext, denom: string): TransferAsset
  isNative(context: ReadContext, asset: bigint): boolean
  balance(context: ReadContext, holder: Holder, asset: bigint): bigint
  move(context: Context, from: Holder, to: Holder, asset: TransferAsset, amount: bigint): void
}

/** Balances of a plain zone: vouchers come to be with their first transfer. */
export interface VoucherLedger extends TransferLedger {
  ensureVoucher(context: Context, denom: string): TransferAsset
  mint(context: Context, to: Holder, asset: TransferAsset, amount: bigint): void
  burn(context: Context, from: Holder, asset: TransferAsset, amount: bigint): void
}

/** Lines of a hub. */
export interface TransferLines<Line extends TransferLine> {
  find(context: ReadContext, denom: string): Line
  ensure(context: Context, client: string, path: string): Line
  deposit(context: Context, line: Line, to: Holder, amount: bigint): void
  withdraw(context: Context, line: Line, from: Holder, amount: bigint): void
  settle(context: Context, lineId: bigint, amount: bigint): void
  refund(context: Context, lineId: bigint, to: Holder, amount: bigint): void
}

/** What a hub's bank needs. */
export interface HubBankPorts<Line extends TransferLine> {
  readonly addresses: AddressCodec
  readonly ledger: TransferLedger
  readonly lines: TransferLines<Line>
  /** Holds what waits to leave: what is released from there was judged when it came there. */
  readonly waiting: Holder
  /** Whether withdrawals over a line wait: then nobody passes them. */
  isWaiting(context: ReadContext, line: bigint): boolean
  /** A final deposit has been credited: it may become something else. */
  deposited(context: Context, line: Line, to: Holder, amount: bigint): void
  /** Throws `insurance/1` while nothing may leave. What comes back or waits already is not asked about. */
  requireSolvent(context: ReadContext): void
  /** Throws `ProtocolError` when what has just left a subaccount was needed there. */
  checkWithdrawal(context: Context, holder: Holder): void
}

/** What a zone's bank needs. */
export interface ZoneBankPorts {
  readonly addresses: AddressCodec
  readonly ledger: VoucherLedger
}
