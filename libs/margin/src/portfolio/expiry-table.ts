import { marginErrors } from '../errors.ts'
import { exp } from '../math/exp.ts'
import { pow } from '../math/ln.ts'
import type { DiscountCurve, RiskModel, VolShock } from '../model/risk-model.ts'
import { boundedNonNegative, SECONDS_MAX } from './bounded.ts'
import { columnOf } from './column.ts'
import { confidencePenalty } from './confidence-penalty.ts'
import { linearCharges, type LinearCharges } from './linear-charges.ts'
import type { ExpirySnapshot, MarketSnapshot } from './market-snapshot.ts'
import { lesser, underlyingIndex, type UnderlyingTable } from './underlying-table.ts'

/** A year, in all formulae. */
export const YEAR_SECONDS = 365 * 86_400
const DAY_SECONDS = 86_400
const SHORT_TERM_DAYS = 30

/** Expiries of all underlyings, ascending by underlying and time. */
export interface ExpiryTable {
  readonly underlying: Int32Array
  readonly expirySeconds: Float64Array
  /** Seconds left, not below 0, and the same in years. */
  readonly secondsLeft: Float64Array
  readonly years: Float64Array
  readonly rootYears: Float64Array
  readonly forward: Float64Array
  readonly forwardFixed: Float64Array
  readonly forwardVariable: Float64Array
  readonly discount: Float64Array
  readonly volUp: Float64Array
  readonly volDown: Float64Array
  /** Static discounts of an expiry of positive and of negative value. */
  readonly longDiscount: Float64Array
  readonly shortDiscount: Float64Array
  readonly basisFactor: Float64Array
  /**
   * Initial margin per notional that low confidence costs options, alone and [1] when a perpetual is held.
   */
  readonly optionPenalty: readonly [Float64Array, Float64Array]
  /** What 1.0 of the dated future requires. */
  readonly futureCharges: readonly LinearCharges[]
  /** Index by underlying and by `expirySeconds`. */
  readonly indexOf: readonly ReadonlyMap<number, number>[]
  readonly snapshots: readonly ExpirySnapshot[]
}

/** The table of a snapshot's expiries under a model. Throws `MarginError` for one more than 20 years away. */
export function expiryTable(
  model: RiskModel,
  snapshot: MarketSnapshot,
  underlyings: UnderlyingTable,
): ExpiryTable {
  const rows = snapshot.underlyings
    .flatMap(({ name, expiries }) =>
      expiries.map((expiry) => ({ name, underlying: underlyingIndex(underlyings, name), expiry })),
    )
    .sort((a, b) => a.underlying - b.underlying || a.expiry.expirySeconds - b.expiry.expirySeconds)
  const column = (of: (row: (typeof rows)[number], index: number) => number) => columnOf(rows, of)
  const secondsLeft = column(({ expiry: { expirySeconds } }) =>
    boundedNonNegative(
      'expiry',
      'seconds left',
      Math.max(0, expirySeconds - snapshot.timeSeconds),
      SECONDS_MAX,
    ),
  )
  const years = secondsLeft.map((seconds) => seconds / YEAR_SECONDS)
  const penalty = (confidences: UnderlyingTable['spotConfidence']) =>
    column(({ underlying, expiry }) => optionPenalty(model, expiry, confidences[underlying]!))
  return {
    underlying: Int32Array.from(rows, ({ underlying }) => underlying),
    expirySeconds: column(({ expiry }) => expiry.expirySeconds),
    secondsLeft,
    years,
    rootYears: years.map(Math.sqrt),
    forward: column(({ expiry }) => expiry.forwardFixed + expiry.forwardVariable),
    forwardFixed: column(({ expiry }) => expiry.forwardFixed),
    forwardVariable: column(({ expiry }) => expiry.forwardVariable),
    ...scenarioFactors(
      model,
      rows.map(({ expiry }) => expiry.rate),
      years,
      secondsLeft,
    ),
    optionPenalty: [penalty(underlyings.spotConfidence), penalty(underlyings.linearConfidence)],
    futureCharges: rows.map(({ name, underlying, expiry }) =>
      linearCharges(model, {
        underlying: name,
        spot: underlyings.spot[underlying]!,
        mark: expiry.forwardFixed + expiry.forwardVariable,
        confidence: lesser(underlyings.spotConfidence[underlying]!, expiry.forwardConfidence),
        openInterest: expiry.openInterest ?? 0,
      }),
    ),
    indexOf: underlyings.names.map(
      (_, underlying) =>
        new Map(
          rows.flatMap((row, index) =>
            row.underlying === underlying ? [[row.expiry.expirySeconds, index] as const] : [],
          ),
        ),
    ),
    snapshots: rows.map(({ expiry }) => expiry),
  }
}

