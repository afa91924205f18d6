import { YEAR_SECONDS } from '../portfolio/expiry-table.ts'
import type { SviSurface } from './svi.ts'

/** A surface as ledgers and votes carry it. */
export interface SviIntegers {
  /** 10⁻¹². */
  readonly aE12: bigint
  readonly bE12: bigint
  readonly rhoE12: bigint
  readonly mE12: bigint
  readonly sigmaE12: bigint
  /** Forward that it was fitted with, 10⁻⁹. */
  readonly forwardRefE9: bigint
  /** Seconds to expiry that it was fitted with. */
  readonly tauRefSeconds: bigint
}

const E9 = 1e9
const E12 = 1e12

/**
 * The doubles of these integers, the same everywhere: exact before they are scaled where no integer is beyond
 * 2⁵³.
 */
export function sviFromIntegers(smile: SviIntegers): SviSurface {
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

/** A surface as integers, each rounded to the nearest. */
export function sviToIntegers({ a, b, rho, m, sigma, forward, tau }: SviSurface): SviIntegers {
  return {
    aE12: scaled(a, E12),
    bE12: scaled(b, E12),
    rhoE12: scaled(rho, E12),
    mE12: scaled(m, E12),
    sigmaE12: scaled(sigma, E12),
    forwardRefE9: scaled(forward, E9),
    tauRefSeconds: scaled(tau, YEAR_SECONDS),
  }
}

/** Halves go up. The difference is exact: nothing is lost where a double has no half any more. */
function scaled(value: number, scale: number): bigint {
  const units = value * scale
  const low = Math.floor(units)
  return BigInt(units - low >= 0.5 ? low + 1 : low)
}
