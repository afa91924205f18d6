import { z } from 'zod'
import type { Module } from '../../block/module.ts'
import { amountText, denomText, invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { queries } from './queries.ts'
import {
  ACCOUNTS_STORE,
  accounts,
  hasAccount,
  readGasPrices,
  takeAccountNumber,
  writeAccount,
  writeGasPrices,
} from './state.ts'
import { fromHex, toHex } from '@causeway/primitives'

const schema = z.strictObject({
  gasPrices: z.array(z.strictObject({ denom: denomText, priceE9: amountText })).max(16),
  accounts: z
    .array(
      z.strictObject({
        address: z.string(),
        sequence: u64Text.optional(),
        publicKey: z
          .string()
          .regex(/^(0[23][0-9a-f]{64})?$/, 'expected a compressed secp256k1 key in hex')
          .optional(),
      }),
    )
    .optional(),
})

/** The module `accounts`. */
export function accountsModule(addresses: AddressCodec): Module {
  return {
    name: 'accounts',
    storeName: ACCOUNTS_STORE,
    messages: [],
    queries: queries(addresses),
    initGenesis(context, state) {
      const genesis = parseGenesis('accounts', schema, state)
      const store = context.store(ACCOUNTS_STORE)
      writeGasPrices(store, genesis.gasPrices)
      for (const [i, entry] of (genesis.accounts ?? []).entries()) {
        const account = addresses.decode(entry.address)
        if (hasAccount(store, account))
          throw invalidGenesis(`accounts.accounts.${i}.address`, 'is named twice')
        writeAccount(store, account, {
          number: takeAccountNumber(store),
          sequence: entry.sequence ?? 0n,
          publicKey: fromHex(entry.publicKey ?? ''),
        })
      }
    },
    exportGenesis(context) {
      const store = context.store(ACCOUNTS_STORE)
      const byNumber = [...accounts(store)].sort(([, a], [, b]) => (a.number < b.number ? -1 : 1))
      return {
        gasPrices: readGasPrices(store).map(({ denom, priceE9 }) => ({ denom, priceE9: priceE9.toString() })),
        accounts: byNumber.map(([id, account]) => ({
          address: addresses.encode(id),
          sequence: account.sequence.toString(),
          publicKey: toHex(account.publicKey),
        })),
      }
    },
    invariants(context) {
      const broken: string[] = []
      const numbers = new Set<bigint>()
      for (const [id, account] of accounts(context.store(ACCOUNTS_STORE))) {
        if (numbers.has(account.number))
          broken.push(`accounts: number ${account.number} of ${addresses.encode(id)} is taken`)
        numbers.add(account.number)
      }
      return broken
    },
  }
}
