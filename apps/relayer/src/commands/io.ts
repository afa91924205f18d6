import { RelayError } from '../errors.ts'

/** Where commands write and how they end: handed in, so that tests read what an operator would. */
export interface CommandIo {
  readonly env: NodeJS.ProcessEnv
  out(text: string): void
  err(text: string): void
  /** Sets the exit code; the process ends when nothing is left to do. */
  exit(code: number): void
  /** Resolves at the first SIGINT or SIGTERM. */
  untilSignal(): Promise<string>
}

/** The process's own streams and signals. */
export const PROCESS_IO: CommandIo = {
  env: process.env,
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  exit: (code) => {
    process.exitCode = code
  },
  untilSignal: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
    }),
}

/**
 * Runs a command's action; what an operator can cause is a line on standard error and exit code 1, not a
 * stack.
 */
export function guarded<Args extends unknown[]>(io: CommandIo, action: (...args: Args) => Promise<void>) {
  return async (...args: Args): Promise<void> => {
    try {
      await action(...args)
    } catch (error) {
      if (!(error instanceof RelayError)) throw error
      io.err(error.message)
      io.exit(1)
    }
  }
}

/** JSON for scripts: bigint as decimal text. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item), 2)
}

/** A plain table: columns as wide as their widest cell. */
export function toTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(header), ...rows.map(line)].join('\n')
}
