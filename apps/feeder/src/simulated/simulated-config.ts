import { checkConfig } from '../config/load-config.ts'
import type { FeederConfig } from '../config/schema.ts'

/** An asset of the hub that the simulated exchange prices. */
export interface SimulatedAsset {
  /** The hub's id. */
  readonly asset: bigint
  /** The feed's symbol on the hub. */
  readonly symbol: string
  /** Whether the exchange has options of it. */
  readonly hasOptions: boolean
}

/** Three venues of the simulated exchange, of which two must agree. */
export const SIMULATED_VENUES = ['alpha', 'beta', 'gamma'] as const

/**
 * A configuration of the feeder that follows the SIMULATED exchange at an address, as if it were a real
 * one.
 */
export function simulatedConfig(exchangeUrl: string, assets: readonly SimulatedAsset[]): FeederConfig {
  const sources = SIMULATED_VENUES.map((venue) => [
    venue,
    { format: 'deribit', url: `${exchangeUrl}/${venue}`, poll: '500ms', timeout: '2s', staleAfter: '5s' },
  ])
  return checkConfig({
    listen: { port: 0 },
    sources: Object.fromEntries(sources),
    assets: assets.map(({ asset, symbol, hasOptions }) => ({
      asset: asset.toString(),
      symbol,
      minSources: 2,
      prices: Object.fromEntries(SIMULATED_VENUES.map((venue) => [venue, `${symbol.toLowerCase()}_usd`])),
      ...(hasOptions ? { surface: { source: SIMULATED_VENUES[0], currency: symbol, poll: '2s' } } : {}),
    })),
  })
}
