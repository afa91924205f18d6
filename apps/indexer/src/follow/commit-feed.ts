import type { CommittedBatch } from './collect-batch.ts'

type Pending = (result: IteratorResult<CommittedBatch, undefined>) => void
type Subscriber = { queue: CommittedBatch[]; pending: Pending | undefined }

const QUEUE_MAX = 256
const DONE = { done: true, value: undefined } as const

/**
 * Tells subscribers of committed batches. One that is too slow loses the oldest: what it reads next is the
 * newest state anyway. Iterators are written out because a generator can't be ended while it waits.
 */
export class CommitFeed {
  readonly #subscribers = new Set<Subscriber>()

  /** How many subscribe. */
  get size(): number {
    return this.#subscribers.size
  }

  /** Tells of a batch. */
  publish(batch: CommittedBatch): void {
    for (const subscriber of this.#subscribers) {
      const { pending, queue } = subscriber
      if (pending !== undefined) {
        subscriber.pending = undefined
        pending({ done: false, value: batch })
        continue
      }
      if (queue.length >= QUEUE_MAX) queue.shift()
      queue.push(batch)
    }
  }

  /** Ends every subscription. */
  close(): void {
    for (const subscriber of this.#subscribers) this.#end(subscriber)
  }

  /** What each batch from now on means for one subscriber: any number of values. */
  subscribe<T>(values: (batch: CommittedBatch) => T[] | Promise<T[]>): AsyncIterableIterator<T> {
    const subscriber: Subscriber = { queue: [], pending: undefined }
    this.#subscribers.add(subscriber)
    let ready: T[] = []
    const next = async (): Promise<IteratorResult<T, undefined>> => {
      while (ready.length === 0) {
        const result = await this.#next(subscriber)
        if (result.done === true) return DONE
        ready = await values(result.value)
      }
      return { done: false, value: ready.shift()! }
    }
    const end = async (): Promise<IteratorResult<T, undefined>> => {
      this.#end(subscriber)
      return DONE
    }
    const iterator: AsyncIterableIterator<T> = { next, return: end, [Symbol.asyncIterator]: () => iterator }
    return iterator
  }

  #next(subscriber: Subscriber): Promise<IteratorResult<CommittedBatch, undefined>> {
    const batch = subscriber.queue.shift()
    if (batch !== undefined) return Promise.resolve({ done: false, value: batch })
    if (!this.#subscribers.has(subscriber)) return Promise.resolve(DONE)
    return new Promise((resolve) => (subscriber.pending = resolve))
  }

  #end(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber)
    subscriber.queue.length = 0
    subscriber.pending?.(DONE)
    subscriber.pending = undefined
  }
}
