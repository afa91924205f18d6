// What the SIMULATED exchange trades, and how the feeder follows it.
import { checkConfig } from '@causeway/feeder'
import type { FeederConfig, SimulatedUnderlying } from '@causeway/feeder'
import type { PriceMover } from './control-door.ts'
import { ASSETS, UNDERLYINGS, assetNumber } from '../chains/markets.ts'

/** The exchange is three venues, each a trifle different; two of them must agree. */
const VENUES = ['alpha', 'beta', 'gamma'] as const
const AGREEING_MIN = 2
/** How far prices move from where they began; the exchange's default is a livelier market. */
const SWING_BPS = 100
/** The next days and Fridays: of later ones the hub lists futures alone. */
const OPTION_EXPIRIES = 5

/** Everything that the hub prices; a stable token stands still but for the venues' differences. */
export function simulatedUnderlyings(): SimulatedUnderlying[] {
  return ASSETS.map(({ denom, symbol, priceE9, isConvertible = false }) => {
    const volatilityBps = volatilityOf(denom)
    return {
      symbol,
      priceE9,
      swingBps: isConvertible ? 0 : SWING_BPS,
      ...(volatilityBps === undefined ? {} : { volatility: volatilityBps / 10_000 }),
    }
  })
}

/** What can be moved: all but stable tokens. Moves add up: −40 % and then −50 % leave 30 %. */
export function moveable(set: (moves: Readonly<Record<string, number>>) => void): PriceMover {
  const moves: Record<string, number> = {}
  return {
    symbols: ASSETS.filter(({ isConvertible = false }) => !isConvertible).map(({ symbol }) => symbol),
    move(symbol, bps) {
      const factor = (1 + (moves[symbol] ?? 0) / 10_000) * (1 + bps / 10_000)
      const moved = Math.round((factor - 1) * 10_000)
      // Never to nothing, nor beyond what a price may be.
      moves[symbol] = Math.min(Math.max(moved, -9_990), 1_000_000)
      set({ ...moves })
      return moves[symbol]
    },
  }
}

/** The feeder's configuration, as for an exchange that is real. */
export function feederConfig(exchangeUrl: string): FeederConfig {
  const sources = VENUES.map((venue) => [
    venue,
    { format: 'deribit', url: `${exchangeUrl}/${venue}`, poll: '1s', timeout: '2s', staleAfter: '5s' },
  ])
  return checkConfig({
    listen: { port: 0 },
    sources: Object.fromEntries(sources),
    assets: ASSETS.map(({ denom, symbol }) => ({
      asset: assetNumber(denom).toString(),
      symbol,
      minSources: AGREEING_MIN,
      prices: Object.fromEntries(VENUES.map((venue) => [venue, `${symbol.toLowerCase()}_usd`])),
      ...(volatilityOf(denom) === undefined
        ? {}
        : { surface: { source: VENUES[0], currency: symbol, poll: '3s', maxExpiries: OPTION_EXPIRIES } }),
    })),
  })
}

function volatilityOf(denom: string): number | undefined {
  return UNDERLYINGS.find((each) => each.denom === denom)?.volatilityBps
}
