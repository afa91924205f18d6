import type { ScenarioModel } from './risk-model.ts'
import { lossPegShape, openInterestShape, pairShape } from './parameter-shapes.ts'
import { exact, flag, list, number, oneOf, optional, positive, record, text, type Shape } from './shape.ts'

const FACTOR = number({ min: 0, max: 20 })
const SIGNED_FACTOR = number({ min: -20, max: 20 })
const SHARE = number({ min: 0, max: 3 })
const UNDERLYINGS_MAX = 1_000
/** More would only cost time: the presets have 33. */
export const SCENARIOS_MAX = 256

const discountCurve = record({ base: positive(4), rateMultiplier: FACTOR, rateAddend: FACTOR })
const skewCap = record({ cap: FACTOR, slope: SIGNED_FACTOR })

/** Members of a scenario model as JSON writes them; `readRiskModel` adds what no schema can say. */
export const scenarioModelShape: Shape<ScenarioModel & { readonly swapped: boolean }> = record({
  kind: oneOf('scenario'),
  name: text,
  scenarios: list(
    record({
      spot: positive(100),
      vol: oneOf('up', 'none', 'down', 'linearSkew', 'absoluteSkew'),
      dampening: optional(number({ min: 0, max: 10 }), 1),
    }),
    { min: 1, max: SCENARIOS_MAX },
  ),
  discountsOptions: optional(flag, true),
  volShock: record({
    rangeUp: FACTOR,
    rangeDown: FACTOR,
    shortTermPower: FACTOR,
    longTermPower: FACTOR,
    floorDays: positive(400),
    upVolMin: FACTOR,
  }),
  staticDiscount: record({ long: discountCurve, short: discountCurve }),
  skew: record({
    linear: skewCap,
    absolute: skewCap,
    kStarMin: FACTOR,
    width: FACTOR,
    volBase: FACTOR,
    volSlope: SIGNED_FACTOR,
  }),
  basis: record({ spotUp: positive(3), spotDown: positive(3), addend: FACTOR, timeFactor: FACTOR }),
  contingencies: record({
    perp: pairShape(SHARE),
    nakedOption: pairShape(SHARE),
    confidenceThreshold: exact({ min: 0, max: 1 }),
    confidenceMargin: FACTOR,
    collateralBasis: optional(oneOf('value', 'price'), 'value'),
    collateralSharesPerpConfidence: optional(flag, false),
    scaledByLossFactor: optional(flag, false),
  }),
  lossFactors: pairShape(number({ min: 0, max: 10 })),
  peg: lossPegShape,
  offsetGroups: optional(
    list(
      record({
        underlyings: list(text, { min: 2, max: UNDERLYINGS_MAX }),
        lambda: number({ min: 0, max: 1 }),
      }),
      { min: 0, max: UNDERLYINGS_MAX },
    ),
    [],
  ),
  openInterest: openInterestShape,
  swapped: optional(flag, false),
})
