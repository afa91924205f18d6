// What cash needs of other modules.
import type { Line } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** An asset as the ledger keeps it. */
export interface CashAsset {
  readonly id: bigint
  readonly denom: string
  readonly decimals: number
  readonly native: boolean
}

/** A withdrawal as it leaves. */
export interface Leaving {
  /** Who gets it back when it isn't taken. */
  readonly holder: Holder
  readonly line: Line
  readonly amount: bigint
  readonly receiver: string
}

/** What may leave over a line within the hour, base units. */
export interface Room {
  readonly capacity: bigint
  readonly left: bigint
}

/** What cash needs of other modules. */
export interface CashPorts {
  readonly addresses: AddressCodec
  /** Holds what was converted. */
  readonly pool: Holder
  /** Holds what waits to leave. */
  readonly waiting: Holder
  readonly insuranceFund: Holder
  /** The markets' own, which bears no interest. */
  readonly idle: Holder
  /** Creates the account unless it exists; gives the one that a linked wallet's address stands for. */
  ensureAccount(context: Context, account: Uint8Array): Uint8Array
  /** Moves an asset. Throws `ledger/5` or `ledger/6`. */
  moveAsset(context: Context, from: Holder, to: Holder, asset: CashAsset, amount: bigint): void
  balance(context: ReadContext, holder: Holder, asset: bigint): bigint
  asset(context: ReadContext, id: bigint): CashAsset | undefined
  /** Throws `ledger/20`. */
  assetOfDenom(context: ReadContext, denom: string): CashAsset
  line(context: ReadContext, id: bigint): Line | undefined
  /** The line of a full path or voucher. Throws `ledger/21`. */
  lineOfDenom(context: ReadContext, denom: string): Line
  linesOf(context: ReadContext, asset: bigint): Iterable<Line>
  /** Whether something may come in and leave over a line: its client is Active, and nobody has paused it. */
  isOpen(context: ReadContext, line: Pick<Line, 'id' | 'client'>): boolean
  /** What a holder had of a line's escrow is lost. Throws `ledger/5`, `ledger/23`. */
  loseEscrow(context: Context, line: Line, from: Holder, amount: bigint): void
  price(context: ReadContext, asset: bigint): { readonly priceE9: bigint; readonly state: string }
  /** Room in a line's window; nothing where it has no limit. */
  room(context: ReadContext, line: Line): Room | undefined
  /** Refuses a receiver that the chain behind a client can't pay. */
  requireReceiver(client: string, receiver: string): void
  /** Sends what `waiting` holds; gives the packet's sequence. The client is active, and there is room. */
  send(context: Context, leaving: Leaving): bigint
  /** Throws `risk/1` or `risk/2` when what has just left was needed. */
  checkWithdrawal(context: Context, holder: Holder): void
  /** Throws `risk/2` unless every price that the subaccount depends on is fresh. */
  requireFresh(context: Context, holder: Holder): void
  /** Throws `insurance/1` while nothing may leave, as deficits exceed insurance. */
  requireSolvent?(context: ReadContext): void
  /** Turns what positions have gained or lost into cash. */
  settleTrading?(context: Context, holder: Holder): void
  /** Is told that a subaccount's cash has changed. */
  changed?(context: Context, holder: Holder): void
  /** Is told that a subaccount's cash has come to be, or is no longer, below zero. */
  owingChanged?(context: Context, holder: Holder): void
}
