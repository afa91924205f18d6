// In which order positions are closed against somebody who can't keep his side: who has gained most for what
// it has at stake, at the highest leverage, comes first. Spec: docs/insurance.md.

/** What decides one position's place; cash in micro-units. */
export interface Exposure {
  /** What the position has gained and may lose again. */
  readonly profitE6: bigint
  /** The initial requirement of the whole subaccount. */
  readonly requirementE6: bigint
  /** Of the position alone. */
  readonly notionalE6: bigint
  /** What the subaccount is worth. */
  readonly equityE6: bigint
}

const E6 = 1_000_000n

/**
 * (profit ÷ initial requirement) × (notional ÷ equity), in 10⁻⁶, rounded down: the same for a part of an
 * account as for the whole, and so coarse that what is rounded in requirements rarely makes a difference.
 * Nothing for whoever is worth nothing: it can lose nothing more.
 */
export function rankE6({ profitE6, requirementE6, notionalE6, equityE6 }: Exposure): bigint | undefined {
  if (equityE6 <= 0n) return undefined
  const staked = (requirementE6 > 0n ? requirementE6 : 1n) * equityE6
  const product = profitE6 * notionalE6 * E6
  const quotient = product / staked
  return product < 0n && product % staked !== 0n ? quotient - 1n : quotient
}

/** First who is closed first: by rank, those without one last. */
export function byRank(a: bigint | undefined, b: bigint | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a > b ? -1 : 1
}
