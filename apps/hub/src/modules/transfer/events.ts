import type { TokenMovement } from '@causeway/messaging'
import type { Context } from '../../block/context.ts'
import type { AddressCodec } from '../../identifiers.ts'

/** A movement with what the ledger calls the token; line 0 is a native token. */
export interface LedgerMovement {
  readonly movement: TokenMovement
  readonly line: bigint
  readonly asset: bigint
}

/** Tells what a transfer did to a subaccount: credit, debit, or refund with its reason. */
export function emitMovement(context: Context, addresses: AddressCodec, moved: LedgerMovement): void {
  const { movement, line, asset } = moved
  const { account, subaccount } = addresses.decodeHolder(movement.account)
  const common = {
    line: line.toString(),
    asset: asset.toString(),
    account: addresses.encode(account),
    subaccount: subaccount.toString(),
    amount: movement.amount.toString(),
  }
  const packet = { client: movement.clientId, sequence: movement.sequence.toString() }
  const { purpose, counterpartyAccount } = movement
  if (purpose === 'receive') {
    context.emit('causeway.transfer.v1.credit', { ...common, sender: counterpartyAccount, ...packet })
  } else if (purpose === 'send') {
    context.emit('causeway.transfer.v1.debit', { ...common, receiver: counterpartyAccount, ...packet })
  } else {
    const reason = { receiver: counterpartyAccount, ...packet, reason: purpose }
    context.emit('causeway.transfer.v1.refund', { ...common, ...reason })
  }
}
