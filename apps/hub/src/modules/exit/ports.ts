import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec } from '../../identifiers.ts'

/** A line as claims need it. */
export interface ExitLine {
  readonly id: bigint
  readonly client: string
  /** Full path. */
  readonly denom: string
  readonly asset: bigint
  /** Decimal: what the other chain's escrow holds, and the part of it that withdrawals have debited. */
  readonly escrowed: string
  readonly inFlight: string
}

/** What exit claims need of the rest of the chain. */
export interface ExitPorts {
  readonly addresses: AddressCodec
  /** The line of a full path or a voucher. Throws `ledger/21`. */
  line(context: ReadContext, denom: string): ExitLine
  /** Lines of an asset, ascending by id. */
  linesOf(context: ReadContext, asset: bigint): Iterable<ExitLine>
  /** What an account holds of an asset over all subaccounts. Reads all its balances. */
  held(context: ReadContext, account: Uint8Array, asset: bigint): bigint
  /** Whether an account has to keep nothing covered. */
  owesNothing(context: ReadContext, account: Uint8Array): boolean
  /** Writes a claim, or a sum of claims, where other chains prove it, in store `ibc`; nothing deletes it. */
  writeClaim(context: Context, key: Uint8Array, value: Uint8Array | undefined): void
  /** Reads it back. */
  readClaim(context: ReadContext, key: Uint8Array): Uint8Array | undefined
  /** All claims, and sums of claims, in store `ibc`. */
  claims(context: ReadContext): Iterable<readonly [key: Uint8Array, value: Uint8Array]>
  /** Whether an epoch ends with this block. */
  isEpochEnd(context: ReadContext): boolean
}
