// Events of insurance; what nobody searches by is unindexed.
import type { Context } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import type { PaidCharge } from './pure/charges.ts'

/** Insurance took something in, or paid: for a group of markets (0: the common fund) and an account. */
export function emitFund(
  context: Context,
  addresses: AddressCodec,
  flow: { holder: Holder; group: bigint; reason: string; amountE6: bigint },
): void {
  const { holder, group, reason, amountE6 } = flow
  const searched = { ...owned(addresses, holder), group: `${group}`, reason }
  context.emit('causeway.insurance.v1.fund', searched, { amount_e6: `${amountE6}` })
}

/** A group was charged what an account lacks: who paid, and what nobody has paid yet. */
export function emitCharged(
  context: Context,
  addresses: AddressCodec,
  holder: Holder,
  { group, amountE6, ownE6, commonE6, leftE6 }: PaidCharge,
): void {
  const searched = { ...owned(addresses, holder), group: `${group}` }
  const paid = { own_e6: `${ownE6}`, common_e6: `${commonE6}`, left_e6: `${leftE6}` }
  context.emit('causeway.insurance.v1.charged', searched, { amount_e6: `${amountE6}`, ...paid })
}

/** A position was closed against a bankrupt account, at a loss against the mark (0: at the mark). */
export function emitDeleveraged(
  context: Context,
  addresses: AddressCodec,
  closed: { holder: Holder; of: Holder; market: bigint; sizeE9: bigint; lossE6: bigint; place: number },
): void {
  const { holder, of, market, sizeE9, lossE6, place } = closed
  context.emit(
    'causeway.insurance.v1.deleveraged',
    { ...owned(addresses, holder), market: `${market}` },
    { of: addresses.encodeHolder(of), size_e9: `${sizeE9}`, loss_e6: `${lossE6}`, place: `${place}` },
  )
}

/** A bankrupt account was resolved: it holds no position and owes nothing; what that took, by who bore it. */
export function emitResolved(
  context: Context,
  addresses: AddressCodec,
  holder: Holder,
  borne: { deficitE6: bigint; insuredE6: bigint; deleveragedE6: bigint; socialisedE6: bigint },
): void {
  context.emit('causeway.insurance.v1.resolved', owned(addresses, holder), {
    deficit_e6: `${borne.deficitE6}`,
    insured_e6: `${borne.insuredE6}`,
    deleveraged_e6: `${borne.deleveragedE6}`,
    socialised_e6: `${borne.socialisedE6}`,
  })
}

/** Redemption and transfers out wait (`until_seconds` at the latest), or no longer do. */
export function emitPause(
  context: Context,
  pause: {
    status: 'began' | 'expired' | 'ended'
    deficitsE6: bigint
    availableE6: bigint
    untilSeconds: bigint
  },
): void {
  const { status, deficitsE6, availableE6, untilSeconds } = pause
  context.emit(
    'causeway.insurance.v1.pause',
    { status },
    { deficits_e6: `${deficitsE6}`, available_e6: `${availableE6}`, until_seconds: `${untilSeconds}` },
  )
}

function owned(addresses: AddressCodec, { account, subaccount }: Holder) {
  return { account: addresses.encode(account), subaccount: `${subaccount}` }
}
