// Binance spot. REST: GET /api/v3/ticker/24hr?symbol=…; stream: <symbol>@ticker. Documented at
// developers.binance.com/docs/binance-spot-api-docs ("24hr ticker price change statistics", "Individual
// Symbol Ticker Streams").
import { errors } from '../errors.ts'
import { midIn } from './decimal.ts'
import { has, numberTextIn, objectOf, textIn, wholeIn } from './fields.ts'
import { OTHER, readings } from './format.ts'
import type { Format } from './format.ts'
import { parseStrictJson } from './strict-json.ts'

/** Pairs as ETHUSDC. */
export const binance: Format = {
  staleAfterMs: 10_000,
  rest: {
    url: 'https://api.binance.com',
    request: (pair) => ({ path: `/api/v3/ticker/24hr?symbol=${encodeURIComponent(pair)}` }),
    parse(text, pair) {
      const ticker = objectOf(parseStrictJson(text), 'ticker')
      if (has(ticker, 'code')) throw errors.refused({ said: numberTextIn(ticker, 'code').slice(0, 20) })
      const symbol = textIn(ticker, 'symbol')
      if (symbol !== pair) throw errors.otherPair({ asked: pair, got: symbol.slice(0, 40) })
      const priceE9 = midIn(ticker, { bid: 'bidPrice', ask: 'askPrice', last: 'lastPrice' })
      return { pair, priceE9, publishTimeMs: wholeIn(ticker, 'closeTime') }
    },
  },
  stream: {
    url: 'wss://stream.binance.com:9443/ws',
    subscribe: (pairs) => [
      JSON.stringify({
        method: 'SUBSCRIBE',
        params: pairs.map((pair) => `${pair.toLowerCase()}@ticker`),
        id: 1,
      }),
    ],
    parse(text) {
      const ticker = objectOf(parseStrictJson(text), 'message')
      if (ticker.get('e') !== '24hrTicker') return OTHER
      const priceE9 = midIn(ticker, { bid: 'b', ask: 'a', last: 'c' })
      return readings({ pair: textIn(ticker, 's'), priceE9, publishTimeMs: wholeIn(ticker, 'E') })
    },
  },
}
