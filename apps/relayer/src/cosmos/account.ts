import { BaseAccount } from '@causeway/protocol/cosmos/auth/v1beta1/auth'
import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/cosmos/auth/v1beta1/query'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { RelayError } from '../errors.ts'
import { abciQuery, isNotFound } from './abci-query.ts'
import type { CometPool } from './comet-pool.ts'

/** What a signature binds of an account. */
export interface Account {
  readonly number: bigint
  sequence: bigint
}

/** Account number and next sequence of an address. Throws `RelayError` (fees) when it never held anything. */
export async function queryAccount(pool: CometPool, address: string): Promise<Account> {
  const path = '/cosmos.auth.v1beta1.Query/Account'
  const answer = await abciQuery(pool, path, QueryAccountRequest, QueryAccountResponse, { address }).catch(
    (error) => {
      if (!isNotFound(error)) throw error
      throw new RelayError('fees', 'later', `account ${address} does not exist on the chain: fund it`)
    },
  )
  const { accountNumber, sequence } = BaseAccount.decode(answer.account?.value ?? new Uint8Array())
  return { number: accountNumber, sequence }
}

/** Balance of one denomination. */
export async function queryBalance(pool: CometPool, address: string, denom: string): Promise<bigint> {
  const path = '/cosmos.bank.v1beta1.Query/Balance'
  const answer = await abciQuery(pool, path, QueryBalanceRequest, QueryBalanceResponse, { address, denom })
  return BigInt(answer.balance?.amount || '0')
}
