import type { LinearModel, OpenInterestScaling, Pair, PegLoss, StandardModel } from './risk-model.ts'
import { exact, list, number, oneOf, optional, positive, record, text, type Shape } from './shape.ts'

const SHARE = number({ min: 0, max: 3 })
const NOTIONAL = number({ min: 0, max: 1e15 })

/** A value for maintenance and one for initial margin. */
export function pairShape(shape: Shape<number>): Shape<Pair> {
  return record({ maintenance: shape, initial: shape })
}

/** `PegLoss`. */
export const lossPegShape: Shape<PegLoss> = record({
  threshold: exact({ min: 0, max: 100 }),
  factor: number({ min: 0, max: 20 }),
})

/** `OpenInterestScaling` of several underlyings; missing: none. */
export const openInterestShape = optional(
  list<OpenInterestScaling>(
    record({ underlying: text, base: number({ min: 0, max: 1 }), lower: NOTIONAL, upper: NOTIONAL }),
    { min: 0, max: 1_000 },
  ),
  [],
)

/** Members of a standard model as JSON writes them. */
export const standardModelShape: Shape<StandardModel> = record({
  kind: oneOf('standard'),
  name: text,
  option: record({
    spotMax: SHARE,
    spotMin: SHARE,
    maintenanceCallSpot: SHARE,
    maintenancePutSpot: SHARE,
    maintenancePutMark: SHARE,
    unpaired: pairShape(number({ min: 0, max: 10 })),
    maintenanceOffset: positive(10),
  }),
  perp: pairShape(SHARE),
  confidence: record({
    perpThreshold: exact({ min: 0, max: 1 }),
    optionThreshold: exact({ min: 0, max: 1 }),
    collateralThreshold: exact({ min: 0, max: 1 }),
    factor: number({ min: 0, max: 20 }),
  }),
  peg: lossPegShape,
  openInterest: openInterestShape,
})

/** Members of a linear model as JSON writes them. */
export const linearModelShape: Shape<LinearModel> = record({
  kind: oneOf('linear'),
  name: text,
  maintenanceShare: number({ min: 0, max: 1 }),
  openInterest: openInterestShape,
})
