import { binance } from './binance.ts'
import { bybit } from './bybit.ts'
import { chainlink } from './chainlink.ts'
import { coinbase } from './coinbase.ts'
import { deribit } from './deribit.ts'
import type { Format } from './format.ts'
import { kraken } from './kraken.ts'
import { okx } from './okx.ts'
import { pyth } from './pyth.ts'

/** The kinds of source that can be read. */
export const FORMAT_NAMES = [
  'binance',
  'bybit',
  'chainlink',
  'coinbase',
  'deribit',
  'kraken',
  'okx',
  'pyth',
] as const

/** The name of a kind of source. */
export type FormatName = (typeof FORMAT_NAMES)[number]

/** How each is read. */
export const formats: Readonly<Record<FormatName, Format>> = {
  binance,
  bybit,
  chainlink,
  coinbase,
  deribit,
  kraken,
  okx,
  pyth,
}
