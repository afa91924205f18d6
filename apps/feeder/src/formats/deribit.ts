// Deribit's indexes, JSON-RPC 2.0. REST: GET /api/v2/public/get_index_price?index_name=…; stream: channel
// deribit_price_index.<name>. Documented at docs.deribit.com ("public/get_index_price",
// "deribit_price_index.(index_name)", "Notifications", "public/set_heartbeat").
import { errors } from '../errors.ts'
import { priceIn } from './decimal.ts'
import { numberTextIn, objectIn, objectOf, textIn, wholeIn } from './fields.ts'
import type { JsonObject } from './fields.ts'
import { OTHER, readings } from './format.ts'
import type { Format } from './format.ts'
import { parseStrictJson } from './strict-json.ts'

const HEARTBEAT_SECONDS = 10

/** Pairs as eth_usd. The time of a REST answer is that at which Deribit sent it (`usOut`). */
export const deribit: Format = {
  staleAfterMs: 10_000,
  rest: {
    url: 'https://www.deribit.com',
    request: (pair) => ({ path: `/api/v2/public/get_index_price?index_name=${encodeURIComponent(pair)}` }),
    parse(text, pair) {
      const answer = deribitAnswer(text)
      const priceE9 = priceIn(objectIn(answer, 'result'), 'index_price')
      return { pair, priceE9, publishTimeMs: sentMs(answer) }
    },
  },
  stream: {
    url: 'wss://www.deribit.com/ws/api/v2',
    subscribe: (pairs) => [
      request(1, 'public/set_heartbeat', { interval: HEARTBEAT_SECONDS }),
      request(2, 'public/subscribe', { channels: pairs.map((pair) => `deribit_price_index.${pair}`) }),
    ],
    parse(text) {
      const message = deribitAnswer(text)
      const method = message.get('method')
      if (method === 'heartbeat') {
        const isTest = textIn(objectIn(message, 'params'), 'type') === 'test_request'
        return isTest ? { kind: 'reply', text: request(3, 'public/test', {}) } : OTHER
      }
      if (method !== 'subscription') return OTHER
      const data = objectIn(objectIn(message, 'params'), 'data')
      const priceE9 = priceIn(data, 'price')
      return readings({
        pair: textIn(data, 'index_name'),
        priceE9,
        publishTimeMs: wholeIn(data, 'timestamp'),
      })
    },
  },
}

/** An answer or notification of Deribit. Throws `feeder/8` for an error that it names. */
export function deribitAnswer(text: string): JsonObject {
  const answer = objectOf(parseStrictJson(text), 'answer')
  if (answer.has('error'))
    throw errors.refused({ said: numberTextIn(objectIn(answer, 'error'), 'code').slice(0, 20) })
  return answer
}

/** When Deribit sent an answer, Unix milliseconds, cut. */
export function sentMs(answer: JsonObject): number {
  return Math.floor(wholeIn(answer, 'usOut') / 1_000)
}

function request(id: number, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params })
}
