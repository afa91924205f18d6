// Bybit v5 spot. REST: GET /v5/market/tickers?category=spot&symbol=…; stream: topic tickers.<symbol>,
// whose spot form has the last price only. Documented at bybit-exchange.github.io/docs/v5 ("Get Tickers",
// "Ticker").
import { errors } from '../errors.ts'
import { midIn, priceIn } from './decimal.ts'
import { arrayIn, objectIn, objectOf, textIn, wholeIn } from './fields.ts'
import { OTHER, readings } from './format.ts'
import type { Format } from './format.ts'
import { parseStrictJson } from './strict-json.ts'

/** Pairs as ETHUSDC. */
export const bybit: Format = {
  staleAfterMs: 10_000,
  rest: {
    url: 'https://api.bybit.com',
    request: (pair) => ({ path: `/v5/market/tickers?category=spot&symbol=${encodeURIComponent(pair)}` }),
    parse(text, pair) {
      const answer = objectOf(parseStrictJson(text), 'answer')
      const code = wholeIn(answer, 'retCode')
      if (code !== 0) throw errors.refused({ said: String(code) })
      const [item, ...more] = arrayIn(objectIn(answer, 'result'), 'list')
      if (item === undefined || more.length > 0)
        throw errors.badShape({ what: 'list', expected: 'one ticker' })
      const ticker = objectOf(item, 'ticker')
      const symbol = textIn(ticker, 'symbol')
      if (symbol !== pair) throw errors.otherPair({ asked: pair, got: symbol.slice(0, 40) })
      const priceE9 = midIn(ticker, { bid: 'bid1Price', ask: 'ask1Price', last: 'lastPrice' })
      return { pair, priceE9, publishTimeMs: wholeIn(answer, 'time') }
    },
  },
  stream: {
    url: 'wss://stream.bybit.com/v5/public/spot',
    subscribe: (pairs) => [JSON.stringify({ op: 'subscribe', args: pairs.map((pair) => `tickers.${pair}`) })],
    keepAlive: JSON.stringify({ op: 'ping' }),
    parse(text) {
      const message = objectOf(parseStrictJson(text), 'message')
      if (message.get('success') === false)
        throw errors.refused({ said: textIn(message, 'ret_msg').slice(0, 80) })
      const topic = message.get('topic')
      if (typeof topic !== 'string' || !topic.startsWith('tickers.')) return OTHER
      const data = objectIn(message, 'data')
      const priceE9 = priceIn(data, 'lastPrice')
      return readings({ pair: textIn(data, 'symbol'), priceE9, publishTimeMs: wholeIn(message, 'ts') })
    },
  },
}
