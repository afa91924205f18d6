import { concatBytes, fromBech32, fromHex, isProtocolError, toBech32 } from '@causeway/primitives'
import { walletAddress } from '@causeway/protocol'
import { KeyType } from '@causeway/protocol/causeway/accounts/v1/accounts'
import { parseHubAccount } from '../project/owners.ts'
import { invalidOwner } from './query-errors.ts'

/**
 * Whose positions are asked for: a hub account, all of it or one subaccount, or an address on a source chain.
 */
export type Owner =
  | {
      readonly kind: 'account'
      readonly text: string
      readonly account: string
      readonly subaccount: number | undefined
    }
  | { readonly kind: 'address'; readonly text: string }

const BECH32 = /^[a-z0-9]{1,32}1[02-9ac-hj-np-z]{38,90}$/
const EVM = /^0x[0-9a-fA-F]{40}$/
const SOLANA = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/

const ACCOUNT_BYTES = 20
const SOLANA_KEY_BYTES = 32
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/**
 * Reads an owner. EVM addresses are compared in lower case, as packets carry them. Throws `INVALID_OWNER`.
 */
export function parseOwner(text: string): Owner {
  if (text.startsWith('cway1')) {
    const holder = parseHubAccount(text)
    if (holder === undefined) throw invalidOwner()
    const subaccount = text.includes('/') ? holder.subaccount : undefined
    return { kind: 'account', text, account: holder.account, subaccount }
  }
  if (EVM.test(text)) return { kind: 'address', text: text.toLowerCase() }
  if (BECH32.test(text) || SOLANA.test(text)) return { kind: 'address', text }
  throw invalidOwner()
}

/** The account that a wallet of another chain has on the hub before it is linked to another: its own. */
export function accountOfWallet(text: string): string | undefined {
  if (EVM.test(text)) return accountText(fromHex(text.slice(2).toLowerCase()))
  if (BECH32.test(text)) return accountOfCosmosWallet(text)
  return SOLANA.test(text) ? accountOfSolanaWallet(text) : undefined
}

function accountOfCosmosWallet(text: string): string | undefined {
  try {
    const bytes = fromBech32(text, text.slice(0, text.lastIndexOf('1')))
    return bytes.length === ACCOUNT_BYTES ? accountText(bytes) : undefined
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

function accountOfSolanaWallet(text: string): string | undefined {
  const key = fromBase58(text)
  if (key === undefined || key.length !== SOLANA_KEY_BYTES) return undefined
  const uncompressed = (): never => {
    throw new Error('a Solana key is not on this curve')
  }
  return accountText(walletAddress({ type: KeyType.KEY_TYPE_SOLANA, bytes: key }, uncompressed))
}

function accountText(bytes: Uint8Array): string {
  return toBech32('cway', bytes)
}

/** Undefined when it is more than 32 bytes. */
function fromBase58(text: string): Uint8Array | undefined {
  let value = 0n
  for (const letter of text) value = value * 58n + BigInt(BASE58.indexOf(letter))
  if (value >> BigInt(8 * SOLANA_KEY_BYTES) !== 0n) return undefined
  const zeros = text.length - text.replace(/^1+/, '').length
  const digits = value === 0n ? '' : value.toString(16)
  const bytes = fromHex(digits.length % 2 === 0 ? digits : `0${digits}`)
  return concatBytes(new Uint8Array(zeros), bytes)
}
