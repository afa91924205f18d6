import {
  closingTrades,
  createPortfolio,
  createRiskMarket,
  jsonOf,
  largestSize,
  liquidationDistance,
  liquidationPrices,
  type ClosingPlan,
  type Instrument,
  type LargestSize,
  type LiquidationPrice,
} from '@causeway/margin'
import { errors } from './errors.ts'
import { instrumentName } from './instrument-name.ts'
import { caseName } from './read-cases.ts'
import type { FileCase } from './read-cases.ts'
import { heading } from './show-evaluation.ts'
import { tradeName } from './show-what-if.ts'
import { cash, cashE6, table } from './table.ts'

type Traded = Exclude<Instrument, { kind: 'collateral' }>

/** How far a case is from liquidation, and what could be done. */
export interface CasePlan {
  readonly of: FileCase
  readonly prices: readonly LiquidationPrice[]
  /** All spots together. */
  readonly fall: number | 'none'
  readonly rise: number | 'none'
  readonly closing: ClosingPlan
  readonly sizes: readonly {
    readonly instrument: Traded
    readonly buy: LargestSize
    readonly sell: LargestSize
  }[]
}

/** Beyond it the search for closing trades takes minutes. */
const POSITIONS_MAX = 250

function requireFew(of: FileCase): void {
  const { perps = [], futures = [], options = [], collateral = [] } = of.account
  const positions = perps.length + futures.length + options.length + collateral.length
  if (positions > POSITIONS_MAX) {
    throw errors.tooManyToPlan({ path: caseName(of), positions, max: POSITIONS_MAX })
  }
}

/** Works it out: sizes for every perpetual and everything that is held, at the mark, in lots. */
export function planCase(of: FileCase, lotE9: bigint): CasePlan {
  const { model, snapshot, account } = of
  requireFew(of)
  const market = createRiskMarket(model, snapshot, account.options)
  const portfolio = createPortfolio(market, account)
  const all = (change: number) =>
    liquidationDistance(model, snapshot, account, {
      spots: Object.fromEntries(snapshot.underlyings.map(({ name }) => [name, change])),
    })
  const instruments: Traded[] = [
    ...snapshot.underlyings.flatMap(({ name, perp }) =>
      perp ? [{ kind: 'perp' as const, underlying: name }] : [],
    ),
    ...(account.futures ?? []).map(({ underlying, expirySeconds }) => ({
      kind: 'future' as const,
      underlying,
      expirySeconds,
    })),
    ...(account.options ?? []).map(({ underlying, expirySeconds, strike, isCall }) => ({
      kind: 'option' as const,
      ...{ underlying, expirySeconds, strike, isCall },
    })),
  ]
  return {
    of,
    prices: liquidationPrices(model, snapshot, account),
    ...{ fall: all(-1), rise: all(1) },
    closing: closingTrades(market, portfolio, Number(lotE9) / 1e9),
    sizes: instruments.map((instrument) => ({
      instrument,
      buy: largestSize(market, portfolio, { instrument, side: 'buy', lotE9 }),
      sell: largestSize(market, portfolio, { instrument, side: 'sell', lotE9 }),
    })),
  }
}

/** As JSON. */
export function planJson({ of, prices, fall, rise, closing, sizes }: CasePlan): unknown {
  return {
    ...{ file: of.file, case: of.name, model: of.model.name },
    liquidationPrices: prices,
    jointMoves: { fall, rise },
    closingTrades: jsonOf(closing),
    largestSizes: jsonOf(sizes),
  }
}

/** As lines of text. */
export function planLines({ of, prices, fall, rise, closing, sizes }: CasePlan): string[] {
  const price = (spot: number | 'none') => (spot === 'none' ? spot : cash(spot))
  const share = (distance: number | 'none') => (distance === 'none' ? distance : `${cash(distance * 100)} %`)
  const zero = closing.before.maintenanceMarginE6 < 0n ? 'healthy again at' : 'liquidated at'
  return [
    ...heading(of, closing.before),
    ...table([
      ['', 'spot', `${zero}, down`, 'up'],
      ...prices.map(({ underlying, spot, down, up }) => [underlying, cash(spot), price(down), price(up)]),
      ['all together', '', share(fall), share(rise)],
    ]),
    ...closingLines(closing),
    ...(sizes.length === 0 ? [] : ['', ...table(sizeRows(sizes))]),
  ]
}

function closingLines({ trades, restoresHealth, notional, after }: ClosingPlan): string[] {
  if (trades.length === 0) return []
  const outcome = restoresHealth ? 'restores health' : 'closes everything, which does not restore health'
  return [
    '',
    `closing ${cash(notional)} of notional at the mark ${outcome}: ` +
      `maintenance margin ${cashE6(after.maintenanceMarginE6)}`,
    ...trades.map((trade) => `  ${tradeName(trade)}`),
  ]
}

function sizeRows(sizes: CasePlan['sizes']): string[][] {
  const size = ({ lots, sizeE9, isLargest }: LargestSize) =>
    lots === 0n ? '0' : `${isLargest ? '' : 'at least '}${Math.abs(Number(sizeE9) / 1e9)}`
  return [
    ['largest size that initial margin allows', 'buy', 'sell'],
    ...sizes.map(({ instrument, buy, sell }) => [instrumentName(instrument), size(buy), size(sell)]),
  ]
}
