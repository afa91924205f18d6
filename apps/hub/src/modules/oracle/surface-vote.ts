// Which surfaces of validators count. Whoever sends another is ignored for that underlying, nothing more.
import {
  butterflyViolations,
  calendarViolations,
  isMarginError,
  sviFromIntegers,
  wingSlope,
} from '@causeway/margin'
import type { MoneynessGrid } from '@causeway/margin'
import type { ExpirySmile, SurfaceVote } from '@causeway/protocol/causeway/oracle/v1/oracle'
import { FRESH_SECONDS } from './accept-price.ts'

/** Integers beyond it would lose digits on the way to a double. */
const EXACT_MAX = BigInt(Number.MAX_SAFE_INTEGER)

/** Expiries in one vote. */
export const SMILES_MAX = 32
/** Underlyings in one vote. */
export const SURFACES_MAX = 16
/** A forward may be between half and twice the index. */
export const FORWARD_RATIO_E9 = { min: 500_000_000n, max: 2_000_000_000n } as const
/** In its last half hour an expiry may have the smile of before, from its last hour. */
const HELD_SECONDS = 1_800n
const HELD_TAU_SECONDS_MAX = 3_600n
/** A yearly rate may be up to 100 %, either way. */
export const RATE_E9_MAX = 1_000_000_000n

// Every vote is looked at in every block: 1.5 to either side in steps of 1/16.
const GRID: MoneynessGrid = { from: -1.5, to: 1.5, steps: 48 }
const WING_SLOPE_MAX = 2
const E9 = 1_000_000_000n
const PARAMETERS = ['aE12', 'bE12', 'rhoE12', 'mE12', 'sigmaE12'] as const

/** Whether a validator's surface counts in a block of this time. */
export function isSound({ smiles, publishTimeSeconds }: SurfaceVote, timeSeconds: bigint): boolean {
  const age = timeSeconds - publishTimeSeconds
  if (age > FRESH_SECONDS || age < -FRESH_SECONDS) return false
  return (
    smiles.length > 0 &&
    smiles.length <= SMILES_MAX &&
    areInOrder(smiles, timeSeconds) &&
    smiles.every((smile) => isOfItsTime(smile, publishTimeSeconds)) &&
    isFree(smiles)
  )
}

/** Whether the forwards of a surface were fitted near its index: half to twice. Without one none is wrong. */
export function isNearIndex(smiles: readonly ExpirySmile[], indexE9: bigint): boolean {
  return smiles.every(({ forwardRefE9, forwardRatioE9 }) => {
    const [fittedE18, expectedE18] = [forwardRefE9 * E9, indexE9 * forwardRatioE9]
    return indexE9 === 0n || (fittedE18 * 2n >= expectedE18 && fittedE18 <= expectedE18 * 2n)
  })
}

/** Fitted for the time that was left when it was published, or one that is held. */
function isOfItsTime({ expirySeconds, tauRefSeconds }: ExpirySmile, publishTimeSeconds: bigint): boolean {
  const leftSeconds = expirySeconds - publishTimeSeconds
  const off = tauRefSeconds - leftSeconds
  if (off <= FRESH_SECONDS && off >= -FRESH_SECONDS) return true
  return leftSeconds <= HELD_SECONDS && tauRefSeconds > HELD_SECONDS && tauRefSeconds <= HELD_TAU_SECONDS_MAX
}

/** Ascending expiries that are to come, with numbers in bounds. */
function areInOrder(smiles: readonly ExpirySmile[], timeSeconds: bigint): boolean {
  let last = timeSeconds
  for (const smile of smiles) {
    if (smile.expirySeconds <= last || !isBounded(smile)) return false
    last = smile.expirySeconds
  }
  return true
}

function isBounded(smile: ExpirySmile): boolean {
  const { forwardRefE9, tauRefSeconds, forwardRatioE9, rateE9 } = smile
  return (
    PARAMETERS.every((name) => smile[name] <= EXACT_MAX && smile[name] >= -EXACT_MAX) &&
    forwardRefE9 > 0n &&
    forwardRefE9 <= EXACT_MAX &&
    tauRefSeconds > 0n &&
    tauRefSeconds <= EXACT_MAX &&
    forwardRatioE9 >= FORWARD_RATIO_E9.min &&
    forwardRatioE9 <= FORWARD_RATIO_E9.max &&
    rateE9 <= RATE_E9_MAX &&
    rateE9 >= -RATE_E9_MAX
  )
}

/** Free of butterfly, wing and calendar arbitrage where it is looked at; tau grows with the expiry. */
function isFree(smiles: readonly ExpirySmile[]): boolean {
  const surfaces = smiles.map(sviFromIntegers)
  if (surfaces.some(({ tau }, i) => i > 0 && tau <= surfaces[i - 1]!.tau)) return false
  try {
    return (
      surfaces.every(
        (one) => wingSlope(one) <= WING_SLOPE_MAX && butterflyViolations(one, GRID).length === 0,
      ) && calendarViolations(surfaces, GRID).length === 0
    )
  } catch (error) {
    if (isMarginError(error)) return false
    throw error
  }
}
