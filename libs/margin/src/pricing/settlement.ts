import { finiteNonNegative, finiteResult, marginErrors } from '../errors.ts'

/** An option settles at the mean of the index over this long before expiry, seconds. */
export const SETTLEMENT_WINDOW_SECONDS = 1800

/** A forward in two parts: what the settlement mean has fixed already, and what still moves. */
export interface SettlementForward {
  readonly fixed: number
  readonly variable: number
}

/**
 * Takes a forward apart `secondsToExpiry` before the settlement. Outside the window all of it is variable.
 * Within, the variable part is forward·secondsToExpiry ÷ 1800, and the fixed part is what was observed so
 * far, Σ index·Δt ÷ 1800; where `observed` is not given, forward·(1800 − secondsToExpiry) ÷ 1800. A shock m
 * makes the forward fixed + m·variable. Throws `MarginError` for a number that is negative, infinite or
 * NaN, and for a forward so large that a part is beyond the doubles.
 */
export function settlementForward(
  forward: number,
  secondsToExpiry: number,
  observed?: number,
): SettlementForward {
  finiteNonNegative('forward', forward)
  finiteNonNegative('secondsToExpiry', secondsToExpiry)
  if (observed !== undefined) finiteNonNegative('observed', observed)
  if (secondsToExpiry >= SETTLEMENT_WINDOW_SECONDS) return { fixed: 0, variable: forward }
  const variable = (forward * secondsToExpiry) / SETTLEMENT_WINDOW_SECONDS
  const elapsed = SETTLEMENT_WINDOW_SECONDS - secondsToExpiry
  const fixed = observed ?? (forward * elapsed) / SETTLEMENT_WINDOW_SECONDS
  finiteResult('settlement forward', fixed + variable)
  return { fixed, variable }
}

/** One price of the index and how long it stood, seconds. */
export interface IndexObservation {
  readonly price: number
  readonly seconds: number
}

/**
 * Σ index·Δt ÷ 1800 of what was seen within the window. Throws `MarginError` for a number that is negative,
 * infinite or NaN, and for more seconds than the window has.
 */
export function observedPart(observations: readonly IndexObservation[]): number {
  let [sum, seconds] = [0, 0]
  for (const observation of observations) {
    sum += finiteNonNegative('price', observation.price) * finiteNonNegative('seconds', observation.seconds)
    seconds += observation.seconds
  }
  if (seconds > SETTLEMENT_WINDOW_SECONDS)
    throw marginErrors.outOfRange({ name: 'seconds', value: seconds, min: 0, max: SETTLEMENT_WINDOW_SECONDS })
  return finiteNonNegative('observed', sum / SETTLEMENT_WINDOW_SECONDS)
}

const YEAR_SECONDS = 31_536_000

/** Seconds as years of 365 days. Throws `MarginError` for a number that is negative, infinite or NaN. */
export function annualise(seconds: number): number {
  return finiteNonNegative('seconds', seconds) / YEAR_SECONDS
}
