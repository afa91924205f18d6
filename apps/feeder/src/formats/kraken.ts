// Kraken spot. REST: GET /0/public/Ticker?pair=…, which has no time; stream: v2, channel "ticker". Documented
// at docs.kraken.com ("Get Ticker Information", "WebSocket v2: Ticker (Level 1)").
import { errors } from '../errors.ts'
import { decimalE9, midIn } from './decimal.ts'
import { arrayIn, arrayOf, has, objectIn, objectOf, textIn, timeIn } from './fields.ts'
import type { JsonObject } from './fields.ts'
import { OTHER, readings } from './format.ts'
import type { Format, Reading } from './format.ts'
import { parseStrictJson } from './strict-json.ts'

/** Pairs as ETH/USD, which both forms understand. */
export const kraken: Format = {
  staleAfterMs: 10_000,
  rest: {
    url: 'https://api.kraken.com',
    request: (pair) => ({ path: `/0/public/Ticker?pair=${encodeURIComponent(pair)}` }),
    parse(text, pair, receivedMs) {
      const answer = objectOf(parseStrictJson(text), 'answer')
      const [error] = arrayIn(answer, 'error')
      if (error !== undefined) throw errors.refused({ said: String(error).slice(0, 80) })
      // The one member is named in Kraken's old way, as XETHZUSD.
      const [ticker, ...more] = [...objectIn(answer, 'result').values()]
      if (ticker === undefined || more.length > 0)
        throw errors.badShape({ what: 'result', expected: 'one pair' })
      const sides = objectOf(ticker, 'ticker')
      const flat = new Map(['a', 'b', 'c'].map((side) => [side, firstOf(sides, side)]))
      const priceE9 = midIn(flat, { bid: 'b', ask: 'a', last: 'c' })
      return { pair, priceE9, publishTimeMs: receivedMs }
    },
  },
  stream: {
    url: 'wss://ws.kraken.com/v2',
    subscribe: (pairs) => [
      JSON.stringify({
        method: 'subscribe',
        params: { channel: 'ticker', symbol: pairs, event_trigger: 'bbo' },
      }),
    ],
    parse(text, receivedMs) {
      const message = objectOf(parseStrictJson(text), 'message')
      if (message.get('success') === false)
        throw errors.refused({ said: has(message, 'error') ? textIn(message, 'error').slice(0, 80) : '' })
      if (message.get('channel') !== 'ticker') return OTHER
      return readings(
        ...arrayIn(message, 'data').map((item) => tickerReading(objectOf(item, 'data'), receivedMs)),
      )
    },
  },
}

function tickerReading(item: JsonObject, receivedMs: number): Reading {
  const priceE9 = midIn(item, { bid: 'bid', ask: 'ask', last: 'last' })
  const publishTimeMs = has(item, 'timestamp') ? timeIn(item, 'timestamp') : receivedMs
  return { pair: textIn(item, 'symbol'), priceE9, publishTimeMs }
}

/** The price of [price, whole lot volume, lot volume]. */
function firstOf(sides: JsonObject, side: string): string {
  const [price] = arrayOf(sides.get(side), side)
  if (typeof price !== 'string') throw errors.badShape({ what: side, expected: 'a price' })
  decimalE9(price, side)
  return price
}
