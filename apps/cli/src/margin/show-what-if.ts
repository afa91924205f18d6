import {
  createPortfolio,
  createRiskMarket,
  jsonOf,
  whatIf,
  type Instrument,
  type MarginFigures,
  type Trade,
  type WhatIfResult,
} from '@causeway/margin'
import { instrumentName } from './instrument-name.ts'
import { parseTrade } from './parse-trade.ts'
import type { FileCase } from './read-cases.ts'
import { heading } from './show-evaluation.ts'
import { cash, cashE6, table } from './table.ts'

/** A case before and after trades. */
export interface CaseWhatIf extends WhatIfResult {
  readonly of: FileCase
  readonly trades: readonly Trade[]
}

/** What the trades, as they were written, would change. */
export function whatIfCase(of: FileCase, written: readonly string[]): CaseWhatIf {
  const market = createRiskMarket(of.model, of.snapshot, of.account.options)
  const trades = written.map((text) => parseTrade(text, of.snapshot))
  return { of, trades, ...whatIf(market, createPortfolio(market, of.account), trades) }
}

/** As JSON. */
export function whatIfJson({ of, trades, before, after }: CaseWhatIf): unknown {
  return {
    file: of.file,
    case: of.name,
    model: of.model.name,
    trades,
    before: jsonOf(before),
    after: jsonOf(after),
  }
}

/** As lines of text. */
export function whatIfLines({ of, trades, before, after }: CaseWhatIf): string[] {
  const row = (name: string, figure: (of: MarginFigures) => bigint) => [
    name,
    cashE6(figure(before)),
    cashE6(figure(after)),
    cashE6(figure(after) - figure(before)),
  ]
  return [
    ...heading(of, after).map((line) => `${line}, after ${trades.map(tradeName).join(', ')}`),
    ...table([
      ['', 'before', 'after', 'change'],
      ['value (marks and cash)', cash(before.value), cash(after.value), cash(after.value - before.value)],
      row('maintenance requirement', (figures) => figures.maintenanceRequirementE6),
      row('maintenance margin', (figures) => figures.maintenanceMarginE6),
      row('initial requirement', (figures) => figures.initialRequirementE6),
      row('initial margin', (figures) => figures.initialMarginE6),
    ]),
  ]
}

/** A trade as `--trade` takes it. */
export function tradeName(trade: Trade): string {
  const { instrument, size } = trade
  const isTransfer = instrument.kind === 'cash' || instrument.kind === 'collateral'
  const verbs = isTransfer ? ['deposit', 'withdraw'] : ['buy', 'sell']
  const name = instrument.kind === 'cash' ? 'cash' : instrumentName(instrument as Instrument)
  const price = 'price' in trade && trade.price !== undefined ? ` @ ${trade.price}` : ''
  return `${verbs[size < 0 ? 1 : 0]} ${Math.abs(size)} ${name}${price}`
}
