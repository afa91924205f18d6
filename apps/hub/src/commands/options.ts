// Options of the command line as values.
import { parseDecimal } from '@causeway/primitives'
import type { GenesisBalance } from '../genesis/app-state.ts'
import type { SeededAsset } from '../modules/oracle/price-source.ts'
import { errors } from './command-errors.ts'

/** Reads a whole number within bounds. Throws `hub/3`. */
export function wholeNumber(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^[0-9]{1,15}$/.test(text) || value < min || value > max) {
      throw errors.badOption({ option, expected: `a whole number from ${min} to ${max}` })
    }
    return value
  }
}

/** Reads and collects `cway1…=1000000ucway`. Throws `hub/3`. */
export function collectBalance(text: string, balances: readonly GenesisBalance[]): GenesisBalance[] {
  const match = /^([a-z0-9]+(?:\/[0-9]+)?)=([1-9][0-9]{0,77})([a-zA-Z][a-zA-Z0-9/:._-]*)$/.exec(text)
  if (match === null) throw errors.badOption({ option: '--account', expected: 'address=amountdenom' })
  return [...balances, { holder: match[1]!, amount: BigInt(match[2]!), denom: match[3]! }]
}

/** Reads an http:// or https:// address. Throws `hub/3`. */
export function httpUrl(option: string): (text: string) => string {
  return (text) => {
    const isHttp = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
    if (!isHttp) throw errors.badOption({ option, expected: 'an address, as http://127.0.0.1:8790' })
    return text
  }
}

/** Collects words. */
export function collectText(text: string, texts: readonly string[]): string[] {
  return [...texts, text]
}

/** Reads and collects `2=1.0005`: asset id and price in cash. Throws `hub/3`. */
export function collectPrice(text: string, assets: readonly SeededAsset[]): SeededAsset[] {
  const match = /^([1-9][0-9]{0,19})=(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,9}))?$/.exec(text)
  if (match === null)
    throw errors.badOption({ option: '--simulated-price', expected: 'asset=price, as 2=1.0005' })
  const fraction = (match[3] ?? '').padEnd(9, '0')
  const priceE9 = parseDecimal(match[2]!, 'price') * 1_000_000_000n + BigInt(fraction)
  return [...assets, { asset: BigInt(match[1]!), priceE9 }]
}
