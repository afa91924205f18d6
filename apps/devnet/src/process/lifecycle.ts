/** Thrown by whatever was under way when the devnet was told to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  constructor() {
    super('stopped while it was under way')
  }
}

/** A part that could not be closed, and why. */
export interface StopFailure {
  readonly part: string
  readonly reason: string
}

interface Slot {
  readonly name: string
  readonly opening: Promise<(() => Promise<void> | void) | undefined>
}

/**
 * Starts parts and, whenever it is told to, stops what has been started in the reverse order of starting. A
 * part that is still opening when the stop comes is waited for and closed like the others, so that nothing is
 * left behind.
 */
export class Lifecycle {
  readonly #slots: Slot[] = []
  readonly #stopping = new AbortController()
  readonly #closeMsMax: number
  #stopped: Promise<readonly StopFailure[]> | undefined

  /** @param closeMsMax how long one part may take to open or close once everything is to end */
  constructor(closeMsMax = 10_000) {
    this.#closeMsMax = closeMsMax
  }

  /** Aborted as soon as everything is to end. */
  get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /**
   * Opens a part and remembers how it is closed. Throws the reason of the end when that has come meanwhile.
   */
  async start<Part>(
    name: string,
    open: () => Promise<Part> | Part,
    close: (part: Part) => Promise<void> | void,
  ): Promise<Part> {
    this.signal.throwIfAborted()
    const opened = (async () => await open())()
    const opening = opened.then(
      (part) => () => close(part),
      () => undefined, // the caller is told; nothing to close
    )
    this.#slots.push({ name, opening })
    return await this.during(opened)
  }

  /** Waits for work that need not be closed. Throws the reason of the end as soon as that comes. */
  async during<T>(work: Promise<T>): Promise<T> {
    if (this.signal.aborted) {
      work.catch(() => undefined)
      this.signal.throwIfAborted()
    }
    const { promise: interrupted, reject } = Promise.withResolvers<never>()
    const interrupt = () => reject(this.signal.reason)
    this.signal.addEventListener('abort', interrupt, { once: true })
    try {
      return await Promise.race([work, interrupted])
    } finally {
      this.signal.removeEventListener('abort', interrupt)
    }
  }

  /** Tells everything that is under way to end, and why; the first reason counts. `stop` does the closing. */
  interrupt(reason: Error = new Interrupted()): void {
    this.#stopping.abort(reason)
  }

  /** Closes every part, the last one first. Never throws: what failed is returned. */
  stop(): Promise<readonly StopFailure[]> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<readonly StopFailure[]> {
    this.interrupt()
    const failures: StopFailure[] = []
    for (const { name, opening } of this.#slots.reverse()) {
      try {
        const close = await within(opening, this.#closeMsMax, 'it was still starting')
        if (close !== undefined) await within(Promise.resolve(close()), this.#closeMsMax, 'it did not end')
      } catch (error) {
        failures.push({ part: name, reason: error instanceof Error ? error.message : String(error) })
      }
    }
    return failures
  }
}

async function within<T>(work: Promise<T>, milliseconds: number, complaint: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`${complaint} within ${milliseconds} ms`)), milliseconds)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
