// A debt that nobody pays ends at the cost of all positive cash, in proportion: only the index of credits
// moves, so that it makes no difference over how many accounts somebody has spread his.
import { assert } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { addCash, balanceE6 } from './cash.ts'
import { emitInterest, emitSocialised } from './events.ts'
import { bearableE6, loweredCredit, rateOf } from './pool.ts'
import type { CashPool } from './pool.ts'
import type { CashPorts } from './ports.ts'
import { CASH_STORE, cashAccounts, readPool, writePool } from './state.ts'

/** Ends so much of a subaccount's debt; gives how much of it, as positive cash may not have as much. */
export function socialise(context: Context, ports: CashPorts, holder: Holder, amountE6: bigint): bigint {
  assert(amountE6 > 0n && balanceE6(context, ports, holder) <= -amountE6, 'only a debt is socialised')
  const store = context.store(CASH_STORE)
  const most = bearableE6(readPool(store))
  const borneE6 = amountE6 < most ? amountE6 : most
  if (borneE6 === 0n) return 0n
  addCash(context, ports, holder, borneE6, 'socialised')
  const isBorne = lowerCredits(context, ports, readPool(store))
  assert(isBorne, 'positive cash bears what it can')
  emitSocialised(context, ports.addresses, { holder, amountE6: borneE6, pool: readPool(store) })
  return borneE6
}

/**
 * Lowers the index of credits to what this pool's par covers, and writes the pool; false where positive cash
 * can't bear it. Those who depend on their cash are told.
 */
export function lowerCredits(context: Context, ports: CashPorts, pool: CashPool): boolean {
  const store = context.store(CASH_STORE)
  const after = loweredCredit(pool)
  if (after === undefined) return false
  writePool(store, after)
  emitInterest(context, after, rateOf(after))
  for (const [holder, { shares }] of cashAccounts(store)) if (shares > 0n) ports.changed?.(context, holder)
  return true
}
