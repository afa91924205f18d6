/** How something is waited for. */
export interface PollOptions {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly everyMs?: number
}

/**
 * Asks until there is an answer other than undefined. An error counts as no answer yet; the last one is named
 * when time is up. Throws the signal's reason when that comes first.
 */
export async function poll<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  options: PollOptions,
): Promise<T> {
  const { signal, timeoutMs, everyMs = 100 } = options
  const deadline = performance.now() + timeoutMs
  let last: unknown
  for (;;) {
    signal.throwIfAborted()
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) {
      const seen = last instanceof Error ? `; the last error was: ${last.message}` : ''
      throw new Error(`waited ${timeoutMs / 1000} s for ${what}${seen}`, { cause: last })
    }
    await pause(everyMs, signal)
  }
}

/** Waits; ends at once when the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve() // its event has come and gone
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })
}
