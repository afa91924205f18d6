import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/causeway/accounts/v1/query'
import type { Wallet } from '@causeway/protocol/causeway/accounts/v1/query'
import type { ReadContext } from '../../block/context.ts'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { millitokensAt } from '../../tx/token-bucket.ts'
import { milliseconds } from './accounts.ts'
import { errors } from './errors.ts'
import { ACCOUNTS_STORE, readAccount, readBucket, readWallet, sessions, walletsOf } from './state.ts'

/** An account with its wallets and sessions, by any of its addresses. */
export function accountQuery(addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: '/causeway.accounts.v1.Query/Account',
    requestTypeName: 'causeway.accounts.v1.QueryAccountRequest',
    requestCodec: QueryAccountRequest,
    responseCodec: QueryAccountResponse,
    answer(context, { address }) {
      const store = context.store(ACCOUNTS_STORE)
      const named = addresses.decode(address)
      const id = readWallet(store, named)?.account ?? named
      const account = readAccount(store, id)
      if (account === undefined) throw errors.notFound({ address })
      const first = { address: addresses.encode(id), keyType: account.keyType, publicKey: account.publicKey }
      return {
        account: addresses.encode(id),
        number: account.number,
        sequence: account.sequence,
        wallets: [first, ...linked(context, addresses, id)],
        sessions: [...sessions(store, id)].map(({ sessionKey, session }) => ({
          sessionKey,
          expiresSeconds: session.expiresSeconds,
        })),
        millitokens: millitokensAt(readBucket(store, id), milliseconds(context)),
        height: context.height,
      }
    },
  })
}

function linked(context: ReadContext, addresses: AddressCodec, account: Uint8Array): Wallet[] {
  const store = context.store(ACCOUNTS_STORE)
  return [...walletsOf(store, account)].map((wallet) => {
    const { keyType, publicKey } = readWallet(store, wallet)!
    return { address: addresses.encode(wallet), keyType, publicKey }
  })
}
