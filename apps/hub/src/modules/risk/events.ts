import type { Context } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'

/** A subaccount has fallen below its maintenance requirement, or has recovered. */
export function emitBelowMaintenance(
  context: Context,
  addresses: AddressCodec,
  { holder, marginE6 }: { holder: Holder; marginE6: bigint },
): void {
  const names = {
    account: addresses.encode(holder.account),
    subaccount: holder.subaccount.toString(),
  }
  const numbers = { maintenance_margin_e6: marginE6.toString() }
  if (marginE6 < 0n) context.emit('causeway.risk.v1.below_maintenance', names, numbers)
  else context.emit('causeway.risk.v1.recovered', names, numbers)
}

/** A subaccount is isolated from now on. */
export function emitIsolated(context: Context, addresses: AddressCodec, holder: Holder): void {
  context.emit('causeway.risk.v1.isolated', {
    account: addresses.encode(holder.account),
    subaccount: holder.subaccount.toString(),
  })
}
