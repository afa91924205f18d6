import { fromBech32, isProtocolError, toBech32 } from '@causeway/primitives'

/** A subaccount of a hub account; subaccount 0 is the cross-margin account. */
export type HubAccount = { readonly account: string; readonly subaccount: number }

const PREFIX = 'cway'
const ACCOUNT_BYTES = 20
const TEXT_LENGTH_MAX = 64

/** Reads `cway1…` or `cway1…/3` (canonical: lower case, no leading zeros); undefined when it is neither. */
export function parseHubAccount(text: string): HubAccount | undefined {
  if (text.length > TEXT_LENGTH_MAX || !text.startsWith(`${PREFIX}1`)) return undefined
  const [address, suffix, ...rest] = text.split('/')
  if (address === undefined || rest.length > 0) return undefined
  const subaccount = suffix === undefined ? 0 : parseSubaccount(suffix)
  return subaccount !== undefined && isAccount(address) ? { account: address, subaccount } : undefined
}

function parseSubaccount(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,4})$/.test(text)) return undefined
  const value = Number(text)
  return value <= 0xffff ? value : undefined
}

function isAccount(text: string): boolean {
  try {
    const bytes = fromBech32(text, PREFIX)
    return bytes.length === ACCOUNT_BYTES && toBech32(PREFIX, bytes) === text
  } catch (error) {
    if (isProtocolError(error)) return false
    throw error
  }
}
