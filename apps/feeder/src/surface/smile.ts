// A smile as votes carry it: integers, `causeway.oracle.v1.ExpirySmile`.
import type { SviSurface } from '@causeway/margin'
import type { ExpirySmile } from '@causeway/protocol/causeway/oracle/v1/oracle'

/** One expiry as a vote carries it. */
export type Smile = ExpirySmile

const [E9, E12] = [1e9, 1e12]
const YEAR_SECONDS = 365 * 86_400

/** A fit as integers, each rounded to the nearest. */
export function smileOf(fit: {
  readonly expirySeconds: number
  readonly surface: SviSurface
  readonly forwardRatio: number
  readonly rate: number
}): Smile {
  const { surface, expirySeconds, forwardRatio, rate } = fit
  return {
    expirySeconds: BigInt(expirySeconds),
    aE12: scaled(surface.a, E12),
    bE12: scaled(surface.b, E12),
    rhoE12: scaled(surface.rho, E12),
    mE12: scaled(surface.m, E12),
    sigmaE12: scaled(surface.sigma, E12),
    forwardRefE9: scaled(surface.forward, E9),
    tauRefSeconds: scaled(surface.tau, YEAR_SECONDS),
    forwardRatioE9: scaled(forwardRatio, E9),
    rateE9: scaled(rate, E9),
  }
}

/** The doubles that a hub makes of a smile. */
export function exactSurface(smile: Smile): SviSurface {
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

function scaled(value: number, scale: number): bigint {
  return BigInt(Math.round(value * scale))
}
