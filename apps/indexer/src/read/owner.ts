import { fromHex, toBech32 } from '@causeway/primitives'
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

/** The hub account that an EVM wallet has without any registration: the same 20 bytes. */
export function accountOfEvmWallet(text: string): string | undefined {
  return EVM.test(text) ? toBech32('cway', fromHex(text.slice(2).toLowerCase())) : undefined
}
