// The module's part of `app_state`.
import { fromHex, toHex } from '@causeway/primitives'
import { KeyType } from '@causeway/protocol/causeway/accounts/v1/accounts'
import { z } from 'zod'
import type { Context, ReadContext } from '../../block/context.ts'
import { amountText, denomText, invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { NONCES_MAX, NONCE_BYTES } from '../../tx/nonces.ts'
import {
  ACCOUNTS_STORE,
  accounts,
  allNonces,
  hasAccount,
  linkedWallets,
  nextAccountNumber,
  readGasPrices,
  readWallet,
  sessions,
  takeAccountNumber,
  writeAccount,
  writeGasPrices,
  writeNextAccountNumber,
  writeNonces,
  writeSession,
  writeWallet,
} from './state.ts'

const KEY_TYPES = {
  cosmos: KeyType.KEY_TYPE_COSMOS,
  ethereum: KeyType.KEY_TYPE_ETHEREUM,
  solana: KeyType.KEY_TYPE_SOLANA,
} as const
type KeyTypeName = keyof typeof KEY_TYPES

const keyType = z.enum(['cosmos', 'ethereum', 'solana'])
const keyText = z
  .string()
  .regex(/^((0[23])?[0-9a-f]{64})?$/, 'expected a compressed secp256k1 or an Ed25519 key in hex')
const nonceText = z.string().regex(/^([0-9a-f]{12})+$/, 'expected nonces of 6 bytes in hex')
const idText = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'expected an address or an Ed25519 key')

const schema = z.strictObject({
  gasPrices: z.array(z.strictObject({ denom: denomText, priceE9: amountText })).max(16),
  accounts: z
    .array(
      z.strictObject({
        address: z.string(),
        // From an export: one without it gets the next.
        number: u64Text.optional(),
        sequence: u64Text.optional(),
        publicKey: keyText.optional(),
        keyType: keyType.optional(),
      }),
    )
    .optional(),
  // From an export: numbers of accounts that ended are not given again.
  nextNumber: u64Text.optional(),
  wallets: z
    .array(z.strictObject({ address: z.string(), account: z.string(), publicKey: keyText, keyType }))
    .optional(),
  sessions: z
    .array(
      z.strictObject({
        account: z.string(),
        sessionKey: z.string().regex(/^[0-9a-f]{64}$/),
        expiresSeconds: u64Text,
      }),
    )
    .optional(),
  nonces: z
    .array(
      z.strictObject({
        account: z.string(),
        signer: idText,
        nonces: nonceText.max(2 * NONCE_BYTES * NONCES_MAX),
      }),
    )
    .optional(),
})

/** Writes the module's part of `app_state`. Throws `genesis/2`. */
export function initGenesis(context: Context, addresses: AddressCodec, state: unknown): void {
  const genesis = parseGenesis('accounts', schema, state)
  const store = context.store(ACCOUNTS_STORE)
  writeGasPrices(store, genesis.gasPrices)
  for (const [i, entry] of (genesis.accounts ?? []).entries()) {
    const account = addresses.decode(entry.address)
    if (hasAccount(store, account)) throw invalidGenesis(`accounts.accounts.${i}.address`, 'is named twice')
    if (entry.number !== undefined && entry.number < nextAccountNumber(store))
      throw invalidGenesis(`accounts.accounts.${i}.number`, 'numbers ascend from 1')
    if (entry.number !== undefined) writeNextAccountNumber(store, entry.number)
    writeAccount(store, account, {
      number: takeAccountNumber(store),
      sequence: entry.sequence ?? 0n,
      publicKey: fromHex(entry.publicKey ?? ''),
      keyType: KEY_TYPES[entry.keyType ?? 'cosmos'],
    })
  }
  const { nextNumber } = genesis
  if (nextNumber !== undefined && nextNumber < nextAccountNumber(store))
    throw invalidGenesis('accounts.nextNumber', 'is given already')
  if (nextNumber !== undefined) writeNextAccountNumber(store, nextNumber)
  for (const [i, entry] of (genesis.wallets ?? []).entries()) {
    const wallet = addresses.decode(entry.address)
    const account = addresses.decode(entry.account)
    const isFree = !hasAccount(store, wallet) && readWallet(store, wallet) === undefined
    if (!isFree) throw invalidGenesis(`accounts.wallets.${i}.address`, 'is named twice')
    if (!hasAccount(store, account)) throw invalidGenesis(`accounts.wallets.${i}.account`, 'is no account')
    const publicKey = fromHex(entry.publicKey)
    writeWallet(store, wallet, { account, publicKey, keyType: KEY_TYPES[entry.keyType] })
  }
  for (const { account, sessionKey, expiresSeconds } of genesis.sessions ?? []) {
    const named = { account: addresses.decode(account), sessionKey: fromHex(sessionKey) }
    writeSession(store, named, { expiresSeconds })
  }
  for (const { account, signer, nonces } of genesis.nonces ?? []) {
    writeNonces(store, { account: addresses.decode(account), signer: fromHex(signer) }, fromHex(nonces))
  }
}

/** The module's part of `app_state` that would make this state; buckets are full again. */
export function exportGenesis(context: ReadContext, addresses: AddressCodec): unknown {
  const store = context.store(ACCOUNTS_STORE)
  const byNumber = [...accounts(store)].sort(([, a], [, b]) => (a.number < b.number ? -1 : 1))
  return {
    gasPrices: readGasPrices(store).map(({ denom, priceE9 }) => ({ denom, priceE9: priceE9.toString() })),
    accounts: byNumber.map(([id, account]) => ({
      address: addresses.encode(id),
      number: account.number.toString(),
      sequence: account.sequence.toString(),
      publicKey: toHex(account.publicKey),
      ...(account.keyType === KeyType.KEY_TYPE_COSMOS ? {} : { keyType: nameOf(account.keyType) }),
    })),
    nextNumber: nextAccountNumber(store).toString(),
    ...optional('wallets', [...linkedWallets(store)], ([wallet, link]) => ({
      address: addresses.encode(wallet),
      account: addresses.encode(link.account),
      publicKey: toHex(link.publicKey),
      keyType: nameOf(link.keyType),
    })),
    ...optional('sessions', [...sessions(store)], ({ account, sessionKey, session }) => ({
      account: addresses.encode(account),
      sessionKey: toHex(sessionKey),
      expiresSeconds: session.expiresSeconds.toString(),
    })),
    ...optional('nonces', [...allNonces(store)], ({ account, signer, nonces }) => ({
      account: addresses.encode(account),
      signer: toHex(signer),
      nonces: toHex(nonces),
    })),
  }
}

function optional<Item>(name: string, items: readonly Item[], write: (item: Item) => unknown): object {
  return items.length === 0 ? {} : { [name]: items.map(write) }
}

function nameOf(type: KeyType): KeyTypeName {
  return (Object.keys(KEY_TYPES) as KeyTypeName[]).find((name) => KEY_TYPES[name] === type)!
}
