// Which account an address names, with its number: a linked wallet's address names another account.
import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/causeway/accounts/v1/query'
import { errors, isClientError } from '../errors.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from './hub.ts'

/** An account as transactions need it. */
export interface AccountFacts {
  /** `cway1…`: what messages name. */
  readonly address: string
  readonly number: bigint
}

/** Finds accounts; remembers what never changes of them. */
export interface Accounts {
  /** Throws `client/44`. */
  resolve(address: string): Promise<AccountFacts>
  /** Its next sequence. Throws `client/44`. */
  sequence(address: string): Promise<bigint>
  /** Forgets an address: it may have been linked to another account. */
  forget(address: string): void
}

const accountQuery = queryOf('causeway.accounts.v1', 'Account', QueryAccountRequest, QueryAccountResponse)

/** The hub's answer about an address. Throws `client/44`. */
export async function askAccount(hub: Hub, address: string): Promise<QueryAccountResponse> {
  try {
    const answer = await ask(hub.rpc, accountQuery, { address })
    hub.sawHeight(answer.height)
    return answer
  } catch (error) {
    const isUnknown = isClientError(error) && error.codespace === 'accounts' && error.code === 22
    throw isUnknown ? errors.noAccount({ address }) : error
  }
}

/** Accounts of a hub. */
export function createAccounts(hub: Hub): Accounts {
  const known = new Map<string, AccountFacts>()
  return {
    async resolve(address) {
      const facts = known.get(address)
      if (facts !== undefined) return facts
      const { account, number } = await askAccount(hub, address)
      const found = { address: account, number }
      known.set(address, found)
      return found
    },
    sequence: async (address) => (await askAccount(hub, address)).sequence,
    forget: (address) => void known.delete(address),
  }
}
