import { createRiskMarket, moveBook, scan } from '@causeway/margin'
import type { Book } from '@causeway/margin'
import type { Comparison, Figure } from './figures.ts'
import { bookAt, listedOptions, marketAt, model, snapshotAt, type Style } from './margin-market.ts'
import { cpuFigure, target } from './margin-timing.ts'

const ACCOUNTS = 100_000
/** Prices and volatilities multiplied with, seconds gone by. */
const MOVES: readonly (readonly [prices: number, volatilities: number, seconds: number])[] = [
  [1.0001, 1, 2],
  [0.999, 1.005, 60],
  [0.995, 1.02, 0],
  [0.98, 1.05, 600],
  [0.95, 1.2, 3_600],
  [1.1, 1.1, 86_400],
]

/** Accounts rechecked a second after a move, everything included, beside valuing each of them. */
export function compareScans(repetitions: number): Comparison[] {
  const market = marketAt(1, 1)
  const rows: Comparison[] = []
  for (const style of ['random', 'spreads'] as const) {
    const book = bookAt(market, ACCOUNTS, style)
    printBook(book, style)
    for (const [prices, volatilities, seconds] of MOVES) {
      const { valued, skipped, below } = scan(book, marketAt(prices, volatilities, seconds))
      const share = `${((100 * skipped) / ACCOUNTS).toFixed(2)} % skipped, ${valued} valued`
      console.log(`    ${moveName(prices, volatilities, seconds)}: ${share}, ${below.length} below`)
    }
    rows.push(...scanRows(repetitions, book, style))
  }
  return rows
}

function scanRows(repetitions: number, book: Book, style: Style): Comparison[] {
  const [prices, volatilities] = [0.995, 1.02]
  const snapshot = snapshotAt(prices, volatilities)
  const work = `scan, ${style}, ${moveName(prices, volatilities, 0)}`
  const ours = perAccount(
    cpuFigure(work, repetitions, 2, () => scan(book, createRiskMarket(model, snapshot, listedOptions))),
  )
  const there = marketAt(prices, volatilities)
  const start = book.market
  const everybody = cpuFigure('all accounts valued', 1, 1, () => {
    moveBook(book, there)
    moveBook(book, start)
  })
  const row = (peer: Figure, aim?: number): Comparison => ({
    ...{ what: `accounts, ${work}`, ours, peer, by: 'per_cpu_second', aim },
  })
  return [row(target('100 ms', (ACCOUNTS * 1e3) / 100), 1), row(perAccount(everybody, 2))]
}

function perAccount(figure: Figure, passes = 1): Figure {
  const rate = (perSecond: number | undefined) => (perSecond ?? 0) * ACCOUNTS * passes
  return { ...figure, per_second: rate(figure.per_second), per_cpu_second: rate(figure.per_cpu_second) }
}

function printBook(book: Book, style: Style): void {
  const { first, entries, maintenanceMargin, worth, key, amount } = book
  const bytes = [first, entries, maintenanceMargin, worth, key, amount].reduce(
    (sum, c) => sum + c.byteLength,
    0,
  )
  const used = 24 * book.count + 12 * book.used
  const each = `${Math.round(used / book.count)} bytes each (${Math.round(bytes / book.count)} with room)`
  console.log(`  ${ACCOUNTS.toLocaleString('en')} accounts, ${style}: ${each}`)
}

function moveName(prices: number, volatilities: number, seconds: number): string {
  const percent = (factor: number) => `${factor < 1 ? '−' : '+'}${(100 * Math.abs(factor - 1)).toFixed(2)} %`
  return `prices ${percent(prices)}, vol ${percent(volatilities)}${seconds > 0 ? `, ${seconds} s` : ''}`
}
