// The way of a price: a SIMULATED exchange, a feeder that polls it as it would a real one, and the hub's
// node, which asks the feeder. All over HTTP on this machine.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { followPriceFeed } from '@causeway/hub'
import type { PriceSource, SurfaceSource } from '@causeway/hub'
import type { Logger } from 'pino'

/** Prices that the hub's validator votes for. */
export interface RunningPrices {
  readonly priceSource: PriceSource
  readonly surfaceSource: SurfaceSource
  /** Of the feeder. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Starts exchange and feeder in a thread, and follows them. What is lost and found again is logged; `onEnd`
 * is told when the thread has ended by itself.
 */
export async function startPrices(log: Logger, onEnd: (error: unknown) => void): Promise<RunningPrices> {
  const worker = new Worker(new URL('./feeder-thread.ts', import.meta.url))
  const [url] = (await once(worker, 'message')) as [string]
  worker.once('error', onEnd)
  const feed = followPriceFeed({ url, log: (line) => log.warn(line) })
  return {
    priceSource: feed.prices,
    surfaceSource: feed.surfaces,
    url,
    async stop() {
      await feed.stop()
      await worker.terminate()
    },
  }
}
