import { assert } from '@causeway/primitives'
import { DAY_SECONDS } from './calendar.ts'

const SHORT_SECONDS = 7n * DAY_SECONDS
const MEDIUM_SECONDS = 45n * DAY_SECONDS
/** 1, 2.5 and 5 % of spot, in 1/1000. */
const STEP_PER_MILLE = { short: 10n, medium: 25n, long: 50n } as const
/** 1, 2, 2.5, 5 and the 1 of the next decade, in tenths. */
const LADDER_TENTHS = [10n, 20n, 25n, 50n, 100n] as const

/** What strikes are listed by. */
export interface StrikeTerms {
  readonly spotE9: bigint
  readonly forwardE9: bigint
  readonly secondsToExpiry: bigint
}

/**
 * The distance of strikes, 10⁻⁹: 1 % of spot up to 7 days, 2.5 % up to 45, then 5 %, moved to the nearest of
 * 1, 2, 2.5 and 5 · 10ⁿ (of two as near, the lower). Spec: docs/markets.md.
 */
export function strikeStepE9({ spotE9, secondsToExpiry }: StrikeTerms): bigint {
  assert(spotE9 > 0n && secondsToExpiry >= 0n, 'an option is listed on a price, before its expiry')
  const { short, medium, long } = STEP_PER_MILLE
  const perMille =
    secondsToExpiry <= SHORT_SECONDS ? short : secondsToExpiry <= MEDIUM_SECONDS ? medium : long
  return nearestStep(spotE9 * perMille)
}

/** Every listed strike of an expiry, ascending: the multiples of the step from 0.5 to 2 × the forward. */
export function strikesE9(terms: StrikeTerms): bigint[] {
  const step = strikeStepE9(terms)
  const strikes: bigint[] = []
  for (let strike = firstStrike(terms, step); strike <= terms.forwardE9 * 2n; strike += step)
    strikes.push(strike)
  return strikes
}

/** Whether a strike is in `strikesE9`, without making the list. */
export function isStrike(strikeE9: bigint, terms: StrikeTerms): boolean {
  const step = strikeStepE9(terms)
  const isInRange = strikeE9 >= firstStrike(terms, step) && strikeE9 <= terms.forwardE9 * 2n
  return isInRange && strikeE9 % step === 0n
}

/** The first multiple of the step at or above half the forward, above 0. */
function firstStrike({ forwardE9 }: StrikeTerms, step: bigint): bigint {
  assert(forwardE9 > 0n, 'an option is listed on a forward')
  return ((forwardE9 + 2n * step - 1n) / (2n * step)) * step
}

/** Of an amount in 10⁻¹², the nearest step of the ladder in 10⁻⁹; 10⁻⁹ at least. */
function nearestStep(wantedE12: bigint): bigint {
  let decade = 1n
  while (decade * 10_000n <= wantedE12) decade *= 10n
  let [nearest, least] = [0n, 0n]
  for (const tenths of LADDER_TENTHS) {
    if ((tenths * decade) % 10n !== 0n) continue
    const step = (tenths * decade) / 10n
    const off = step * 1_000n - wantedE12
    const distance = off < 0n ? -off : off
    if (nearest === 0n || distance < least) [nearest, least] = [step, distance]
  }
  return nearest
}
