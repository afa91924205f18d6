// Accounts that nobody has a key of: what the chain itself holds.
import { equalBytes, sha256, utf8 } from '@causeway/primitives'
import type { Holder } from './identifiers.ts'

/** Fees, until an epoch's end shares them out. */
export const FEE_COLLECTOR = named('fee-collector')
/** Stake, bonded or leaving. */
export const STAKE_POOL = named('stake')
/** Rewards that were earned and not withdrawn yet. */
export const REWARD_POOL = named('rewards')
/** Deposits of proposals under way. */
export const DEPOSIT_POOL = named('deposits')
/** The insurance fund. */
export const INSURANCE_FUND = named('insurance')
/** What was converted into cash. */
export const CASH_POOL = named('cash')
/** What waits to leave over its line. */
export const WITHDRAWALS = named('withdrawals')
/** What markets owe and are owed, and what rounding leaves. */
export const MARKET_HOUSE = named('markets')
/** The protocol vault; subaccount 1 has the cash of deposits that wait. */
export const VAULT = named('vault')

const UNPAYABLE: readonly Holder[] = [
  FEE_COLLECTOR,
  STAKE_POOL,
  REWARD_POOL,
  DEPOSIT_POOL,
  CASH_POOL,
  WITHDRAWALS,
  MARKET_HOUSE,
  VAULT,
]

/** Whether nobody may send to an account: what it holds belongs to somebody, to the last unit. */
export function isUnpayable(account: Uint8Array): boolean {
  return UNPAYABLE.some((held) => equalBytes(held.account, account))
}

function named(name: string): Holder {
  return { account: sha256(utf8(`causeway/${name}`)).slice(0, 20), subaccount: 0 }
}
