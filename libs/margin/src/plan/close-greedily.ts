import type { Closing } from './least-closing.ts'

/** Shares of what is left of a position that are tried. */
const SHARES = [1, 1 / 2, 1 / 4, 1 / 8, 1 / 32]

/** One thing to do next. */
interface Step {
  readonly lots: readonly number[]
  readonly margin: number
  readonly gain: number
}

/**
 * Closes step by step what gains most margin per notional until margin is not negative. A hedged account
 * may gain by no step alone: then by the best pair of them; then all is closed. Undefined when that doesn't
 * help either. The last step is as small as restores health.
 */
export function closeGreedily(closing: Closing): number[] | undefined {
  let lots = closing.positions.map(() => 0)
  let margin = closing.margin(lots)
  while (margin < 0) {
    const step = bestStep(closing, lots, margin) ?? bestPair(closing, lots, margin) ?? closeAll(closing)
    if (step === undefined) return undefined
    const before = lots
    lots = [...step.lots]
    if (step.margin >= 0) return leastBetween(closing, before, lots)
    margin = step.margin
  }
  return lots
}

function bestStep(closing: Closing, lots: readonly number[], margin: number): Step | undefined {
  return bestOf(closing, lots, margin, moves(closing, lots))
}

/** Pairs of positions, both closed by the same share of what is left. */
function bestPair(closing: Closing, lots: readonly number[], margin: number): Step | undefined {
  const pairs: number[][] = []
  for (let i = 0; i < lots.length; i++)
    for (let j = 0; j < i; j++)
      for (const share of SHARES) {
        const both = closedBy(closing, closedBy(closing, lots, i, share), j, share)
        if (both[i] !== lots[i] && both[j] !== lots[j]) pairs.push(both)
      }
  return bestOf(closing, lots, margin, pairs)
}

function closeAll(closing: Closing): Step | undefined {
  const lots = closing.positions.map((position) => position.lots)
  const margin = closing.margin(lots)
  return margin >= 0 ? { lots, margin, gain: 0 } : undefined
}

function moves(closing: Closing, lots: readonly number[]): number[][] {
  return lots.flatMap((_, i) =>
    SHARES.map((share) => closedBy(closing, lots, i, share)).filter((each) => each[i] !== lots[i]),
  )
}

/** So many lots more of one position: a share of what is left, at least one. */
function closedBy({ positions }: Closing, lots: readonly number[], i: number, share: number): number[] {
  const left = positions[i]!.lots - lots[i]!
  return lots.map((count, at) => (at === i ? count - Math.floor(-left * share) : count))
}

/** The step of most gain per notional; of equal ones the first. */
function bestOf(
  closing: Closing,
  lots: readonly number[],
  margin: number,
  steps: readonly number[][],
): Step | undefined {
  const spent = closing.notional(lots)
  let best: Step | undefined
  for (const each of steps) {
    const after = closing.margin(each)
    const gain = (after - margin) / (closing.notional(each) - spent)
    if (after > margin && gain > (best?.gain ?? 0)) best = { lots: each, margin: after, gain }
  }
  return best
}

/**
 * The least share of the way from one closing (failing) to another (healthy) that is healthy: margin is
 * concave along it, so that there is one crossing, which is found to 2⁻²⁴ of the way. Counts are rounded
 * up.
 */
export function leastBetween(closing: Closing, from: readonly number[], to: readonly number[]): number[] {
  const at = (share: number) => from.map((count, i) => count - Math.floor(-(to[i]! - count) * share))
  let [failing, healthy] = [0, 1]
  let best = [...to]
  for (let halvings = 0; halvings < 24; halvings++) {
    const middle = (failing + healthy) / 2
    const lots = at(middle)
    if (closing.margin(lots) >= 0) [healthy, best] = [middle, lots]
    else failing = middle
    if (lots.every((count, i) => count === best[i]) && failing === middle) break
  }
  return best
}
