import { BaseAccount } from '@causeway/protocol/cosmos/auth/v1beta1/auth'
import {
  QueryAccountRequest,
  QueryAccountResponse,
  QueryParamsRequest,
  QueryParamsResponse,
} from '@causeway/protocol/cosmos/auth/v1beta1/query'
import { PubKey } from '@causeway/protocol/cosmos/crypto/secp256k1/keys'
import { KeyType } from '@causeway/protocol/causeway/accounts/v1/accounts'
import type { Account } from '@causeway/protocol/causeway/accounts/v1/accounts'
import { GAS } from '../../block/gas.ts'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { MEMO_BYTES_MAX } from '../../tx/limits.ts'
import { errors } from './errors.ts'
import { ACCOUNTS_STORE, readAccount, readWallet } from './state.ts'

/** What CosmJS asks about accounts. */
export function queries(addresses: AddressCodec): readonly QueryMethod[] {
  return [
    defineQuery({
      path: '/cosmos.auth.v1beta1.Query/Account',
      requestTypeName: 'cosmos.auth.v1beta1.QueryAccountRequest',
      requestCodec: QueryAccountRequest,
      responseCodec: QueryAccountResponse,
      answer(context, { address }) {
        const store = context.store(ACCOUNTS_STORE)
        const named = addresses.decode(address)
        const wallet = readWallet(store, named)
        // A linked wallet signs with the number and sequence of its account, and with its own key.
        const own = wallet && { publicKey: wallet.publicKey, keyType: wallet.keyType }
        const found = readAccount(store, wallet?.account ?? named)
        const account = found && { ...found, ...own }
        if (account === undefined) throw errors.notFound({ address })
        const value = BaseAccount.encode(baseAccount(address, account)).finish()
        return { account: { typeUrl: '/cosmos.auth.v1beta1.BaseAccount', value } }
      },
    }),
    defineQuery({
      path: '/cosmos.auth.v1beta1.Query/Params',
      requestTypeName: 'cosmos.auth.v1beta1.QueryParamsRequest',
      requestCodec: QueryParamsRequest,
      responseCodec: QueryParamsResponse,
      answer: () => ({
        params: {
          maxMemoCharacters: BigInt(MEMO_BYTES_MAX),
          txSigLimit: 1n,
          txSizeCostPerByte: BigInt(GAS.transactionByte),
          sigVerifyCostEd25519: 0n,
          sigVerifyCostSecp256k1: BigInt(GAS.signature),
        },
      }),
    }),
  ]
}

function baseAccount(address: string, account: Account): BaseAccount {
  const key = {
    typeUrl: '/cosmos.crypto.secp256k1.PubKey',
    value: PubKey.encode({ key: account.publicKey }).finish(),
  }
  return {
    address,
    // CosmJS knows the keys of Cosmos wallets, and throws at others.
    pubKey: account.publicKey.length === 0 || account.keyType !== KeyType.KEY_TYPE_COSMOS ? undefined : key,
    accountNumber: account.number,
    sequence: account.sequence,
  }
}
