// Surfaces for devnets and tests: SIMULATED.
import { sviToIntegers } from '@causeway/margin'
import type { ExpirySmile } from '@causeway/protocol/causeway/oracle/v1/oracle'
import type { SurfaceSource } from './price-source.ts'

/** An underlying of the seeded source. */
export interface SeededUnderlying {
  readonly asset: bigint
  /** What its forwards are fitted with. */
  readonly priceE9: bigint
  /** Annual volatility at the money, in basis points. */
  readonly volatilityBps: number
}

const YEAR_SECONDS = 365 * 86_400
const SKEW = -0.2
const CURVATURE = 1.5

/**
 * SIMULATED surfaces: for each underlying the same smile at every expiry, total variance growing with time
 * (J. Gatheral, A. Jacquier, Arbitrage-free SVI volatility surfaces, 2014, "natural" parameters with constant
 * ρ and φ, which have no arbitrage up to a volatility of 100 % and a year), forwards at the index and a rate
 * of 0. `expiries` gives those to come; they are published at `nowSeconds`, or the block's time.
 */
export function createSeededSurfaceSource(
  underlyings: readonly SeededUnderlying[],
  expiries: (timeSeconds: bigint) => readonly bigint[],
  nowSeconds?: () => bigint,
): SurfaceSource {
  return (_height, timeSeconds) => {
    const publishTimeSeconds = nowSeconds?.() ?? timeSeconds
    const ahead = expiries(timeSeconds).filter((expiry) => expiry > publishTimeSeconds)
    return underlyings.map((underlying) => ({
      asset: underlying.asset,
      publishTimeSeconds,
      smiles: ahead.map((expiry) => smile(underlying, expiry, publishTimeSeconds)),
    }))
  }
}

function smile(
  { priceE9, volatilityBps }: SeededUnderlying,
  expirySeconds: bigint,
  publishTimeSeconds: bigint,
): ExpirySmile {
  const tau = Number(expirySeconds - publishTimeSeconds) / YEAR_SECONDS
  const volatility = volatilityBps / 10_000
  const atTheMoney = volatility * volatility * tau
  const root = Math.sqrt(1 - SKEW * SKEW)
  const surface = {
    a: (atTheMoney / 2) * root * root,
    b: (atTheMoney / 2) * CURVATURE,
    rho: SKEW,
    m: -SKEW / CURVATURE,
    sigma: root / CURVATURE,
    forward: Number(priceE9) / 1e9,
    tau,
  }
  return { ...sviToIntegers(surface), expirySeconds, forwardRatioE9: 1_000_000_000n, rateE9: 0n }
}
