// Pyth through Hermes: GET /v2/updates/price/latest. Documented at docs.pyth.network ("Fetch Price
// Updates") and hermes.pyth.network/docs. Public instances may want a key: `apiKey` of the configuration.
import { errors } from '../errors.ts'
import { decimalE9 } from './decimal.ts'
import { arrayIn, objectIn, objectOf, textIn, wholeIn } from './fields.ts'
import type { Format } from './format.ts'
import { parseStrictJson } from './strict-json.ts'

const EXPONENT_MAX = 30

/** Pairs are ids of price feeds, 0x and 64 digits. A price whose interval is wider than 1 % is refused. */
export const pyth: Format = {
  staleAfterMs: 10_000,
  rest: {
    url: 'https://hermes.pyth.network',
    request: (pair) => ({
      path: `/v2/updates/price/latest?ids[]=${encodeURIComponent(pair)}&parsed=true`,
    }),
    parse(text, pair) {
      const [item, ...more] = arrayIn(objectOf(parseStrictJson(text), 'answer'), 'parsed')
      if (item === undefined || more.length > 0)
        throw errors.badShape({ what: 'parsed', expected: 'one price' })
      const feed = objectOf(item, 'parsed')
      const id = textIn(feed, 'id')
      if (id.toLowerCase() !== pair.toLowerCase().replace(/^0x/, ''))
        throw errors.otherPair({ asked: pair, got: id.slice(0, 66) })
      const price = objectIn(feed, 'price')
      const exponent = wholeIn(price, 'expo')
      if (Math.abs(exponent) > EXPONENT_MAX) throw errors.badShape({ what: 'expo', expected: 'at most ± 30' })
      const digits = textIn(price, 'price')
      const confidence = textIn(price, 'conf')
      if (!/^\d{1,20}$/.test(confidence)) throw errors.notDecimal({ what: 'conf' })
      if (!/^-?\d{1,20}$/.test(digits)) throw errors.notDecimal({ what: 'price' })
      if (BigInt(confidence) * 100n > BigInt(digits)) {
        if (BigInt(digits) <= 0n) throw errors.notPositive({ what: 'price' })
        throw errors.uncertain({ what: pair })
      }
      return {
        pair,
        priceE9: decimalE9(`${digits}e${exponent}`, 'price'),
        publishTimeMs: wholeIn(price, 'publish_time') * 1_000,
      }
    },
  },
}
