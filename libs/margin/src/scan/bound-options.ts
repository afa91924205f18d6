import type { ScenarioModel } from '../model/risk-model.ts'
import { setSlot, type Move } from './slot-move.ts'

/**
 * Bounds what options do in a model with scenarios. An expiry's value V counts in scenario s with g(V) =
 * long·V from 0 on, short·V below: with the least of the two where long ≤ short, else with the greatest.
 * Before and after the same one of these: g changes by no less (no more) than the least (greatest) of what
 * long·V and short·V change by. Should the order of the discounts turn over, the same holds since values of
 * options aren't negative: then no mixed pair differs more. In a skew −|g(V) − mark| counts, which changes by
 * no more than what it holds.
 */
export function boundOptions(move: Move, model: ScenarioModel): void {
  const { from, slots } = move
  for (let expiry = 0, first = 0; first < from.options.count; expiry++) {
    const factors = expiryFactors(move, model, expiry)
    for (; first < from.options.count && from.options.expiry[first] === expiry; first++) {
      const hull = { least: 0, greatest: 0, size: 0 }
      addBasis(move, factors, first, hull)
      addScenarios(move, factors, first, hull)
      setSlot(move, slots.options + first, {
        least: hull.least,
        greatest: hull.greatest + factors.naked,
        gross: Math.max(factors.spotB, from.options.strike[first]!),
        size: hull.size,
      })
    }
  }
}

/** Factors that an expiry's options have in common, before (A) and after (B) the move. */
interface ExpiryFactors {
  readonly loss: number
  readonly longA: number
  readonly shortA: number
  readonly longB: number
  readonly shortB: number
  readonly basisA: number
  readonly basisB: number
  readonly spotB: number
  /** What 1.0 naked requires more: nothing when the spot falls, as what is owed needn't be naked. */
  readonly naked: number
  /** No value counts with more than this, and nothing is charged more. */
  readonly size: number
  readonly charge: number
}

function expiryFactors({ from, to, weight }: Move, model: ScenarioModel, expiry: number): ExpiryFactors {
  const underlying = from.expiries.underlying[expiry]!
  const [longA, shortA] = [from.expiries.longDiscount[expiry]!, from.expiries.shortDiscount[expiry]!]
  const [longB, shortB] = [to.expiries.longDiscount[expiry]!, to.expiries.shortDiscount[expiry]!]
  const [basisA, basisB] = [from.expiries.basisFactor[expiry]!, to.expiries.basisFactor[expiry]!]
  const [spotA, spotB] = [from.underlyings.spot[underlying]!, to.underlyings.spot[underlying]!]
  const loss = weight * model.lossFactors.maintenance
  const naked = weight * model.contingencies.nakedOption.maintenance
  const dampening = from.plan.dampening.reduce((most, each) => Math.max(most, each), 0)
  const discount = Math.max(1, longA, shortA, longB, shortB)
  return {
    ...{ loss, longA, shortA, longB, shortB, basisA, basisB, spotB },
    naked: naked * Math.max(0, spotB - spotA),
    size: 1 + 2 * loss * Math.max(dampening * discount, basisA, basisB),
    charge: naked * (spotA + spotB),
  }
}

interface Hull {
  least: number
  greatest: number
  size: number
}

/** The basis contingency is the least of 0 and two moves of the forward alone. */
function addBasis({ from, to }: Move, factors: ExpiryFactors, option: number, hull: Hull): void {
  const { loss, basisA, basisB } = factors
  const { rows, basisUp, basisDown } = from.plan
  const start = option * rows
  const [markA, markB] = [from.grid[start]!, to.grid[start]!]
  const [upA, upB] = [from.grid[start + basisUp]!, to.grid[start + basisUp]!]
  const [downA, downB] = [from.grid[start + basisDown]!, to.grid[start + basisDown]!]
  const up = loss * (basisB * (upB - markB) - basisA * (upA - markA))
  const down = loss * (basisB * (downB - markB) - basisA * (downA - markA))
  hull.least = markB - markA + Math.min(0, up, down)
  hull.greatest = markB - markA + Math.max(0, up, down)
  hull.size = Math.max(markA, markB, upA, upB, downA, downB)
}

function addScenarios({ from, to }: Move, factors: ExpiryFactors, option: number, hull: Hull): void {
  const { loss, longA, shortA, longB, shortB } = factors
  const { rows, scenarioRow, dampening, isSkew } = from.plan
  const start = option * rows
  const [before, after] = [from.grid, to.grid]
  const mark = after[start]! - before[start]!
  let { least, greatest, size } = hull
  for (let s = 0; s < scenarioRow.length; s++) {
    const at = start + scenarioRow[s]!
    const [a, b] = [before[at]!, after[at]!]
    const count = loss * dampening[s]!
    const long = longB * b - longA * a
    const short = shortB * b - shortA * a
    const low = Math.min(long, short)
    const high = Math.max(long, short)
    if (isSkew[s] === 1) {
      const reach = count * Math.max(mark - low, high - mark)
      least = Math.min(least, mark - reach)
      greatest = Math.max(greatest, mark + reach)
    } else {
      least = Math.min(least, mark + count * (low - mark))
      greatest = Math.max(greatest, mark + count * (high - mark))
    }
    size = Math.max(size, a, b)
  }
  hull.least = least
  hull.greatest = greatest
  hull.size = size * factors.size + factors.charge
}
