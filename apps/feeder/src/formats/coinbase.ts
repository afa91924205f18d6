// Coinbase Exchange. REST: GET /products/<pair>/ticker; stream: channel "ticker". Documented at
// docs.cdp.coinbase.com/exchange ("Get product ticker", "WebSocket channels: ticker").
import { errors } from '../errors.ts'
import { midIn } from './decimal.ts'
import { objectOf, textIn, timeIn } from './fields.ts'
import { OTHER, readings } from './format.ts'
import type { Format } from './format.ts'
import { parseStrictJson } from './strict-json.ts'

/** Pairs as ETH-USD. The time is that of the last trade. */
export const coinbase: Format = {
  staleAfterMs: 30_000,
  rest: {
    url: 'https://api.exchange.coinbase.com',
    request: (pair) => ({ path: `/products/${encodeURIComponent(pair)}/ticker` }),
    parse(text, pair) {
      const ticker = objectOf(parseStrictJson(text), 'ticker')
      if (!ticker.has('price') && ticker.has('message'))
        throw errors.refused({ said: textIn(ticker, 'message').slice(0, 80) })
      const priceE9 = midIn(ticker, { bid: 'bid', ask: 'ask', last: 'price' })
      return { pair, priceE9, publishTimeMs: timeIn(ticker, 'time') }
    },
  },
  stream: {
    url: 'wss://ws-feed.exchange.coinbase.com',
    subscribe: (pairs) => [
      JSON.stringify({ type: 'subscribe', product_ids: pairs, channels: ['ticker', 'heartbeat'] }),
    ],
    parse(text) {
      const message = objectOf(parseStrictJson(text), 'message')
      const type = textIn(message, 'type')
      if (type === 'error') throw errors.refused({ said: textIn(message, 'message').slice(0, 80) })
      if (type !== 'ticker') return OTHER
      const priceE9 = midIn(message, { bid: 'best_bid', ask: 'best_ask', last: 'price' })
      return readings({
        pair: textIn(message, 'product_id'),
        priceE9,
        publishTimeMs: timeIn(message, 'time'),
      })
    },
  },
}
