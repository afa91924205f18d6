// e^−x and 2^−x in integers: the same digits everywhere, and no floating point in the hub.
import { assert } from '@causeway/primitives'

/** 10¹⁸: 1.0 of a share or a rate. */
export const ONE_E18 = 1_000_000_000_000_000_000n

const SCALE = 10n ** 36n
const LN_2 = 693_147_180_559_945_309_417_232_121_458_176_568n
/** 2⁻⁶⁰ is below 10⁻¹⁸. */
const HALVINGS_MAX = 60n

/** e^(−elapsed/timeConstant) in 10⁻¹⁸, rounded down: what an average keeps of itself. Both in one unit. */
export function exponentialDecayE18(elapsed: bigint, timeConstant: bigint): bigint {
  assert(elapsed >= 0n && timeConstant > 0n, 'decay goes forward')
  const x = (elapsed * SCALE) / timeConstant
  return eToMinus(x / LN_2, x % LN_2)
}

/** 2^(−elapsed/halfLife) in 10⁻¹⁸, rounded down. Both in one unit. */
export function halfLifeDecayE18(elapsed: bigint, halfLife: bigint): bigint {
  assert(elapsed >= 0n && halfLife > 0n, 'decay goes forward')
  return eToMinus(elapsed / halfLife, ((elapsed % halfLife) * LN_2) / halfLife)
}

/**
 * 2^−halvings · e^−rest for 0 ≤ rest < ln 2, by the Taylor series: its terms are down to 10⁻³⁶ by the 28th.
 */
function eToMinus(halvings: bigint, rest: bigint): bigint {
  if (halvings > HALVINGS_MAX) return 0n
  let [sum, term] = [SCALE, SCALE]
  for (let k = 1n; term !== 0n; k++) {
    term = (-term * rest) / (k * SCALE)
    sum += term
  }
  return (sum >> halvings) / (SCALE / ONE_E18)
}
