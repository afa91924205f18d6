// Accounts: who may sign, in which order. An account is created by the first credit to its address.
import { ripemd160, sha256 } from '@causeway/primitives'
import type { Account } from '@causeway/protocol/causeway/accounts/v1/accounts'
import type { Context, ReadContext } from '../../block/context.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { emitCreated } from './events.ts'
import {
  ACCOUNTS_STORE,
  hasAccount,
  readAccount,
  readGasPrices,
  takeAccountNumber,
  writeAccount,
} from './state.ts'
import type { GasPrice } from './state.ts'

/** What other parts of the chain do with accounts. */
export interface Accounts {
  /** The account with this id, if it exists. */
  find(context: ReadContext, id: Uint8Array): Account | undefined
  /** Creates the account unless it exists. */
  ensure(context: Context, id: Uint8Array): void
  /** Counts one paid transaction and remembers the key that signed it. */
  advance(context: Context, id: Uint8Array, account: Account, publicKey: Uint8Array): void
  /** The denominations that pay for gas. Empty: gas is free. */
  gasPrices(context: ReadContext): readonly GasPrice[]
}

/** Makes the accounts of a chain. */
export function createAccounts(addresses: AddressCodec): Accounts {
  return {
    find: (context, id) => readAccount(context.store(ACCOUNTS_STORE), id),
    ensure(context, id) {
      const store = context.store(ACCOUNTS_STORE)
      if (hasAccount(store, id)) return
      writeAccount(store, id, {
        number: takeAccountNumber(store),
        sequence: 0n,
        publicKey: new Uint8Array(0),
      })
      emitCreated(context, addresses.encode(id))
    },
    advance(context, id, account, publicKey) {
      writeAccount(context.store(ACCOUNTS_STORE), id, {
        ...account,
        sequence: account.sequence + 1n,
        publicKey,
      })
    },
    gasPrices: (context) => readGasPrices(context.store(ACCOUNTS_STORE)),
  }
}

/** The account id of a compressed secp256k1 key: RIPEMD-160 of its SHA-256, as Cosmos chains do. */
export function addressOfKey(publicKey: Uint8Array): Uint8Array {
  return ripemd160(sha256(publicKey))
}