type ScenarioFactors = Pick<
  ExpiryTable,
  'discount' | 'volUp' | 'volDown' | 'longDiscount' | 'shortDiscount' | 'basisFactor'
>

/** The factors of an expiry that a scenario model knows; 1 (and 0 for the basis) in any other. */
function scenarioFactors(
  model: RiskModel,
  rates: readonly number[],
  years: Float64Array,
  secondsLeft: Float64Array,
): ScenarioFactors {
  const one = () => new Float64Array(years.length).fill(1)
  const factors = {
    ...{ discount: one(), volUp: one(), volDown: one() },
    ...{ longDiscount: one(), shortDiscount: one(), basisFactor: new Float64Array(years.length) },
  }
  if (model.kind !== 'scenario') return factors
  const { volShock, staticDiscount, basis } = model
  for (const [index, published] of rates.entries()) {
    const rate = Math.max(published, 0)
    const time = years[index]!
    const discount = exp(-rate * time)
    const growth = volGrowth(volShock, secondsLeft[index]!)
    if (model.discountsOptions) factors.discount[index] = discount
    factors.volUp[index] = 1 + volShock.rangeUp * growth
    factors.volDown[index] = Math.max(0, 1 - volShock.rangeDown * growth)
    factors.basisFactor[index] = basis.addend + basis.timeFactor * time
    // What has expired is worth its payoff, whatever it would take to close it
    if (secondsLeft[index] === 0) continue
    factors.longDiscount[index] = staticFactor(staticDiscount.long, rate, -time)
    factors.shortDiscount[index] = Math.min(1 / discount, staticFactor(staticDiscount.short, rate, time))
  }
  return factors
}

function staticFactor(
  { base, rateMultiplier, rateAddend }: DiscountCurve,
  rate: number,
  time: number,
): number {
  return base * exp(time * (rate * rateMultiplier + rateAddend))
}

/** (30 d ÷ max(time, floor))^power, the power by the time itself. */
function volGrowth({ shortTermPower, longTermPower, floorDays }: VolShock, secondsLeft: number): number {
  const isShortTerm = secondsLeft <= SHORT_TERM_DAYS * DAY_SECONDS
  const days = Math.max(secondsLeft, floorDays * DAY_SECONDS, 1) / DAY_SECONDS
  return pow(SHORT_TERM_DAYS / days, isShortTerm ? shortTermPower : longTermPower)
}

function optionPenalty(model: RiskModel, expiry: ExpirySnapshot, ofUnderlying: bigint): number {
  const feeds = lesser(lesser(ofUnderlying, expiry.forwardConfidence), expiry.volConfidence)
  const counted = model.kind === 'standard' ? feeds : lesser(feeds, expiry.rateConfidence)
  return confidencePenalty(model, 'option', counted)
}

/** The index of an expiry. Throws `MarginError` 61 for one that isn't in the market. */
export function expiryIndex(
  expiries: ExpiryTable,
  underlyings: UnderlyingTable,
  underlying: string,
  expirySeconds: number,
): number {
  const index = expiries.indexOf[underlyingIndex(underlyings, underlying)]!.get(expirySeconds)
  if (index === undefined)
    throw marginErrors.unknownInstrument({ instrument: `${underlying} ${expirySeconds}` })
  return index
}
