// Genesis debts: what subaccounts have to keep covered, without a market. The markets' own account has lent.
import { createAddressCodec } from '../identifiers.ts'
import { MARKET_HOUSE } from '../named-accounts.ts'

const SHARES_A_MICRO = 10n ** 18n

/** The member `cash` of an app_state in which these holders owe so much micro-cash. */
export function cashOwed(debts: Readonly<Record<string, bigint>>) {
  const lent = Object.values(debts).reduce((sum, owed) => sum + owed, 0n)
  const debtors = Object.entries(debts).map(([holder, owed]) => ({
    holder,
    shares: (-owed * SHARES_A_MICRO).toString(),
  }))
  // The markets' own cash is counted in micro-units: it bears no interest.
  const lender = {
    holder: createAddressCodec('cway').encodeHolder(MARKET_HOUSE),
    shares: lent.toString(),
  }
  return { accounts: [...debtors, lender] }
}
