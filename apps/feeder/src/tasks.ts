// What is asked of each source, as tasks.
import { assert } from '@causeway/primitives'
import type { Aggregate } from './aggregate/aggregate.ts'
import { AHEAD_MS_MAX } from './aggregate/aggregate.ts'
import type { AssetConfig, FeederConfig, SourceConfig } from './config/schema.ts'
import { errors } from './errors.ts'
import { optionsPath, parseOptions } from './formats/deribit-options.ts'
import { formats } from './formats/formats.ts'
import type { Board } from './sources/board.ts'
import { requestText } from './sources/http.ts'
import type { PollTask } from './sources/poll.ts'
import { median } from './surface/forward.ts'
import { nextSurface } from './surface/track-surface.ts'
import type { TrackedSurface } from './surface/track-surface.ts'

/** What tasks work with. */
export interface TaskParts {
  readonly config: FeederConfig
  readonly board: Board
  /** Holds the keys that the configuration names. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly now: () => number
}

/** Where a surface comes from and goes to. */
export interface SurfacePlace {
  read(): TrackedSurface | undefined
  write(surface: TrackedSurface): void
  /** The asset's price, against which the exchange's index is checked. */
  price(): Aggregate
}

const TICKER_BYTES_MAX = 64 * 1024
const OPTIONS_BYTES_MAX = 8 * 1024 * 1024
const BPS = 10_000

/** The pairs that are asked of each source. */
export function pairsOf({
  sources,
  assets,
}: FeederConfig): readonly (readonly [string, readonly string[]])[] {
  return Object.keys(sources).map((name) => {
    const pairs = assets.flatMap(({ prices }) => (prices[name] === undefined ? [] : [prices[name]]))
    return [name, [...new Set(pairs)]] as const
  })
}

/** Asks a source for the price of a pair. */
export function priceTask(parts: TaskParts, name: string, pair: string): PollTask {
  const source = sourceOf(parts, name)
  const { rest } = formats[source.format]
  return {
    source: name,
    way: `rest ${pair}`,
    everyMs: source.pollMs,
    async run(signal) {
      const { path, body } = rest.request(pair)
      const more = { bytesMax: TICKER_BYTES_MAX, signal, ...(body === undefined ? {} : { body }) }
      const text = await requestText({ ...addressOf(parts, source, path), ...more })
      parts.board.put(name, rest.parse(text, pair, parts.now()))
    },
  }
}

/** Asks an exchange for an underlying's options and fits them. */
export function surfaceTask(parts: TaskParts, asset: AssetConfig, place: SurfacePlace): PollTask {
  const { surface: wanted } = asset
  assert(wanted !== undefined, 'an asset with a surface')
  const { source: name, currency, underlying = currency, maxExpiries, pollMs } = wanted
  const source = sourceOf(parts, name)
  return {
    source: name,
    way: `options ${underlying}`,
    everyMs: pollMs,
    async run(signal) {
      const request = addressOf(parts, source, optionsPath(currency))
      const text = await requestText({ ...request, bytesMax: OPTIONS_BYTES_MAX, signal })
      const tickers = parseOptions(text, underlying)
      const ahead = tickers.publishTimeMs - parts.now()
      if (ahead > AHEAD_MS_MAX) throw errors.ahead({ milliseconds: ahead })
      requireIndex(
        place.price(),
        tickers.options.map(({ index }) => index),
        asset.maxDeviationBps,
      )
      const next = await nextSurface(place.read(), tickers, maxExpiries)
      if (next.smiles.length === 0)
        throw errors.noSurface({ reason: `no smile: ${next.leftOut[0]?.reason ?? 'there are no options'}` })
      place.write(next)
    },
  }
}

/**
 * An exchange whose own index is not the price that all sources agree on tells nothing of volatility
 * either.
 */
function requireIndex(aggregate: Aggregate, indexes: readonly number[], maxDeviationBps: bigint): void {
  const index = median(indexes)
  if (index === undefined) throw errors.noSurface({ reason: 'there are no options' })
  if (aggregate.kind === 'none') throw errors.noSurface({ reason: 'no price to compare the index with' })
  const price = Number(aggregate.priceE9) / 1e9
  if (Math.abs(index / price - 1) * BPS > Number(maxDeviationBps))
    throw errors.noSurface({ reason: 'the index of the options is not the price' })
}

function sourceOf({ config }: TaskParts, name: string): SourceConfig {
  const source = config.sources[name]
  assert(source !== undefined, 'the configuration has been checked')
  return source
}

/** Address, time limit and key. */
function addressOf({ environment }: TaskParts, { url, timeoutMs, apiKey }: SourceConfig, path: string) {
  const key = apiKey === undefined ? undefined : environment[apiKey.env]
  const headers = apiKey === undefined || key === undefined ? {} : { [apiKey.header]: key }
  return { url: `${url}${path}`, timeoutMs, headers }
}
