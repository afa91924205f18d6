/** What a unit of gas is offered, in wei. Spec: EIP-1559. */
export interface Fees {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/** An operator's bounds, in wei per unit of gas. */
export interface FeeLimits {
  readonly maxFeePerGas: bigint
  /** Instead of what the node suggests. */
  readonly priorityFeePerGas: bigint | undefined
}

/**
 * Nodes take a replacement that offers 10 % more of both (geth `txpool.pricebump`), others 12.5 % more (the
 * most that the base fee rises from block to block): 12.5 % satisfies all.
 */
const BUMP = { numerator: 1125n, denominator: 1000n } as const

/** What to offer: twice the base fee, so that six full blocks don't outrun it, within the limit. */
export function offer(baseFee: bigint, suggestedPriority: bigint, limits: FeeLimits): Fees {
  const priority = smaller(limits.priorityFeePerGas ?? suggestedPriority, limits.maxFeePerGas)
  return {
    maxFeePerGas: smaller(2n * baseFee + priority, limits.maxFeePerGas),
    maxPriorityFeePerGas: priority,
  }
}

/**
 * What a replacement has to offer: enough more than `last` that nodes take it, and no less than what is
 * fresh; `undefined` when that is beyond the limit.
 */
export function bump(last: Fees, fresh: Fees, limits: FeeLimits): Fees | undefined {
  const maxFeePerGas = larger(raised(last.maxFeePerGas), fresh.maxFeePerGas)
  const maxPriorityFeePerGas = larger(raised(last.maxPriorityFeePerGas), fresh.maxPriorityFeePerGas)
  if (maxFeePerGas > limits.maxFeePerGas) return undefined
  return { maxFeePerGas, maxPriorityFeePerGas: smaller(maxPriorityFeePerGas, maxFeePerGas) }
}

function raised(value: bigint): bigint {
  return (value * BUMP.numerator + BUMP.denominator - 1n) / BUMP.denominator
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
