// `ETH-PERP`, `ETH-SPOT`, `ETH-20260327`, `ETH-20260327-3000-C`; the decimal point of a strike is `_`.
import { assert } from '@causeway/primitives'
import { DAY_SECONDS, EXPIRY_TIME_SECONDS, dateOf, dayOf, expiryOn } from './calendar.ts'
import type { Instrument } from './types.ts'

/** Longest symbol: 16 of the underlying, a date, a u64 strike with its point, a letter, and hyphens. */
export const SYMBOL_LENGTH_MAX = 50

const ONE_E9 = 1_000_000_000n
const U64_MAX = (1n << 64n) - 1n
const UNDERLYING = '[A-Z0-9]{1,16}'
const SYMBOL = new RegExp(
  `^(${UNDERLYING})-(?:(PERP|SPOT)|([0-9]{8})(?:-(0|[1-9][0-9]{0,10})(?:_([0-9]{0,8}[1-9]))?-([CP]))?)$`,
)

/** Whether a symbol can begin with this name. */
export function isUnderlyingName(name: string): boolean {
  return new RegExp(`^${UNDERLYING}$`).test(name)
}

/** The symbol of an instrument; only a bug brings one that has none. */
export function symbolOf(instrument: Instrument): string {
  const { kind, underlying, expirySeconds, strikeE9, isCall } = instrument
  assert(isUnderlyingName(underlying), 'an underlying is named by 1 to 16 of A–Z and 0–9')
  if (kind === 'perpetual') return `${underlying}-PERP`
  if (kind === 'spot') return `${underlying}-SPOT`
  assert(expirySeconds % DAY_SECONDS === EXPIRY_TIME_SECONDS, 'an instrument expires at 08:00:00 UTC')
  const dated = `${underlying}-${dateText(expirySeconds)}`
  if (kind === 'future') return dated
  return `${dated}-${strikeText(strikeE9)}-${isCall ? 'C' : 'P'}`
}

/** Reads a symbol, and only as `symbolOf` writes it; nothing for any other text. */
export function parseSymbol(symbol: string): Instrument | undefined {
  if (symbol.length > SYMBOL_LENGTH_MAX) return undefined
  const match = SYMBOL.exec(symbol)
  if (match === null) return undefined
  const [, underlying, endless, date, whole, decimals, right] = match
  const undated = { underlying: underlying!, expirySeconds: 0n, strikeE9: 0n, isCall: false }
  if (endless !== undefined) return { ...undated, kind: endless === 'PERP' ? 'perpetual' : 'spot' }
  const expirySeconds = parseDate(date!)
  if (expirySeconds === undefined) return undefined
  if (whole === undefined) return { ...undated, kind: 'future', expirySeconds }
  const strikeE9 = BigInt(whole) * ONE_E9 + BigInt((decimals ?? '').padEnd(9, '0'))
  if (strikeE9 === 0n || strikeE9 > U64_MAX) return undefined
  return { underlying: underlying!, kind: 'option', expirySeconds, strikeE9, isCall: right === 'C' }
}

function dateText(expirySeconds: bigint): string {
  const { year, month, day } = dateOf(Number(expirySeconds / DAY_SECONDS))
  assert(year <= 9999, 'a symbol has a year of four digits')
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join(
    '',
  )
}

function strikeText(strikeE9: bigint): string {
  assert(strikeE9 > 0n && strikeE9 <= U64_MAX, 'a strike is a u64 above 0')
  const decimals = (strikeE9 % ONE_E9).toString().padStart(9, '0').replace(/0+$/, '')
  return decimals === '' ? `${strikeE9 / ONE_E9}` : `${strikeE9 / ONE_E9}_${decimals}`
}

function parseDate(text: string): bigint | undefined {
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)].map(Number)
  if (year! < 1970 || month! < 1 || month! > 12 || day! < 1) return undefined
  const number = dayOf({ year: year!, month: month!, day: day! })
  const read = dateOf(number)
  // A day that the month doesn't have comes back as one of the next month.
  return read.month === month && read.day === day ? expiryOn(number) : undefined
}
