import { StreamError } from '../stream-error.ts'
import type { RecordSink, RecordSource } from './record-source.ts'

const DELAY_MS_MIN = 250
const DELAY_MS_MAX = 30_000
/** A round that lasted so long was a good one: the next delay is short again. */
const GOOD_ROUND_MS = 60_000

/**
 * Runs round after round until it is closed. A round ends when it or its start throws; `stop` is told when to
 * give up. Delays between rounds double from a quarter of a second to half a minute.
 */
export function runRounds(sink: RecordSink, round: (stop: AbortSignal) => Promise<never>): RecordSource {
  const stop = new AbortController()
  const done = (async () => {
    let delayMs = DELAY_MS_MIN
    while (!stop.signal.aborted) {
      const begun = performance.now()
      const error = await begin(sink, round, stop.signal).catch((thrown: unknown) => asStreamError(thrown))
      if (stop.signal.aborted) break
      sink.onProblem(error)
      if (performance.now() - begun > GOOD_ROUND_MS) delayMs = DELAY_MS_MIN
      await pause(delayMs, stop.signal)
      delayMs = Math.min(2 * delayMs, DELAY_MS_MAX)
    }
  })()
  return {
    close: async () => {
      stop.abort()
      await done
    },
  }
}

/** A start that does not fit ends its round like any record of it. */
async function begin(
  sink: RecordSink,
  round: (stop: AbortSignal) => Promise<never>,
  stop: AbortSignal,
): Promise<never> {
  sink.onStart()
  return round(stop)
}

/** Waits, or until it is time to give up. */
export async function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, milliseconds).unref()
    stop.addEventListener('abort', finish)
  })
}

function asStreamError(thrown: unknown): StreamError {
  if (thrown instanceof StreamError) return thrown
  // What no peer can cause is a bug, and must not pass for a bad stream.
  const isFault = thrown instanceof Error && 'code' in thrown
  if (!isFault) throw thrown
  return new StreamError(thrown.message, undefined, thrown)
}
