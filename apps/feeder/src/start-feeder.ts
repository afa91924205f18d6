import type { FeederConfig } from './config/schema.ts'
import { createFeed } from './feed.ts'
import type { Feed } from './feed.ts'
import { serve } from './serve/server.ts'

/** What a feeder is started with. */
export interface FeederOptions {
  /** As `loadConfig` or `checkConfig` gives it. */
  readonly config: FeederConfig
  /** In place of the configuration's; 0 for a free one. */
  readonly port?: number
  /** Where the keys stand that the configuration names; default none. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** This machine's clock, Unix milliseconds. */
  readonly now?: () => number
  /** Called once when the feeder can't go on: a bug. */
  readonly onFatal?: (error: unknown) => void
}

/** A feeder that runs. */
export interface RunningFeeder {
  /** Of its HTTP server: what `hub start --price-feed` takes. */
  readonly url: string
  readonly feed: Feed
  stop(): Promise<void>
}

/** Starts following the sources and serving what they say. Throws `feeder/16`. */
export async function startFeeder(options: FeederOptions): Promise<RunningFeeder> {
  const { config, environment = {}, now = Date.now, onFatal } = options
  const feed = createFeed({ config, environment, now })
  const server = await serve(feed, {
    ...config.listen,
    ...(options.port === undefined ? {} : { port: options.port }),
    now,
  })
  const end = new AbortController()
  const running = feed.run(end.signal).catch((error: unknown) => {
    end.abort()
    if (onFatal === undefined) throw error
    onFatal(error)
  })
  return {
    url: server.url,
    feed,
    async stop() {
      end.abort()
      await server.stop()
      await running
    },
  }
}
