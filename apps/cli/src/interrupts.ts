/** Signals that end a program, with the exit codes that shells know. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * A terminal sends Ctrl-C to every process of the group, and the launcher and npm pass theirs on: what
 * arrives this soon after the first is the same key press.
 */
const SAME_PRESS_MS = 1_000

/**
 * Lets a command stop in its own time at the first signal, however often that arrives, and ends the process
 * at the next one; at the first if no command waits for it.
 */
export function watchInterrupts(source: NodeJS.Process = process): void {
  let firstAt: number | undefined
  for (const [signal, exitCode] of Object.entries(EXIT_CODES) as [keyof typeof EXIT_CODES, number][]) {
    source.on(signal, () => {
      const now = performance.now()
      // We listen first, so that a command's own listener, which may be for once, is still counted.
      const isAwaited = source.listenerCount(signal) > 1
      if (!isAwaited && (firstAt === undefined || now - firstAt > SAME_PRESS_MS)) source.exit(exitCode)
      firstAt ??= now
    })
  }
}
