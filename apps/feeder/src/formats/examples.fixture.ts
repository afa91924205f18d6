// One answer of each source, in the shape that its documentation shows (the files of the formats say
// where). The VALUES ARE EXAMPLES, written by hand: none was recorded from a live source, since tests
// reach no network.
import { readFileSync } from 'node:fs'

/** As a source sends it: without the white space that the file has for people. */
function example(name: string): string {
  const text = readFileSync(new URL(`examples/${name}.json`, import.meta.url), 'utf8')
  return text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (token) => (token.startsWith('"') ? token : ''))
}

/** Answers over REST. */
export const REST = {
  binance: example('binance-rest'),
  bybit: example('bybit-rest'),
  coinbase: example('coinbase-rest'),
  deribit: example('deribit-rest'),
  kraken: example('kraken-rest'),
  okx: example('okx-rest'),
  pyth: example('pyth-rest'),
} as const

/** Messages of streams. */
export const STREAM = {
  binance: example('binance-stream'),
  bybit: example('bybit-stream'),
  coinbase: example('coinbase-stream'),
  deribit: example('deribit-stream'),
  kraken: example('kraken-stream'),
  okx: example('okx-stream'),
} as const

/** Options: an inverse call and put, a linear one, a strike with a decimal point, one without quotes. */
export const OPTIONS = example('deribit-options')
