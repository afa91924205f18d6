// Synthetic options of known smiles: Black-76 premiums with noise, bid and ask around them.
import { black76, sviVolatility } from '@causeway/margin'
import type { SviSurface } from '@causeway/margin'
import type { OptionTicker } from '../formats/deribit-options.ts'

/** The time at which the options are quoted, Unix seconds. */
export const NOW = 1_764_118_800
/** The index then. */
export const INDEX = 3_000
const YEAR = 365 * 86_400

/** What makes quotes imperfect. */
export interface Flaws {
  /** Volatility wrong by up to so much, either way. */
  readonly noise?: number
  /** Half of bid to ask, as a share of the premium. */
  readonly halfSpread?: number
  readonly random?: () => number
  /** The exchange names a forward that is wrong by this factor. */
  readonly namedForward?: number
  /** Changes single options. */
  readonly change?: (option: OptionTicker, index: number) => OptionTicker
}

/** A smile of so many days: "natural" SVI, free of arbitrage. */
export function trueSmile(days: number, volatility = 0.6, rho = -0.25): SviSurface {
  const tau = (Math.round(days * 86_400) * 1) / YEAR
  const theta = volatility * volatility * tau
  const root = Math.sqrt(1 - rho * rho)
  const [a, b] = [(theta / 2) * root * root, (theta / 2) * 1.5]
  return { a, b, rho, m: -rho / 1.5, sigma: root / 1.5, forward: INDEX * (1 + 0.05 * tau), tau }
}

/** Calls and puts of a smile, from three standard deviations below the forward to three above. */
export function optionsOf(smile: SviSurface, flaws: Flaws = {}): OptionTicker[] {
  const {
    noise = 0,
    halfSpread = 0.02,
    random = () => 0.5,
    namedForward = 1,
    change = (option) => option,
  } = flaws
  const { forward, tau } = smile
  const reach = 3 * sviVolatility(smile, forward) * Math.sqrt(tau)
  const strikes = Array.from({ length: 21 }, (_, i) => Math.round(forward * Math.exp(reach * (i / 10 - 1))))
  return strikes
    .flatMap((strike) => {
      const volatility = sviVolatility(smile, strike) + noise * (random() * 2 - 1)
      return [true, false].map((isCall): OptionTicker => {
        const premium = black76(forward, strike, volatility * Math.sqrt(tau), 1, isCall)
        return {
          expirySeconds: NOW + Math.round(tau * YEAR),
          strike,
          isCall,
          forward: forward * namedForward,
          index: INDEX,
          bid: premium * (1 - halfSpread),
          ask: premium * (1 + halfSpread),
          markVolatility: volatility,
          rate: 0,
        }
      })
    })
    .map(change)
}

/** The same numbers in [0, 1) for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
