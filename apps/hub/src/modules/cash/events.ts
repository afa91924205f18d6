import type { Withdrawal } from '@causeway/protocol/causeway/cash/v1/cash'
import type { Context } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import type { Overdraft } from './debtors.ts'
import type { CashPool } from './pool.ts'

/** A subaccount's cash that changed: by how much, and what it is now. */
export function emitCash(
  context: Context,
  addresses: AddressCodec,
  change: { holder: Holder; reason: string; deltaE6: bigint; balanceE6: bigint },
): void {
  context.emit(
    'causeway.cash.v1.cash',
    { account: addresses.encode(change.holder.account) },
    {
      subaccount: change.holder.subaccount.toString(),
      reason: change.reason,
      delta_e6: change.deltaE6.toString(),
      balance_e6: change.balanceE6.toString(),
    },
  )
}

/** Interest accrued: what everybody's shares are worth from this block on. */
export function emitInterest(context: Context, pool: CashPool, rate: bigint): void {
  const indices = { debt_index: pool.debtIndex.toString(), credit_index: pool.creditIndex.toString() }
  context.emit('causeway.cash.v1.interest', {}, { ...indices, borrow_rate: rate.toString() })
}

/**
 * A loss was written off: base units in all, and of insurance; micro-cash that insurance and all others paid.
 */
export function emitWrittenOff(
  context: Context,
  loss: { line: bigint; asset: bigint; amount: bigint; own: bigint; paidE6: bigint; sharedE6: bigint },
): void {
  const { line, asset, amount, own, paidE6, sharedE6 } = loss
  context.emit(
    'causeway.cash.v1.written_off',
    { line: `${line}`, asset: `${asset}` },
    { amount: `${amount}`, insurance: `${own}`, insurance_e6: `${paidE6}`, shared_e6: `${sharedE6}` },
  )
}

/** A debt that nobody could pay has ended: so much of it, at the cost of everybody's positive cash. */
export function emitSocialised(
  context: Context,
  addresses: AddressCodec,
  { holder, amountE6, pool }: { holder: Holder; amountE6: bigint; pool: CashPool },
): void {
  context.emit(
    'causeway.cash.v1.socialised',
    { account: addresses.encode(holder.account), subaccount: holder.subaccount.toString() },
    { amount_e6: amountE6.toString(), credit_index: pool.creditIndex.toString() },
  )
}

/**
 * A subaccount has come to owe more than half of its collateral covers (`selling`; `stuck`: nothing of that
 * can be sold now), or no longer does (`none`); micro-cash.
 */
export function emitOverdrawn(
  context: Context,
  addresses: AddressCodec,
  overdrawn: { holder: Holder; status: Overdraft; debtE6: bigint; limitE6: bigint },
): void {
  const { holder, status, debtE6, limitE6 } = overdrawn
  context.emit(
    'causeway.cash.v1.overdrawn',
    { account: addresses.encode(holder.account), subaccount: `${holder.subaccount}`, status },
    { debt_e6: `${debtE6 > 0n ? debtE6 : 0n}`, limit_e6: `${limitE6}` },
  )
}

/** What the pool holds of an asset at par. */
export function emitPool(context: Context, asset: bigint, parE6: bigint): void {
  context.emit('causeway.cash.v1.pool', { asset: asset.toString() }, { par_e6: parE6.toString() })
}

/** A conversion: micro-units at par, and micro-cash that was credited. */
export function emitConverted(
  context: Context,
  addresses: AddressCodec,
  converted: { holder: Holder; asset: bigint; parE6: bigint; cashE6: bigint },
): void {
  context.emit('causeway.cash.v1.converted', {
    account: addresses.encode(converted.holder.account),
    subaccount: converted.holder.subaccount.toString(),
    asset: converted.asset.toString(),
    par_e6: converted.parE6.toString(),
    cash_e6: converted.cashE6.toString(),
  })
}

/** A withdrawal waits, has left (in part), was cancelled, or was redirected; `amount` is what still waits. */
export function emitWithdrawal(
  context: Context,
  addresses: AddressCodec,
  withdrawal: Withdrawal,
  status: 'queued' | 'left' | 'cancelled' | 'redirected',
): void {
  context.emit('causeway.cash.v1.withdrawal', {
    id: withdrawal.id.toString(),
    status,
    account: addresses.encode(withdrawal.account),
    subaccount: withdrawal.subaccount.toString(),
    line: withdrawal.line.toString(),
    asset: withdrawal.asset.toString(),
    amount: withdrawal.amount,
    receiver: withdrawal.receiver,
  })
}
