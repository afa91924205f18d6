// How much of which line a margin call asks for.
import type { StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { CallFigures } from './ports.ts'

/** A call that is worth carrying, in what it covers: 100 cash. */
export const CALL_VALUE_MIN_E6 = 100_000_000n
/** Initial margin beyond the requirement that calls restore, as a share of it. */
const BUFFER_DIVISOR = 10n

/** A line, and what all that it holds covers of initial requirements, micro-cash. */
export interface CallableLine {
  readonly standby: StandbyLine
  readonly coverE6: bigint
}

/** What one line is asked for, in base units, and what that covers, micro-cash. */
export interface SizedCall {
  readonly standby: StandbyLine
  readonly amount: bigint
  readonly coverE6: bigint
}

/**
 * What is missing until a subaccount has its initial requirement and 10 % of it beyond, micro-cash; at most 0
 * when nothing is.
 */
export function missingE6({ valueE6, initialE6 }: CallFigures): bigint {
  const requirementE6 = valueE6 > initialE6 ? valueE6 - initialE6 : 0n
  return requirementE6 / BUFFER_DIVISOR - initialE6
}

/**
 * Shares out what is missing: the line that covers most first, the next one for what that can't give. Never
 * more than a line holds; no less than 100 cash, or all of it.
 */
export function sizeCalls(neededE6: bigint, lines: readonly CallableLine[]): SizedCall[] {
  const calls: SizedCall[] = []
  let leftE6 = neededE6
  const useful = lines.filter(({ coverE6 }) => coverE6 > 0n)
  // A stable sort: lines that cover the same stay in their order
  for (const { standby, coverE6 } of useful.sort((a, b) => compare(b.coverE6, a.coverE6))) {
    if (leftE6 <= 0n) break
    const askedE6 = leftE6 > CALL_VALUE_MIN_E6 ? leftE6 : CALL_VALUE_MIN_E6
    const held = BigInt(standby.amount)
    const amount = askedE6 >= coverE6 ? held : divideUp(held * askedE6, coverE6)
    const givesE6 = coverE6 < askedE6 ? coverE6 : askedE6
    calls.push({ standby, amount: amount < held ? amount : held, coverE6: givesE6 })
    leftE6 -= givesE6
  }
  return calls
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}
