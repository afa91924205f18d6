// A smile as votes carry it: integers, `causeway.oracle.v1.ExpirySmile`.
import { sviToIntegers } from '@causeway/margin'
import type { SviSurface } from '@causeway/margin'
import type { ExpirySmile } from '@causeway/protocol/causeway/oracle/v1/oracle'

/** One expiry as a vote carries it. */
export type Smile = ExpirySmile

/** A fit as integers, each rounded to the nearest. */
export function smileOf(fit: {
  readonly expirySeconds: number
  readonly surface: SviSurface
  readonly forwardRatio: number
  readonly rate: number
}): Smile {
  const { surface, expirySeconds, forwardRatio, rate } = fit
  return {
    ...sviToIntegers(surface),
    expirySeconds: BigInt(expirySeconds),
    forwardRatioE9: BigInt(Math.round(forwardRatio * 1e9)),
    rateE9: BigInt(Math.round(rate * 1e9)),
  }
}
