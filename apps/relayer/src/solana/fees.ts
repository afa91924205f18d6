/** What a signature costs, in lamports. */
export const LAMPORTS_PER_SIGNATURE = 5_000n

/** An operator's bounds, in microlamports per compute unit. */
export interface PriorityLimits {
  /** Never more than this. */
  readonly priorityFeeMax: bigint
  /** Instead of what was paid lately. */
  readonly priorityFee: bigint | undefined
}

const MICROLAMPORTS = 1_000_000n
/** What a transaction that expired offers when it is sent anew, at least. */
const FIRST_RAISE = 1_000n

/**
 * What to offer for a unit: what three of four paid lately for the same accounts, doubled with each time that
 * the transaction expired, within the limit.
 */
export function priorityFee(
  paidLately: readonly bigint[],
  expiries: number,
  { priorityFee: fixed, priorityFeeMax }: PriorityLimits,
): bigint {
  const sorted = [...paidLately].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const base = fixed ?? sorted[Math.floor((sorted.length * 3) / 4)] ?? 0n
  const raised = expiries === 0 ? base : (base > FIRST_RAISE ? base : FIRST_RAISE) << BigInt(expiries)
  return raised < priorityFeeMax ? raised : priorityFeeMax
}

/** Lamports of a transaction with one signature: units are paid for by the limit, not by what is used. */
export function feeOf(unitLimit: number, microlamportsPerUnit: bigint): bigint {
  const priority = BigInt(unitLimit) * microlamportsPerUnit
  return LAMPORTS_PER_SIGNATURE + (priority + MICROLAMPORTS - 1n) / MICROLAMPORTS
}
