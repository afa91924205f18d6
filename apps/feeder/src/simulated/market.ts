// SIMULATED prices and volatilities: functions of a seed and the time, from no market.
import { be64, concatBytes, sha256, utf8 } from '@causeway/primitives'
import type { SviSurface } from '@causeway/margin'

/** An underlying of the simulated exchange. */
export interface SimulatedUnderlying {
  /** As ETH: the index is eth_usd, options are named ETH-… */
  readonly symbol: string
  /** What its price moves around, in 10⁻⁹ dollars. */
  readonly priceE9: bigint
  /** Annual volatility at the money; without it there are no options. */
  readonly volatility?: number
  /** How far the price moves to either side, basis points; default 200. */
  readonly swingBps?: number
}

const SWING_BPS = 200
/** The price is a sum of waves whose corners are drawn so far apart, each with its share of the swing. */
const WAVES = [
  { seconds: 1_800, share: 0.8 },
  { seconds: 60, share: 0.17 },
  { seconds: 5, share: 0.03 },
] as const
const VOLATILITY_WAVE_SECONDS = 300
const VOLATILITY_SWING = 0.05
const VENUE_SWING_BPS = 2
const SKEW = -0.2
const CURVATURE = 1.5
/** Forwards lie above the index by so much a year. */
const CARRY = 0.03
const YEAR_SECONDS = 365 * 86_400

/** The price at a time, of which each venue has its own by up to 0.02 %. */
export function simulatedPriceE9(
  seed: string,
  { symbol, priceE9, swingBps = SWING_BPS }: SimulatedUnderlying,
  venue: string,
  timeMs: number,
): bigint {
  const moved = WAVES.reduce(
    (sum, { seconds, share }) => sum + share * wave(`${seed} ${symbol} ${seconds}`, seconds, timeMs),
    0,
  )
  const own = VENUE_SWING_BPS * wave(`${seed} ${symbol} ${venue}`, WAVES[2].seconds, timeMs)
  return (priceE9 * BigInt(Math.round(1e10 + (moved * swingBps + own) * 1e6))) / 10_000_000_000n
}

/**
 * The smile of an expiry: the same at every expiry but for its time ("natural" SVI with constant ρ and φ,
 * free of arbitrage up to a volatility of 100 % and a year), at the money a volatility that wanders by 5
 * %.
 */
export function simulatedSmile(
  seed: string,
  { symbol, volatility = 0 }: SimulatedUnderlying,
  indexNow: number,
  { expirySeconds, timeMs }: { readonly expirySeconds: number; readonly timeMs: number },
): SviSurface {
  const tau = expirySeconds / YEAR_SECONDS - timeMs / 1_000 / YEAR_SECONDS
  const wander = VOLATILITY_SWING * wave(`${seed} ${symbol} volatility`, VOLATILITY_WAVE_SECONDS, timeMs)
  const theta = (volatility * (1 + wander)) ** 2 * tau
  const root = Math.sqrt(1 - SKEW * SKEW)
  return {
    a: (theta / 2) * root * root,
    b: (theta / 2) * CURVATURE,
    rho: SKEW,
    m: -SKEW / CURVATURE,
    sigma: root / CURVATURE,
    forward: indexNow * (1 + CARRY * tau),
    tau,
  }
}

/** −1 … 1: straight lines between corners that are drawn from the name. */
function wave(name: string, seconds: number, timeMs: number): number {
  const at = timeMs / 1_000 / seconds
  const step = Math.floor(at)
  const from = drawn(name, step)
  return from + (drawn(name, step + 1) - from) * (at - step)
}

function drawn(name: string, step: number): number {
  const [high = 0, low = 0] = sha256(concatBytes(utf8(name), be64(BigInt(step))))
  return ((high * 256 + low) / 65_535) * 2 - 1
}
