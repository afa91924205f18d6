import { black76, sviFromIntegers, sviVolatility } from '@causeway/margin'
import type { SviIntegers } from '@causeway/margin'

const E9 = 1e9
const YEAR_SECONDS = 365 * 86_400

/** A smile of the oracle's surface. */
export interface Smile extends SviIntegers {
  readonly expirySeconds: bigint
  /** Forward of this expiry in units of the index, × 10⁹. */
  readonly forwardRatioE9: bigint
  /** Continuous, a year, × 10⁹. */
  readonly rateE9: bigint
}

/** An option, and what its worth follows from. */
export interface OptionTerms {
  readonly strikeE9: bigint
  readonly isCall: boolean
  readonly indexE9: bigint
  readonly smile: Smile
  readonly nowSeconds: bigint
}

/** What an option is worth off the hub's surface (Black-76), × 10⁹, rounded down; 0 once it has expired. */
export function optionFairE9({ strikeE9, isCall, indexE9, smile, nowSeconds }: OptionTerms): bigint {
  const seconds = Number(smile.expirySeconds - nowSeconds)
  if (seconds <= 0) return 0n
  const years = seconds / YEAR_SECONDS
  const forward = (Number(indexE9) / E9) * (Number(smile.forwardRatioE9) / E9)
  const strike = Number(strikeE9) / E9
  const discount = Math.exp((-Number(smile.rateE9) / E9) * years)
  const total = sviVolatility(sviFromIntegers(smile), strike) * Math.sqrt(years)
  return BigInt(Math.floor(black76(forward, strike, total, discount, isCall) * E9))
}
