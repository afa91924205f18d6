import type { OrderInstrument } from '../auction/open-orders.ts'
import { closeByCuts } from './close-by-cuts.ts'
import { closeGreedily, leastBetween } from './close-greedily.ts'

/** What is closed of each position, in steps of a lot. */
export interface Closing {
  readonly positions: readonly ClosablePosition[]
  /** Maintenance margin after closing so many lots of each position. */
  margin(lots: readonly number[]): number
  notional(lots: readonly number[]): number
}

/** A position that can be traded away. */
export interface ClosablePosition {
  readonly instrument: OrderInstrument
  readonly size: number
  /** How many lots it has: the last one may be smaller. */
  readonly lots: number
  /** Cash of notional per lot. */
  readonly notional: number
}

/**
 * A closing that restores health with little notional: the smaller one of the greedy closing and that by
 * cuts, each without what it turns out not to need. Undefined when neither finds one.
 */
export function leastClosing(closing: Closing): number[] | undefined {
  const all = closing.positions.map((position) => position.lots)
  const greedy = closeGreedily(closing)
  const byCuts = closeByCuts(closing)?.map((count, i) => Math.min(all[i]!, -Math.floor(-count)))
  const found = [greedy, byCuts && repaired(closing, byCuts, greedy ?? all)]
    .filter((lots) => lots !== undefined && closing.margin(lots) >= 0)
    .map((lots) => takeBack(closing, lots!))
  const [first, second] = found
  if (first === undefined || second === undefined) return first
  return closing.notional(second) < closing.notional(first) ? second : first
}

/** What rounding to lots broke is mended on the way to a closing that is healthy. */
function repaired(closing: Closing, lots: readonly number[], healthy: readonly number[]): readonly number[] {
  return closing.margin(lots) >= 0 ? lots : leastBetween(closing, lots, healthy)
}

/** From each position in turn, the dearest first, back to the least that is healthy. */
function takeBack(closing: Closing, lots: readonly number[]): number[] {
  let best = [...lots]
  const cost = (i: number) => best[i]! * closing.positions[i]!.notional
  const order = [...best.keys()].sort((a, b) => cost(b) - cost(a) || a - b)
  for (const i of order) {
    if (best[i] === 0) continue
    const without = best.map((count, at) => (at === i ? 0 : count))
    best = closing.margin(without) >= 0 ? without : leastBetween(closing, without, best)
  }
  return best
}
