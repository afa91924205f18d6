import type { RiskMarket } from '../portfolio/risk-market.ts'
import { setSlot, type Move } from './slot-move.ts'

/** Bounds what perpetuals, futures and collateral do. */
export function boundLinear(move: Move): void {
  const shocks = shockHull(move)
  boundPerps(move, shocks)
  boundFutures(move, shocks)
  boundAssets(move, shocks)
}

/**
 * Least and greatest of what a scenario counts of a spot exposure, loss factor included; 0 is always among
 * them.
 */
interface ShockHull {
  readonly least: number
  readonly greatest: number
}

function shockHull({ from: { model, plan }, weight }: Move): ShockHull {
  let [least, greatest] = [0, 0]
  if (model.kind !== 'scenario') return { least, greatest }
  for (let s = 0; s < plan.scenarioRow.length; s++) {
    const shock = weight * model.lossFactors.maintenance * plan.spotChange[s]! * plan.dampening[s]!
    least = Math.min(least, shock)
    greatest = Math.max(greatest, shock)
  }
  return { least, greatest }
}

function boundPerps(move: Move, shocks: ShockHull): void {
  const { from, to, weight, slots } = move
  for (let u = 0; u < from.underlyings.names.length; u++) {
    const [a, b] = [from.underlyings.perp[u]!, to.underlyings.perp[u]!]
    const [chargeA, chargeB] = [from, to].map(({ underlyings }) => underlyings.perpCharges[u]!.maintenance)
    // |size|·charge: the same from both sides
    const charge = weight * (chargeB! - chargeA!)
    const { least, greatest } = exposed(b - a, b - a, shocks)
    setSlot(move, slots.perps + u, {
      least: least - charge,
      greatest: greatest + charge,
      gross: b,
      size: sizeOf(a + b, shocks) + chargeA! + chargeB!,
    })
  }
}

function boundFutures(move: Move, shocks: ShockHull): void {
  const { from, to, weight, slots } = move
  for (let e = 0; e < from.expiries.years.length; e++) {
    const [a, b] = [from.expiries.forward[e]!, to.expiries.forward[e]!]
    const [chargeA, chargeB] = [from, to].map(({ expiries }) => expiries.futureCharges[e]!.maintenance)
    const charge = weight * (chargeB! - chargeA!)
    const moved = to.expiries.forwardVariable[e]! - from.expiries.forwardVariable[e]!
    const { least, greatest } = exposed(b - a, moved, shocks)
    const basis = basisOf(move, e)
    setSlot(move, slots.futures + e, {
      least: Math.min(least, b - a + basis.least) - charge,
      greatest: Math.max(greatest, b - a + basis.greatest) + charge,
      gross: b,
      size: sizeOf(a + b, shocks) + basis.size + chargeA! + chargeB!,
    })
  }
}

/** What a move of the variable forward adds to the basis contingency: its three branches, 0 among them. */
function basisOf({ from, to, weight }: Move, expiry: number) {
  const { model, plan } = from
  if (model.kind !== 'scenario') return { least: 0, greatest: 0, size: 0 }
  const factor = ({ expiries }: RiskMarket) =>
    weight * model.lossFactors.maintenance * expiries.basisFactor[expiry]! * expiries.forwardVariable[expiry]!
  const moved = factor(to) - factor(from)
  const up = moved * (plan.spot[plan.basisUp]! - 1)
  const down = moved * (plan.spot[plan.basisDown]! - 1)
  const reach = Math.abs(plan.spot[plan.basisUp]! - 1) + Math.abs(plan.spot[plan.basisDown]! - 1)
  return {
    least: Math.min(0, up, down),
    greatest: Math.max(0, up, down),
    size: (factor(to) + factor(from)) * reach,
  }
}

function boundAssets(move: Move, shocks: ShockHull): void {
  const { from, to, weight, slots } = move
  for (let i = 0; i < from.assets.names.length; i++) {
    const [a, b] = [from.assets.value[i]!, to.assets.value[i]!]
    const [chargeA, chargeB] = [from.assets.maintenanceCharge[i]!, to.assets.maintenanceCharge[i]!]
    const moved = from.assets.cancelsRisk[i] === 1 ? b - a : 0
    const { least, greatest } = exposed(b - a, moved, shocks)
    // Collateral is never owed: its charge may give, too
    const charge = weight * (chargeB - chargeA)
    setSlot(move, slots.assets + i, {
      least: least - charge,
      greatest: greatest - charge,
      gross: b,
      size: sizeOf(a + b, shocks) + Math.abs(chargeA) + Math.abs(chargeB),
    })
  }
}

/** A change of the mark, and one of the exposure to the spot that scenarios count. */
function exposed(mark: number, exposure: number, { least, greatest }: ShockHull): ShockHull {
  const [low, high] = [mark + exposure * least, mark + exposure * greatest]
  return { least: Math.min(low, high), greatest: Math.max(low, high) }
}

function sizeOf(price: number, { least, greatest }: ShockHull): number {
  return price * (1 + greatest - least)
}
