// What the SIMULATED exchange answers: the results of Deribit's public methods, as documented at
// docs.deribit.com.
import { black76, sviVolatility } from '@causeway/margin'
import { simulatedOptions } from './instruments.ts'
import type { SimulatedOption } from './instruments.ts'
import { simulatedPriceE9, simulatedSmile } from './market.ts'
import type { SimulatedUnderlying } from './market.ts'

/** Where and when a question is answered. */
export interface Place {
  readonly seed: string
  readonly underlyings: readonly SimulatedUnderlying[]
  readonly venue: string
  /** Of the market; it stands still while the exchange is flat. */
  readonly marketMs: number
  /** Of the answer. */
  readonly nowMs: number
  /** The price that the market would have is multiplied by this over 10,000. */
  readonly factorBps: bigint
  /** The same for single underlyings, by symbol: × (10,000 + this) / 10,000. */
  readonly moves: Readonly<Record<string, number>>
}

/** A result, or nothing: the method or what it asks for is unknown. */
export type MethodResult = object | readonly object[] | undefined

const TICK = 0.0001
/** Bid and ask lie so far from the mark, as a share of it, and a tick. */
const HALF_SPREAD = 0.01

/** Answers a public method. */
export function answerMethod(place: Place, method: string, query: URLSearchParams): MethodResult {
  switch (method) {
    case 'get_index_price': {
      const price = indexOf(place, query.get('index_name')?.replace(/_usd$/, '') ?? '')
      return price === undefined ? undefined : { estimated_delivery_price: price, index_price: price }
    }
    case 'get_book_summary_by_currency':
      return query.get('kind') === 'option' ? summaries(place, query.get('currency') ?? '') : undefined
    case 'ticker':
      return ticker(place, query.get('instrument_name') ?? '')
    case 'get_instruments':
      return instruments(place, query.get('currency') ?? '')
    case 'get_time':
      return new Number(place.nowMs)
    case 'test':
      return { version: 'simulated' }
    default:
      return undefined
  }
}

/** The index of an underlying in dollars. */
export function indexOf(place: Place, symbol: string): number | undefined {
  const underlying = find(place, symbol)
  if (underlying === undefined) return undefined
  const priceE9 = simulatedPriceE9(place.seed, underlying, place.venue, place.marketMs)
  const cents = underlying.priceE9 > 100_000_000_000n ? 10_000_000n : 100_000n
  return Number(movedE9(place, underlying, priceE9) / cents) / Number(1_000_000_000n / cents)
}

function find({ underlyings }: Place, symbol: string): SimulatedUnderlying | undefined {
  return underlyings.find((underlying) => underlying.symbol === symbol.toUpperCase())
}

function summaries(place: Place, currency: string): readonly object[] | undefined {
  const underlying = find(place, currency)
  const index = indexOf(place, currency)
  if (underlying?.volatility === undefined || index === undefined) return underlying && []
  return optionsOf(place, underlying).map((option) => {
    const quote = quoteOf(place, underlying, option, index)
    return {
      instrument_name: option.name,
      base_currency: underlying.symbol,
      quote_currency: underlying.symbol,
      underlying_index: `SYN.${option.name.split('-').slice(0, 2).join('-')}`,
      creation_timestamp: place.nowMs,
      estimated_delivery_price: index,
      interest_rate: 0,
      mid_price: quote.bid_price === null ? null : round((quote.bid_price + quote.ask_price) / 2),
      ...quote,
      volume: 0,
      volume_usd: 0,
      open_interest: 0,
      price_change: null,
      last: null,
      high: null,
      low: null,
    }
  })
}

function ticker(place: Place, name: string): object | undefined {
  const [symbol = ''] = name.split('-')
  const underlying = find(place, symbol)
  const index = indexOf(place, symbol)
  if (underlying === undefined || index === undefined) return undefined
  const head = { instrument_name: name, timestamp: place.nowMs, state: 'open', index_price: index }
  if (name === `${underlying.symbol}-PERPETUAL`)
    return { ...head, mark_price: index, best_bid_price: index, best_ask_price: index, last_price: index }
  const option = optionsOf(place, underlying).find((each) => each.name === name)
  if (option === undefined || underlying.volatility === undefined) return undefined
  const {
    bid_price: best_bid_price,
    ask_price: best_ask_price,
    ...rest
  } = quoteOf(place, underlying, option, index)
  return { ...head, ...rest, best_bid_price, best_ask_price, interest_rate: 0, last_price: null }
}

function instruments(place: Place, currency: string): readonly object[] | undefined {
  const underlying = find(place, currency)
  if (underlying === undefined) return undefined
  return optionsOf(place, underlying).map(({ name, expirySeconds, strike, isCall }) => ({
    instrument_name: name,
    kind: 'option',
    base_currency: underlying.symbol,
    quote_currency: underlying.symbol,
    expiration_timestamp: expirySeconds * 1_000,
    strike,
    option_type: isCall ? 'call' : 'put',
    is_active: true,
    tick_size: TICK,
  }))
}

function optionsOf(place: Place, underlying: SimulatedUnderlying): SimulatedOption[] {
  const { symbol, priceE9, volatility } = underlying
  if (volatility === undefined) return []
  const bases = [priceE9, movedE9(place, underlying, priceE9)].map((base) => Number(base) / 1e9)
  return simulatedOptions(symbol, bases, place.marketMs / 1_000)
}

/** A price after the moves that the scenario orders. */
function movedE9({ moves, factorBps }: Place, { symbol }: SimulatedUnderlying, priceE9: bigint): bigint {
  return (priceE9 * factorBps * BigInt(10_000 + (moves[symbol] ?? 0))) / 100_000_000n
}

function quoteOf(place: Place, underlying: SimulatedUnderlying, option: SimulatedOption, index: number) {
  const { expirySeconds, strike, isCall } = option
  const smile = simulatedSmile(place.seed, underlying, index, { expirySeconds, timeMs: place.marketMs })
  const volatility = sviVolatility(smile, strike)
  const mark = black76(smile.forward, strike, volatility * Math.sqrt(smile.tau), 1, isCall) / smile.forward
  const bid = Math.floor((mark * (1 - HALF_SPREAD)) / TICK) * TICK
  const ask = (Math.ceil((mark * (1 + HALF_SPREAD)) / TICK) || 1) * TICK
  return {
    underlying_price: round(smile.forward, 4),
    mark_price: round(mark, 6),
    mark_iv: round(volatility * 100, 2),
    bid_price: bid > 0 ? round(bid) : null,
    ask_price: round(ask),
  }
}

function round(value: number, places = 5): number {
  return Number(value.toFixed(places))
}
