// Events of pending credits.
import { toHex } from '@causeway/primitives'
import type { PendingCredit } from '@causeway/protocol/causeway/preview/v1/preview'
import type { Context } from '../../block/context.ts'
import type { AddressCodec } from '../../identifiers.ts'

/** A deposit is pending, or lives longer than before. */
export function emitPending(context: Context, addresses: AddressCodec, credit: PendingCredit): void {
  const times = { head_slot: credit.headSlot.toString(), expires_seconds: credit.expiresSeconds.toString() }
  context.emit('causeway.preview.v1.pending', { ...named(addresses, credit), ...times })
}

/** A pending deposit ended: `received`, `expired` or `replaced`. */
export function emitEnded(
  context: Context,
  addresses: AddressCodec,
  credit: PendingCredit,
  reason: string,
): void {
  context.emit('causeway.preview.v1.ended', { ...named(addresses, credit), reason })
}

function named(addresses: AddressCodec, credit: PendingCredit) {
  return {
    client: credit.client,
    sequence: credit.sequence.toString(),
    commitment: toHex(credit.commitment),
    line: credit.line.toString(),
    asset: credit.asset.toString(),
    account: addresses.encode(credit.account),
    subaccount: credit.subaccount.toString(),
    amount: credit.amount,
  }
}
