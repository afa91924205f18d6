/** Waiting times between attempts: doubling from the first to the longest. */
export type BackoffBounds = { firstMs: number; longestMs: number }

/**
 * The wait before attempt `failures` + 1, in milliseconds; no randomness, each endpoint has its own count.
 */
export function backoffMs(failures: number, { firstMs, longestMs }: BackoffBounds): number {
  return failures <= 0 ? 0 : Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30))
}

/** Waits, or until `wake` resolves, or until the signal aborts; never rejects. */
export function pause(milliseconds: number, signal: AbortSignal, wake?: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const finish = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, milliseconds)
    signal.addEventListener('abort', finish, { once: true })
    void wake?.then(finish)
  })
}
