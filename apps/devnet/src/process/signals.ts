/** Signals that end a program, with the exit codes that shells know. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * A terminal sends Ctrl-C to every process of the group, and npm passes its own on: what arrives this soon
 * after the first is the same key press.
 */
const SAME_PRESS_MS = 1_000

/** What signals come from; `process`, or what a test puts there. */
export interface SignalSource {
  on(signal: keyof typeof EXIT_CODES, listener: () => void): unknown
}

/** Calls back at the first signal that ends a program and, forced, at each later one. */
export function onInterrupt(
  listener: (exitCode: number, isForced: boolean) => void,
  source: SignalSource = process,
  nowMs: () => number = () => performance.now(),
): void {
  let firstAt: number | undefined
  for (const signal of Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[]) {
    source.on(signal, () => {
      const now = nowMs()
      if (firstAt !== undefined && now - firstAt < SAME_PRESS_MS) return
      const isForced = firstAt !== undefined
      firstAt ??= now
      listener(EXIT_CODES[signal], isForced)
    })
  }
}
