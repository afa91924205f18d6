// Deribit's options of a currency: GET /api/v2/public/get_book_summary_by_currency?currency=…&kind=option.
// Documented at docs.deribit.com ("public/get_book_summary_by_currency", "Naming": ETH-27MAR26-3000-C).
// Premiums of inverse options are in the coin: times the forward (`underlying_price`) they are
// undiscounted cash. Volatilities are in percent.
import { errors } from '../errors.ts'
import { deribitAnswer, sentMs } from './deribit.ts'
import { arrayIn, has, numberTextIn, objectOf, textIn } from './fields.ts'
import type { JsonObject } from './fields.ts'

/** One option as the exchange shows it; cash figures are doubles. */
export interface OptionTicker {
  readonly expirySeconds: number
  readonly strike: number
  readonly isCall: boolean
  /** What Deribit values the expiry with. */
  readonly forward: number
  /** Deribit's index. */
  readonly index: number
  /** Undiscounted premiums in cash; none where there is no such quote. */
  readonly bid?: number
  readonly ask?: number
  /** Deribit's own annual volatility, 1 = 100 %. */
  readonly markVolatility?: number
  /** Continuous yearly rate. */
  readonly rate: number
}

/** The options of one underlying at one time. */
export interface OptionTickers {
  readonly publishTimeMs: number
  readonly options: readonly OptionTicker[]
}

const OPTIONS_MAX = 5_000
const NAME = /^([A-Z_]{2,20})-(\d{1,2})([A-Z]{3})(\d{2})-(\d{1,9}(?:d\d{1,6})?)-([CP])$/
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const EXPIRY_HOUR = 8

/** Path and query below Deribit's address. */
export function optionsPath(currency: string): string {
  return `/api/v2/public/get_book_summary_by_currency?currency=${encodeURIComponent(currency)}&kind=option`
}

/**
 * Reads the answer; options of other underlyings than `underlying` (the first part of the name: ETH,
 * SOL_USDC) are left out, as are those without a forward. Throws `feeder/1`, `/2`, `/3`, `/8`.
 */
export function parseOptions(text: string, underlying: string): OptionTickers {
  const answer = deribitAnswer(text)
  const items = arrayIn(answer, 'result')
  if (items.length > OPTIONS_MAX)
    throw errors.badShape({ what: 'result', expected: `at most ${OPTIONS_MAX}` })
  const options = items.flatMap((item) => {
    const ticker = optionOf(objectOf(item, 'summary'), underlying)
    return ticker === undefined ? [] : [ticker]
  })
  return { publishTimeMs: sentMs(answer), options }
}

function optionOf(summary: JsonObject, underlying: string): OptionTicker | undefined {
  const name = textIn(summary, 'instrument_name')
  const match = NAME.exec(name)
  if (match === null) throw errors.badShape({ what: 'instrument_name', expected: 'the name of an option' })
  const [, of, day, month = '', year, strike = '', side] = match
  if (of !== underlying || !has(summary, 'underlying_price')) return undefined
  const forward = numberIn(summary, 'underlying_price')
  const isInverse = textIn(summary, 'quote_currency') === textIn(summary, 'base_currency')
  const premium = (key: string) => (isInverse ? forward : 1) * numberIn(summary, key)
  const monthIndex = MONTHS.indexOf(month)
  if (monthIndex < 0) throw errors.badShape({ what: 'instrument_name', expected: 'a month' })
  return {
    expirySeconds: Date.UTC(2000 + Number(year), monthIndex, Number(day), EXPIRY_HOUR) / 1_000,
    strike: Number(strike.replace('d', '.')),
    isCall: side === 'C',
    forward,
    index: numberIn(summary, 'estimated_delivery_price'),
    ...(has(summary, 'bid_price') ? { bid: premium('bid_price') } : {}),
    ...(has(summary, 'ask_price') ? { ask: premium('ask_price') } : {}),
    ...(has(summary, 'mark_iv') ? { markVolatility: numberIn(summary, 'mark_iv') / 100 } : {}),
    rate: has(summary, 'interest_rate') ? signedIn(summary, 'interest_rate') : 0,
  }
}

/** A member that is a number of at least 0. */
function numberIn(object: JsonObject, key: string): number {
  const value = signedIn(object, key)
  if (value < 0) throw errors.badShape({ what: key, expected: 'a number that is not negative' })
  return value
}

function signedIn(object: JsonObject, key: string): number {
  const text = numberTextIn(object, key)
  const value = Number(text)
  if (!/^-?\d/.test(text) || !Number.isFinite(value)) throw errors.notDecimal({ what: key })
  return value
}
