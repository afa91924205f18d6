import type { StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** Margins and level of a subaccount, signed micro-cash. */
export interface CallFigures {
  readonly valueE6: bigint
  readonly maintenanceE6: bigint
  readonly requirementE6: bigint
  readonly initialE6: bigint
}

/** What an amount of an asset is worth to a subaccount. */
export interface Cover {
  /** What it covers of initial requirements, micro-cash; 0 where the subaccount can't use it. */
  readonly initialE6: bigint
  /** At the price, before haircuts. */
  readonly valueE6: bigint
  readonly isFresh: boolean
}

/** What margin calls need of the rest of the chain. */
export interface CallsPorts {
  readonly addresses: AddressCodec
  readonly risk: {
    level(context: ReadContext, holder: Holder): string
    atLevel(context: ReadContext, level: 'called' | 'below'): Iterable<readonly [Holder, unknown]>
    figures(context: ReadContext, holder: Holder): CallFigures
    isFresh(context: ReadContext, holder: Holder): boolean
  }
  /** Lines of a subaccount that are locked or called, ascending by client and line. */
  lines(context: ReadContext, holder: Holder): readonly StandbyLine[]
  /** Whether a wallet of the account itself has locked a line. */
  isOwn(context: ReadContext, holder: Holder, line: Pick<StandbyLine, 'client' | 'line'>): boolean
  /** What a line's token is here, and as transfers name it there; nothing where it is no longer listed. */
  token(
    context: ReadContext,
    line: StandbyLine,
  ): { readonly asset: bigint; readonly token: string } | undefined
  cover(context: ReadContext, holder: Holder, asset: bigint, amount: bigint): Cover
  /** Whether packets of a client, and deposits of a line's token, can pass. */
  isOpen(context: ReadContext, line: StandbyLine): boolean
  /** Sends the call; gives its sequence. */
  send(context: Context, client: string, line: Uint8Array, amount: bigint): bigint
  /** Base units of an asset that a subaccount has. */
  held(context: ReadContext, holder: Holder, asset: bigint): bigint
  /** Moves them to the account that a relayer signs for. */
  reward(context: Context, from: Holder, to: Uint8Array, asset: bigint, amount: bigint): void
}

/** A deposit that has come in. */
export interface Delivered {
  readonly client: string
  /** As transfers over the client name it. */
  readonly token: string
  readonly holder: Holder
  readonly amount: bigint
  /** Who signed for it. */
  readonly relayer: Uint8Array
}
