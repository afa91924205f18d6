import type { OrderInstrument } from '../auction/open-orders.ts'
import { marginErrors } from '../errors.ts'
import { boundedNonNegative, PRICE_MAX, AMOUNT_MAX } from '../portfolio/bounded.ts'
import { sizeFromE9 } from '../portfolio/ledger-units.ts'
import { optionIndex } from '../portfolio/option-table.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { steepestFall, type Side } from './margin-slope.ts'
import { withTradedOptions } from './traded-options.ts'
import { createWhatIf, type MarginFigures, type WhatIf } from './what-if.ts'

/** How much of what could be opened. */
export interface SizeQuestion {
  readonly instrument: OrderInstrument
  readonly side: 'buy' | 'sell'
  /** The lot of the market, in 10⁻⁹ of the underlying. */
  readonly lotE9: bigint
  /** Cash per 1.0: the mark when it is missing. */
  readonly price?: number
  /** Cash per 1.0; 0 when it is missing. */
  readonly fee?: number
  /** Not more than this. */
  readonly lotsMax?: bigint
}

/** The largest size an account can still open. */
export interface LargestSize {
  readonly lots: bigint
  /** Signed: below 0 sold. */
  readonly sizeE9: bigint
  readonly after: MarginFigures
  /** Whether one more lot is too many, or there are no more; false when the search gave up before. */
  readonly isLargest: boolean
}

/**
 * Valuations after which the search gives up: it takes some tens, but where margin hardly depends on size.
 */
const VALUATIONS_MAX = 10_000

/**
 * The most whole lots that can be bought or sold so that initial margin, rounded down to whole micro-cash,
 * is not negative after them nor after any smaller number of them; 0 where already one is too many or the
 * account falls short as it is. A hedge may need less margin and then more: margin isn't monotone in size,
 * so nothing is halved. The search goes up by as many lots as the margin that is left allows at the
 * steepest fall there can be, which passes over no size that fails. Throws what `whatIf` throws.
 */
export function largestSize(market: RiskMarket, portfolio: Portfolio, question: SizeQuestion): LargestSize {
  const { instrument, lotE9, fee = 0, lotsMax } = question
  if (lotE9 <= 0n) throw marginErrors.notPositive({ name: 'lotE9', value: Number(lotE9) })
  const known = withTradedOptions({ market, portfolio }, [{ instrument, size: 0 }])
  const base = createWhatIf(known.market, known.portfolio)
  base.after([{ instrument, size: 0 }]) // refuses an instrument that isn't in the market
  const price = question.price ?? markOf(known.market, instrument)
  const side: Side = {
    instrument,
    sign: question.side === 'buy' ? 1 : -1,
    price: boundedNonNegative('question', 'price', price, PRICE_MAX),
    fee: boundedNonNegative('question', 'fee', fee, AMOUNT_MAX),
  }
  const most = least(lotsMax ?? AMOUNT_E9_MAX, boundedLots(base, side, lotE9))
  const figures = (lots: bigint) => afterLots(base, side, lots * lotE9)
  const { lots, isLargest } = march(figures, most, stepper(known.market, base, side, lotE9))
  return { lots, sizeE9: lots * lotE9 * BigInt(side.sign), after: figures(lots), isLargest }
}

const AMOUNT_E9_MAX = BigInt(AMOUNT_MAX) * 10n ** 9n

/** So many that neither size nor cash can leave its bounds. */
function boundedLots({ before }: WhatIf, { price, fee }: Side, lotE9: bigint): bigint {
  const size = (AMOUNT_MAX - Math.abs(before.cash)) / (2 * Math.max(1, price + fee))
  return (BigInt(Math.floor(size)) * 10n ** 9n) / lotE9
}

function afterLots(base: WhatIf, { instrument, sign, price, fee }: Side, sizeE9: bigint): MarginFigures {
  if (sizeE9 === 0n) return base.before
  const size = sizeFromE9(sizeE9)
  return base.after([{ instrument, size: sign * size, price, fee: fee * size }])
}

/** How many lots further everything is certain to hold, given the margin there. */
type Stepper = (lots: bigint, margin: MarginFigures) => bigint

function march(
  figures: (lots: bigint) => MarginFigures,
  most: bigint,
  step: Stepper,
): { lots: bigint; isLargest: boolean } {
  let lots = 0n
  let margin = figures(0n)
  if (margin.initialMarginE6 < 0n) return { lots, isLargest: true }
  for (let valuations = 1; valuations < VALUATIONS_MAX && lots < most; valuations++) {
    const next = least(lots + step(lots, margin), most)
    margin = figures(next)
    if (margin.initialMarginE6 < 0n) return { lots, isLargest: true }
    lots = next
  }
  return { lots, isLargest: lots === most }
}

/** Counts of lots up to here are exact as doubles. */
const LOTS_AT_ONCE = 4_503_599_627_370_496

/** Steps by the steepest fall; never past the first lot, nor past the lot that closes what is held. */
function stepper(market: RiskMarket, base: WhatIf, side: Side, lotE9: bigint): Stepper {
  const fall = steepestFall(market, base.portfolio, side) * sizeFromE9(lotE9)
  const closing = closingLots(market, base.portfolio, side, lotE9)
  return (lots, { initialMargin, gross }) => {
    const safe = Math.min(Math.floor(((initialMargin - 1e-9 * gross) * 0.999) / fall), LOTS_AT_ONCE)
    const step = safe > 1 ? BigInt(safe) : 1n
    if (lots === 0n || lots === closing) return 1n
    return lots < closing ? least(step, closing - lots) : step
  }
}

/** How many lots close the position that is held; 0 where none or none exactly does. */
function closingLots(
  { underlyings, expiries }: RiskMarket,
  portfolio: Portfolio,
  side: Side,
  lotE9: bigint,
): bigint {
  const { instrument, sign } = side
  if (instrument.kind === 'option') return 0n
  const underlying = underlyings.indexOf.get(instrument.underlying)!
  const held =
    instrument.kind === 'perp'
      ? portfolio.perpSize[portfolio.perp.indexOf(underlying)]
      : portfolio.futureSize[
          portfolio.future.indexOf(expiries.indexOf[underlying]!.get(instrument.expirySeconds)!)
        ]
  const sizeE9 = BigInt(Math.floor(Math.abs(held ?? 0) * 1e9 + 0.5))
  return (held ?? 0) * sign < 0 && sizeE9 % lotE9 === 0n ? sizeE9 / lotE9 : 0n
}

function markOf(
  { underlyings, expiries, options, grid, plan }: RiskMarket,
  instrument: OrderInstrument,
): number {
  const underlying = underlyings.indexOf.get(instrument.underlying)!
  if (instrument.kind === 'perp') return underlyings.perp[underlying]!
  if (instrument.kind === 'future')
    return expiries.forward[expiries.indexOf[underlying]!.get(instrument.expirySeconds)!]!
  return grid[optionIndex(options, expiries, underlyings, instrument) * plan.rows]!
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
