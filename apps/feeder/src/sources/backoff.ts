/** Shortest and longest pause after failures. */
export interface BackoffTerms {
  readonly firstMs: number
  readonly mostMs: number
}

/** Of polls and connections. */
export const BACKOFF: BackoffTerms = { firstMs: 500, mostMs: 30_000 }

/**
 * The pause after `failures` in a row: doubled each time, of which the upper half is drawn (`random` in
 * [0, 1)), so that many feeders do not come back to a source at once.
 */
export function backoffMs(
  failures: number,
  random: number,
  { firstMs, mostMs }: BackoffTerms = BACKOFF,
): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 20))
  return Math.round(whole / 2 + (whole / 2) * random)
}
