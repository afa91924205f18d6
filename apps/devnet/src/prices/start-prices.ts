// The way of a price: a SIMULATED exchange, a feeder that polls it as it would a real one, and the hub's node, which
// asks the feeder. All over HTTP on this machine.
import { checkConfig, startFeeder, startSimulatedExchange } from '@causeway/feeder'
import type { FeederConfig, SimulatedUnderlying } from '@causeway/feeder'
import { followPriceFeed } from '@causeway/hub'
import type { PriceSource, SurfaceSource } from '@causeway/hub'
import type { Logger } from 'pino'
import { ASSETS, UNDERLYINGS, assetNumber } from '../chains/markets.ts'

/** Prices that the hub's validator votes for. */
export interface RunningPrices {
  readonly priceSource: PriceSource
  readonly surfaceSource: SurfaceSource
  /** Of the feeder. */
  readonly url: string
  stop(): Promise<void>
}

const SEED = 'devnet'
/** The exchange is three venues, each a trifle different; two of them must agree. */
const VENUES = ['alpha', 'beta', 'gamma'] as const
const AGREEING_MIN = 2
/** How far prices move from where they began; the exchange's default is a livelier market. */
const SWING_BPS = 100
/** The next days, the next Fridays: of later ones the hub lists futures alone. */
const OPTION_EXPIRIES = 5

/** Starts exchange, feeder and what follows it. What is lost and found again is logged. */
export async function startPrices(log: Logger): Promise<RunningPrices> {
  const exchange = await startSimulatedExchange({ seed: SEED, port: 0, underlyings: simulated() })
  try {
    const feeder = await startFeeder({
      config: feederConfig(exchange.url),
      onFatal: (error) => log.error({ error: String(error) }, 'the feeder ended'),
    })
    const feed = followPriceFeed({ url: feeder.url, log: (line) => log.warn(line) })
    return {
      priceSource: feed.prices,
      surfaceSource: feed.surfaces,
      url: feeder.url,
      async stop() {
        await feed.stop()
        await feeder.stop()
        await exchange.stop()
      },
    }
  } catch (error) {
    await exchange.stop()
    throw error
  }
}

function simulated(): SimulatedUnderlying[] {
  return ASSETS.map(({ denom, symbol, priceE9, isConvertible = false }) => {
    const volatilityBps = UNDERLYINGS.find((each) => each.denom === denom)?.volatilityBps
    return {
      symbol,
      priceE9,
      swingBps: isConvertible ? 0 : SWING_BPS,
      ...(volatilityBps === undefined ? {} : { volatility: volatilityBps / 10_000 }),
    }
  })
}

function feederConfig(exchangeUrl: string): FeederConfig {
  const sources = VENUES.map((venue) => [
    venue,
    { format: 'deribit', url: `${exchangeUrl}/${venue}`, poll: '1s', timeout: '2s', staleAfter: '5s' },
  ])
  const hasOptions = (denom: string) =>
    UNDERLYINGS.some((each) => each.denom === denom && each.volatilityBps !== undefined)
  return checkConfig({
    listen: { port: 0 },
    sources: Object.fromEntries(sources),
    assets: ASSETS.map(({ denom, symbol }) => ({
      asset: assetNumber(denom).toString(),
      symbol,
      minSources: AGREEING_MIN,
      prices: Object.fromEntries(VENUES.map((venue) => [venue, `${symbol.toLowerCase()}_usd`])),
      ...(hasOptions(denom)
        ? { surface: { source: VENUES[0], currency: symbol, poll: '3s', maxExpiries: OPTION_EXPIRIES } }
        : {}),
    })),
  })
}
