// Events of balances and lines, and the Cosmos SDK's bank events beside them.
import type { Line } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { Context } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** An asset as events name it. */
export interface NamedAsset {
  readonly id: bigint
  readonly denom: string
}

/** A balance that changed: by how much, and what it is now. */
export function emitBalance(
  context: Context,
  addresses: AddressCodec,
  change: { holder: Holder; asset: NamedAsset; delta: bigint; balance: bigint },
): void {
  const names = {
    account: addresses.encode(change.holder.account),
    subaccount: change.holder.subaccount.toString(),
    asset: change.asset.id.toString(),
    denom: change.asset.denom,
  }
  const numbers = { delta: change.delta.toString(), balance: change.balance.toString() }
  context.emit('causeway.ledger.v1.balance', names, numbers)
}

/** What a line's escrow holds now. */
export function emitLine(context: Context, line: Line): void {
  context.emit('causeway.ledger.v1.line', {
    line: line.id.toString(),
    client: line.client,
    denom: line.denom,
    asset: line.asset.toString(),
    escrowed: line.escrowed,
  })
}

/** What the Cosmos SDK's bank says of a debit. */
export function emitCoinSpent(context: Context, spender: string, amount: string): void {
  context.emit('coin_spent', { spender, amount })
}

/** What the Cosmos SDK's bank says of a credit. */
export function emitCoinReceived(context: Context, receiver: string, amount: string): void {
  context.emit('coin_received', { receiver, amount })
}

/** What the Cosmos SDK's bank says of a transfer. */
export function emitTransfer(context: Context, recipient: string, sender: string, amount: string): void {
  context.emit('transfer', { recipient, sender, amount })
}

/** What the Cosmos SDK's bank says of new coins. */
export function emitCoinbase(context: Context, minter: string, amount: string): void {
  context.emit('coinbase', { minter, amount })
}

/** What the Cosmos SDK's bank says of burnt coins. */
export function emitBurn(context: Context, burner: string, amount: string): void {
  context.emit('burn', { burner, amount })
}
