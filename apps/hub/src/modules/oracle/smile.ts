// A smile between the integers of votes and state and the doubles of libs/margin.
import type { SviSurface } from '@causeway/margin'
import type { ExpirySmile } from '@causeway/protocol/causeway/oracle/v1/oracle'

const E9 = 1e9
const E12 = 1e12
const YEAR_SECONDS = 365 * 86_400

/** Integers beyond it would lose digits on the way to a double. */
export const EXACT_MAX = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * The smile as libs/margin takes it; the same doubles from the same integers everywhere. Numbers of a smile
 * that `isSound` has let pass are exact before they are scaled.
 */
export function surfaceOf(smile: ExpirySmile): SviSurface {
  return {
    a: Number(smile.aE12) / E12,
    b: Number(smile.bE12) / E12,
    rho: Number(smile.rhoE12) / E12,
    m: Number(smile.mE12) / E12,
    sigma: Number(smile.sigmaE12) / E12,
    forward: Number(smile.forwardRefE9) / E9,
    tau: Number(smile.tauRefSeconds) / YEAR_SECONDS,
  }
}

/** A fitted smile as integers, each rounded to the nearest. `tau` in years. */
export function smileOf(
  surface: SviSurface,
  terms: Pick<ExpirySmile, 'expirySeconds' | 'forwardRatioE9' | 'rateE9'>,
): ExpirySmile {
  return {
    ...terms,
    aE12: scaled(surface.a, E12),
    bE12: scaled(surface.b, E12),
    rhoE12: scaled(surface.rho, E12),
    mE12: scaled(surface.m, E12),
    sigmaE12: scaled(surface.sigma, E12),
    forwardRefE9: scaled(surface.forward, E9),
    tauRefSeconds: scaled(surface.tau, YEAR_SECONDS),
  }
}

function scaled(value: number, scale: number): bigint {
  return BigInt(Math.round(value * scale))
}
