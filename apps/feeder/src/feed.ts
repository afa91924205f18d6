// What the feeder knows and how it comes to know it: sources → board → prices and surfaces.
import { aggregate } from './aggregate/aggregate.ts'
import type { Aggregate, SourceReading } from './aggregate/aggregate.ts'
import type { AssetConfig } from './config/schema.ts'
import { formats } from './formats/formats.ts'
import { createBoard } from './sources/board.ts'
import type { WayState } from './sources/board.ts'
import { attempt, poll } from './sources/poll.ts'
import { follow } from './sources/stream.ts'
import type { TrackedSurface } from './surface/track-surface.ts'
import { pairsOf, priceTask, surfaceTask } from './tasks.ts'
import type { TaskParts } from './tasks.ts'

/** An asset and what its sources make of it. */
export interface AssetPrice {
  readonly asset: AssetConfig
  readonly aggregate: Aggregate
  /** Sources that have said nothing yet. */
  readonly silent: readonly string[]
}

/** An underlying and its surface, if there is one. */
export interface AssetSurface {
  readonly asset: AssetConfig
  readonly surface: TrackedSurface | undefined
}

/** The feeder's knowledge. */
export interface Feed {
  prices(): readonly AssetPrice[]
  surfaces(): readonly AssetSurface[]
  ways(): readonly WayState[]
  /** Asks every source once over REST; what failed stands in `ways`. */
  once(signal: AbortSignal): Promise<void>
  /** Follows all sources until the signal ends it; rejects only for a bug. */
  run(signal: AbortSignal): Promise<void>
}

/** A surface older than this is none; a hub takes only younger ones. */
const SURFACE_STALE_MS = 30_000

/** Makes the feed. */
export function createFeed(given: Omit<TaskParts, 'board'>): Feed {
  const { config, now } = given
  const board = createBoard(now)
  const parts = { ...given, board }
  const known = new Map<bigint, TrackedSurface>()

  const priceOf = (asset: AssetConfig): AssetPrice => {
    const readings: SourceReading[] = []
    const silent: string[] = []
    for (const [source, pair] of Object.entries(asset.prices)) {
      const reading = board.reading(source, pair)
      if (reading === undefined) silent.push(source)
      else readings.push({ ...reading, source, staleAfterMs: config.sources[source]!.staleAfterMs })
    }
    return { asset, aggregate: aggregate(readings, asset, now()), silent }
  }
  const surfaceOf = (asset: AssetConfig): AssetSurface => {
    const surface = known.get(asset.asset)
    const isFresh = surface !== undefined && now() - surface.publishTimeMs <= SURFACE_STALE_MS
    return { asset, surface: isFresh ? surface : undefined }
  }
  const withSurface = config.assets.filter(({ surface }) => surface !== undefined)
  const priceTasks = pairsOf(config).flatMap(([name, pairs]) =>
    pairs.map((pair) => priceTask(parts, name, pair)),
  )
  const surfaceTasks = withSurface.map((asset) =>
    surfaceTask(parts, asset, {
      read: () => known.get(asset.asset),
      write: (surface) => known.set(asset.asset, surface),
      price: () => priceOf(asset).aggregate,
    }),
  )
  return {
    prices: () => config.assets.map(priceOf),
    surfaces: () => withSurface.map(surfaceOf),
    ways: () => board.ways(),
    async once(signal) {
      for (const tasks of [priceTasks, surfaceTasks])
        await Promise.all(tasks.map((task) => attempt(task, board, signal)))
    },
    async run(signal) {
      const polls = [...priceTasks, ...surfaceTasks].map((task) => poll(task, board, signal))
      await Promise.all([...polls, ...streams(parts, signal)])
    },
  }
}

function streams({ config, board, now }: TaskParts, signal: AbortSignal): Promise<void>[] {
  return pairsOf(config).flatMap(([source, pairs]) => {
    const { format, streamUrl: url } = config.sources[source]!
    const { stream } = formats[format]
    if (url === undefined || stream === undefined || pairs.length === 0) return []
    return [follow({ source, url, pairs, stream }, board, now, signal)]
  })
}
