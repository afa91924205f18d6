import { Interrupted } from './lifecycle.ts'

/** Something that the devnet could not do: what, why, and where to look. */
export class DevnetFailure extends Error {
  override readonly name = 'DevnetFailure'
  /** The file that says more. */
  readonly logPath: string

  constructor(doing: string, logPath: string, cause: unknown) {
    super(`could not ${doing}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.logPath = logPath
  }
}

/**
 * Does a piece of work; what goes wrong says what it was and which log has more. An interruption stays what
 * it is.
 */
export async function attempt<T>(doing: string, logPath: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Interrupted || error instanceof DevnetFailure) throw error
    throw new DevnetFailure(doing, logPath, error)
  }
}
