// OKX. REST: GET /api/v5/market/ticker?instId=…; stream: channel "tickers". Documented at okx.com/docs-v5
// ("GET / Ticker", "WS / Tickers channel").
import { errors } from '../errors.ts'
import { midIn } from './decimal.ts'
import { arrayIn, objectOf, textIn, wholeIn } from './fields.ts'
import type { JsonObject } from './fields.ts'
import { OTHER, readings } from './format.ts'
import type { Format, Reading } from './format.ts'
import { parseStrictJson } from './strict-json.ts'

/** Pairs as ETH-USDC. */
export const okx: Format = {
  staleAfterMs: 10_000,
  rest: {
    url: 'https://www.okx.com',
    request: (pair) => ({ path: `/api/v5/market/ticker?instId=${encodeURIComponent(pair)}` }),
    parse(text, pair) {
      const answer = objectOf(parseStrictJson(text), 'answer')
      const code = textIn(answer, 'code')
      if (code !== '0') throw errors.refused({ said: code.slice(0, 20) })
      const [item, ...more] = arrayIn(answer, 'data')
      if (item === undefined || more.length > 0)
        throw errors.badShape({ what: 'data', expected: 'one ticker' })
      const reading = tickerReading(objectOf(item, 'data'))
      if (reading.pair !== pair) throw errors.otherPair({ asked: pair, got: reading.pair.slice(0, 40) })
      return reading
    },
  },
  stream: {
    url: 'wss://ws.okx.com:8443/ws/v5/public',
    subscribe: (pairs) => [
      JSON.stringify({ op: 'subscribe', args: pairs.map((instId) => ({ channel: 'tickers', instId })) }),
    ],
    keepAlive: 'ping',
    parse(text) {
      if (text === 'pong') return OTHER
      const message = objectOf(parseStrictJson(text), 'message')
      if (message.get('event') === 'error')
        throw errors.refused({ said: textIn(message, 'code').slice(0, 20) })
      if (!message.has('data')) return OTHER
      return readings(...arrayIn(message, 'data').map((item) => tickerReading(objectOf(item, 'data'))))
    },
  },
}

function tickerReading(item: JsonObject): Reading {
  const priceE9 = midIn(item, { bid: 'bidPx', ask: 'askPx', last: 'last' })
  return { pair: textIn(item, 'instId'), priceE9, publishTimeMs: wholeIn(item, 'ts') }
}
