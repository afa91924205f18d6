// Who pays what one account lacks: market groups by their share of its worst-scenario loss, each group's own
// fund first, the common fund after. Micro-cash, exact.
import { splitByWeights } from './split.ts'

/** What an account loses in a group of markets in its worst scenario, not below 0. */
export interface GroupLoss {
  /** The least underlying of the group. */
  readonly group: bigint
  readonly lossE6: bigint
}

/** What a group is charged. */
export interface Charge {
  readonly group: bigint
  readonly amountE6: bigint
}

/** A charge, and who pays it. */
export interface PaidCharge extends Charge {
  readonly ownE6: bigint
  readonly commonE6: bigint
  /** What no fund had: deleveraging and then everybody's positive cash bear it. */
  readonly leftE6: bigint
}

/** Stands for no group: what can't be told apart by markets is the common fund's. */
export const NO_GROUP = 0n

/** Charges groups by their losses; where there are none, `NO_GROUP`. Charges of nothing are left out. */
export function chargeGroups(amountE6: bigint, losses: readonly GroupLoss[]): Charge[] {
  if (amountE6 === 0n) return []
  const some = losses.filter(({ lossE6 }) => lossE6 > 0n)
  if (some.length === 0) return [{ group: NO_GROUP, amountE6 }]
  const parts = splitByWeights(
    amountE6,
    some.map(({ lossE6 }) => lossE6),
  )
  return some.map(({ group }, i) => ({ group, amountE6: parts[i]! })).filter((charge) => charge.amountE6 > 0n)
}

/** Lets funds pay: a group's own as far as it goes, then the common one in proportion to what is missing. */
export function payCharges(
  charges: readonly Charge[],
  ownE6: (group: bigint) => bigint,
  commonE6: bigint,
): PaidCharge[] {
  const own = charges.map(({ group, amountE6 }) => least(amountE6, group === NO_GROUP ? 0n : ownE6(group)))
  const missing = charges.map(({ amountE6 }, i) => amountE6 - own[i]!)
  const total = missing.reduce((sum, each) => sum + each, 0n)
  const paid = total === 0n ? missing : splitByWeights(least(total, commonE6), missing)
  return charges.map((charge, i) => {
    const common = paid[i]!
    return { ...charge, ownE6: own[i]!, commonE6: common, leftE6: missing[i]! - common }
  })
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
