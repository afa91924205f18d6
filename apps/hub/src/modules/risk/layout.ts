// Where what is traded stands in the columns of libs/margin. Derived: equal for markets that list the same.
import { instrumentIndex } from '@causeway/margin'
import type { Portfolio, RiskMarket } from '@causeway/margin'
import { cashFromE6, sizeFromE9 } from '@causeway/margin'
import { bounded, instrumentOf } from './account.ts'
import type { Place } from './account.ts'
import { errors } from './errors.ts'
import type { RiskMarketTerms, RiskPosition } from './ports.ts'

/** Indexes of instruments by market id. */
export class Layout {
  /** In the order in which they were listed. */
  readonly #terms: ReadonlyMap<bigint, RiskMarketTerms>
  readonly #market: RiskMarket
  readonly #places = new Map<bigint, Required<Place>>()
  readonly #columns = new WeakMap<readonly RiskPosition[], Columns<RiskPosition>>()

  constructor(market: RiskMarket, terms: ReadonlyMap<bigint, RiskMarketTerms>) {
    this.#market = market
    this.#terms = terms
  }

  /** Whether another list of markets has the same columns. */
  isOf(terms: ReadonlyMap<bigint, RiskMarketTerms>): boolean {
    if (terms.size !== this.#terms.size) return false
    const known = this.#terms.values()
    for (const each of terms.values()) if (!isSameInstrument(known.next().value!, each)) return false
    return true
  }

  /** Where a market's instrument stands among those of its kind. */
  index(terms: RiskMarketTerms): number {
    return this.place(terms).index
  }

  /** A market's instrument and its index. */
  place(terms: RiskMarketTerms): Required<Place> {
    let place = this.#places.get(terms.id)
    if (place === undefined) {
      const instrument = instrumentOf(terms)
      place = { instrument, index: instrumentIndex(this.#market, instrument) }
      this.#places.set(terms.id, place)
    }
    return place
  }

  /** Positions as columns; remembered for as long as the same list lives. Throws `risk/3`. */
  columns<Position extends RiskPosition>(positions: readonly Position[]): Columns<Position> {
    let columns = this.#columns.get(positions) as Columns<Position> | undefined
    if (columns === undefined) {
      columns = this.#layOut(positions)
      this.#columns.set(positions, columns)
    }
    return columns
  }

  #layOut<Position extends RiskPosition>(positions: readonly Position[]): Columns<Position> {
    const rows = { perpetual: [], future: [], option: [], spot: [] } as Record<
      RiskMarketTerms['kind'],
      Row<Position>[]
    >
    for (const position of positions) {
      const terms = this.#terms.get(position.market)
      if (terms === undefined) throw errors.notMargined({ market: position.market })
      rows[terms.kind].push({ index: this.index(terms), position })
    }
    const { perpetual, future, option } = rows
    for (const column of [perpetual, future, option]) column.sort((a, b) => a.index - b.index)
    return {
      perp: indexesOf(perpetual),
      perpSize: sizesOf(perpetual),
      perpQuote: quotesOf(perpetual),
      perpetuals: perpetual.map(({ position }) => position),
      future: indexesOf(future),
      futureSize: sizesOf(future),
      futureQuote: quotesOf(future),
      option: indexesOf(option),
      optionAmount: sizesOf(option),
    }
  }
}

function isSameInstrument(a: RiskMarketTerms, b: RiskMarketTerms): boolean {
  return (
    a === b ||
    (a.id === b.id &&
      a.kind === b.kind &&
      a.underlying === b.underlying &&
      a.expirySeconds === b.expirySeconds &&
      a.strikeE9 === b.strikeE9 &&
      a.isCall === b.isCall)
  )
}

/** What of a portfolio its positions alone decide. */
export interface Columns<Position> extends Pick<
  Portfolio,
  'perp' | 'perpSize' | 'perpQuote' | 'future' | 'futureSize' | 'futureQuote' | 'option' | 'optionAmount'
> {
  /** The positions of the rows of `perp`. */
  readonly perpetuals: readonly Position[]
}

interface Row<Position> {
  readonly index: number
  readonly position: Position
}

function indexesOf(rows: readonly Row<RiskPosition>[]): Int32Array {
  const indexes = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) indexes[i] = rows[i]!.index
  return indexes
}

function sizesOf(rows: readonly Row<RiskPosition>[]): Float64Array {
  const sizes = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) sizes[i] = sizeFromE9(rows[i]!.position.sizeE9)
  return sizes
}

function quotesOf(rows: readonly Row<RiskPosition>[]): Float64Array {
  const quotes = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) quotes[i] = bounded(cashFromE6(rows[i]!.position.quoteE6))
  return quotes
}
