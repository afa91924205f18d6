// The way of a price: a SIMULATED exchange, a feeder that polls it as it would a real one, and the hub's
// node, which asks the feeder. All over HTTP on this machine.
import { randomBytes } from 'node:crypto'
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
  /** Of the door that moves them, and what opens it. */
  readonly control: { readonly url: string; readonly token: string }
  stop(): Promise<void>
}

/** What the thread says when it serves. */
interface Started {
  readonly url: string
  readonly controlUrl: string
}

const TOKEN_BYTES = 16

/**
 * Starts exchange and feeder in a thread, and follows them. What is lost and found again is logged; `onEnd`
 * is told when the thread has ended by itself.
 */
export async function startPrices(log: Logger, onEnd: (error: unknown) => void): Promise<RunningPrices> {
  const token = randomBytes(TOKEN_BYTES).toString('hex')
  const worker = new Worker(new URL('./feeder-thread.ts', import.meta.url), { workerData: { token } })
  const [{ url, controlUrl }] = (await once(worker, 'message')) as [Started]
  worker.once('error', onEnd)
  const feed = followPriceFeed({ url, log: (line) => log.warn(line) })
  return {
    priceSource: feed.prices,
    surfaceSource: feed.surfaces,
    url,
    control: { url: controlUrl, token },
    async stop() {
      await feed.stop()
      await worker.terminate()
    },
  }
}
