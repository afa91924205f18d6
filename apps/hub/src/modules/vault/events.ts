// Events of the vault; what nobody searches by is unindexed.
import type { Context } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import type { Request, Status, Worth } from './state.ts'

/** A deposit (micro-cash) or a withdrawal (shares) waits from now on. */
export function emitRequested(context: Context, addresses: AddressCodec, request: Request): void {
  const { id, holder, isDeposit, amount, requestedSeconds } = request
  context.emit(
    'causeway.vault.v1.requested',
    { ...owned(addresses, holder), request: `${id}`, kind: isDeposit ? 'deposit' : 'withdrawal' },
    { amount: `${amount}`, requested_seconds: `${requestedSeconds}` },
  )
}

/** A request was executed, whole or (`rest` above 0) in part; or given back: 0 shares for its cash. */
export function emitExecuted(
  context: Context,
  addresses: AddressCodec,
  done: { request: Request; cashE6: bigint; shares: bigint; shareE18: bigint; rest: bigint },
): void {
  const { request, cashE6, shares, shareE18, rest } = done
  const { id, holder, isDeposit } = request
  context.emit(
    'causeway.vault.v1.executed',
    { ...owned(addresses, holder), request: `${id}`, kind: isDeposit ? 'deposit' : 'withdrawal' },
    { cash_e6: `${cashE6}`, shares: `${shares}`, share_e18: `${shareE18}`, rest: `${rest}` },
  )
}

/** What shares were worth in a minute that is over. */
export function emitWorth(context: Context, minute: bigint, worth: Worth): void {
  context.emit(
    'causeway.vault.v1.worth',
    {},
    {
      minute: `${minute}`,
      worth_e6: `${worth.worthE6}`,
      shares: `${worth.shares}`,
      close_e18: `${worth.closeE18}`,
      high_e18: `${worth.highE18}`,
      low_e18: `${worth.lowE18}`,
    },
  )
}

/** The vault has begun or ceased to quote, and why. */
export function emitStatus(context: Context, status: Status, before: Status): void {
  context.emit('causeway.vault.v1.status', { status, before })
}

function owned(addresses: AddressCodec, { account, subaccount }: Holder) {
  return { account: addresses.encode(account), subaccount: `${subaccount}` }
}
