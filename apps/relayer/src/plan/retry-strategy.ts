import type { Retry } from '../errors.ts'

/** After this many failures a message is set aside: reported, and retried apart at long intervals. */
export const SET_ASIDE_AFTER_ATTEMPTS = 6

const FIRST_DELAY_MS = 500n
const LONGEST_DELAY_MS = 60_000n
const ASIDE_FIRST_DELAY_MS = 300_000n
const ASIDE_LONGEST_DELAY_MS = 3_600_000n

/**
 * How long to wait before a message is tried again after its `attempts`-th failure (1 = the first): ½, 1,
 * 2, 4, 8 s; set aside from the sixth on: 5, 10, 20, 40 minutes, then hourly for ever. Deterministic: two
 * relayers that fail together are told apart by their own block clocks, not by dice.
 */
export function retryDelayMs(attempts: number, retry: Retry): bigint {
  if (isSetAside(attempts) || retry === 'never') {
    const step = BigInt(Math.min(Math.max(attempts - SET_ASIDE_AFTER_ATTEMPTS, 0), 16))
    return smaller(ASIDE_FIRST_DELAY_MS << step, ASIDE_LONGEST_DELAY_MS)
  }
  if (retry === 'now' && attempts <= 1) return 0n
  const step = BigInt(Math.min(Math.max(attempts - 1, 0), 16))
  return smaller(FIRST_DELAY_MS << step, LONGEST_DELAY_MS)
}

/** Whether a message has failed so often that it must not hold up others any more. */
export function isSetAside(attempts: number): boolean {
  return attempts >= SET_ASIDE_AFTER_ATTEMPTS
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}
