// Funding of a perpetual. Spec: docs/markets.md.
import { assert, mulDivFloor } from '@causeway/primitives'
import { ONE_E18 } from './decay.ts'
import type { ImpactPrices } from './marks.ts'
import type { FundingState } from './types.ts'

const HOUR_NANOSECONDS = 3_600_000_000_000n
/** 0.01 %: what an hour's premium is drawn towards … */
const INTEREST_E18 = ONE_E18 / 10_000n
/** … by at most 0.05 %. */
const INTEREST_PULL_E18 = ONE_E18 / 2_000n
/** The premium is that of eight hours. */
const HOURS = 8n
/** 0.5 % an hour at most. */
const RATE_MAX_E18 = ONE_E18 / 200n
/** A size (10⁻⁹) times an index (10⁻¹⁸) to cash (10⁻⁶). */
const PAYMENT_UNIT = 10n ** 21n

/** A perpetual that starts: no rate until a whole hour, or what is left of this one, was measured. */
export function startFunding(nowNanoseconds: bigint): FundingState {
  const hour = nowNanoseconds / HOUR_NANOSECONDS
  return { hour, premiumSum: 0n, measuredNanoseconds: 0n, premiumE18: 0n, rateE9PerHour: 0n, index: 0n }
}

/**
 * How far the book is off the index, 10⁻¹⁸ of it: 0 where the index is between the impact prices or
 * unknown.
 */
export function premiumE18({ bidE9, askE9 }: ImpactPrices, indexE9: bigint): bigint {
  assert(indexE9 > 0n, 'a market has an index')
  const above = bidE9 !== undefined && bidE9 > indexE9 ? bidE9 - indexE9 : 0n
  const below = askE9 !== undefined && askE9 < indexE9 ? indexE9 - askE9 : 0n
  return ((above - below) * ONE_E18) / indexE9
}

/**
 * What an hour pays after an hour of this mean premium: clamp((P + clamp(0.01 % − P, ± 0.05 %))/8, ± 0.5
 * %).
 */
export function fundingRateE9(meanPremiumE18: bigint): bigint {
  const pull = clamp(INTEREST_E18 - meanPremiumE18, INTEREST_PULL_E18)
  return clamp((meanPremiumE18 + pull) / HOURS, RATE_MAX_E18) / 1_000_000_000n
}

/**
 * Funding from one block to the next: the index moves by price · rate · Δt, the premium that held meanwhile
 * is
 * measured, and at each full hour the mean of that hour becomes the rate of the next. `indexPriceE9` is what
 * the rate is paid on; `nextPremiumE18` holds from now on. The sum is exact: into how many blocks the time
 * is cut makes no difference.
 */
export function accrueFunding(
  state: FundingState,
  fromNanoseconds: bigint,
  toNanoseconds: bigint,
  indexPriceE9: bigint,
  nextPremiumE18: bigint,
): FundingState {
  assert(fromNanoseconds <= toNanoseconds && indexPriceE9 > 0n, 'time goes forward, and there is an index')
  assert(fromNanoseconds / HOUR_NANOSECONDS === state.hour, 'funding goes on where it stopped')
  let [current, at] = [state, fromNanoseconds]
  while (toNanoseconds / HOUR_NANOSECONDS > current.hour) {
    const end = (current.hour + 1n) * HOUR_NANOSECONDS
    current = closeHour(pass(current, end - at, indexPriceE9))
    at = end
  }
  return { ...pass(current, toNanoseconds - at, indexPriceE9), premiumE18: nextPremiumE18 }
}

/**
 * What a position of +1.0 has paid since listing, in 10⁻¹⁸ cash, rounded down: what positions are settled
 * by.
 */
export function fundingIndexE18({ index }: FundingState): bigint {
  return mulDivFloor(index, 1n, HOUR_NANOSECONDS)
}

/**
 * What a position receives (pays, if negative) for the time between two values of the funding index, in
 * micro-cash: a payer's rounded up, a receiver's down.
 */
export function fundingPaymentE6(sizeE9: bigint, thenE18: bigint, nowE18: bigint): bigint {
  return mulDivFloor(-sizeE9, nowE18 - thenE18, PAYMENT_UNIT)
}

function pass(state: FundingState, nanoseconds: bigint, indexPriceE9: bigint): FundingState {
  return {
    ...state,
    premiumSum: state.premiumSum + state.premiumE18 * nanoseconds,
    measuredNanoseconds: state.measuredNanoseconds + nanoseconds,
    index: state.index + indexPriceE9 * state.rateE9PerHour * nanoseconds,
  }
}

function closeHour(state: FundingState): FundingState {
  const { premiumSum, measuredNanoseconds } = state
  const mean = measuredNanoseconds === 0n ? 0n : premiumSum / measuredNanoseconds
  return {
    ...state,
    hour: state.hour + 1n,
    premiumSum: 0n,
    measuredNanoseconds: 0n,
    rateE9PerHour: fundingRateE9(mean),
  }
}

function clamp(value: bigint, max: bigint): bigint {
  return value > max ? max : value < -max ? -max : value
}
