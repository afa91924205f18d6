import type { StandardModel } from '../model/risk-model.ts'
import { setSlot, type Move } from './slot-move.ts'

/**
 * Bounds what options do in the standard model. An expiry counts with max(X, Y): X adds up short options one
 * by one, Y is a payoff that no price moves and what unpaired calls cost. Each changes at least by the sum of
 * what it changes by for each option, and so does the greater of them.
 */
export function boundStandardOptions(move: Move, { option }: StandardModel): void {
  const { from, to, weight, slots } = move
  const { count, expiry, strike, isCall } = from.options
  const strikeMax = strike.reduce((most, each) => Math.max(most, each), 0)
  for (let i = 0; i < count; i++) {
    const e = expiry[i]!
    const underlying = from.expiries.underlying[e]!
    const [markA, markB] = [from.grid[i]!, to.grid[i]!]
    const [spotA, spotB] = [from.underlyings.spot[underlying]!, to.underlyings.spot[underlying]!]
    const [forwardA, forwardB] = [from.expiries.forward[e]!, to.expiries.forward[e]!]
    const shortOf = (mark: number, spot: number) =>
      isCall[i] === 1
        ? mark + option.maintenanceCallSpot * spot
        : mark + Math.max(option.maintenancePutSpot * spot, option.maintenancePutMark * mark)
    const alone = shortOf(markB, spotB) - shortOf(markA, spotA)
    const unpaired = isCall[i] === 1 ? option.unpaired.maintenance * Math.max(0, forwardB - forwardA) : 0
    // The mark belongs to the value, not to the requirement: it counts in w·requirement alone
    const mark = (1 - weight) * (markB - markA)
    setSlot(move, slots.options + i, {
      least: mark,
      greatest: mark + weight * Math.max(alone, unpaired),
      gross: Math.max(spotB, strike[i]!),
      size:
        shortOf(markA, spotA) +
        shortOf(markB, spotB) +
        strikeMax +
        option.unpaired.maintenance * (forwardA + forwardB),
    })
  }
}
