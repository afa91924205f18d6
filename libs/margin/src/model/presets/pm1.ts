const MOVES = [1.15, 1.1, 1.05, 1, 0.95, 0.9, 0.85]

/** The older portfolio margin: 21 scenarios, options at discount 1, no tails, no skews. */
export const pm1 = {
  kind: 'scenario',
  name: 'pm1',
  scenarios: MOVES.flatMap((spot) => ['up', 'none', 'down'].map((vol) => ({ spot, vol }))),
  discountsOptions: false,
  volShock: {
    rangeUp: 0.45,
    rangeDown: 0.3,
    shortTermPower: 0.3,
    longTermPower: 0.13,
    floorDays: 1,
    upVolMin: 0,
  },
  staticDiscount: {
    long: { base: 0.95, rateMultiplier: 4, rateAddend: 0.05 },
    short: { base: 1, rateMultiplier: 0, rateAddend: 0 },
  },
  skew: {
    linear: { cap: 0, slope: 0 },
    absolute: { cap: 0, slope: 0 },
    kStarMin: 0.01,
    width: 0,
    volBase: 0,
    volSlope: 0,
  },
  basis: { spotUp: 1.05, spotDown: 0.95, addend: 0.25, timeFactor: 0.01 },
  contingencies: {
    perp: { maintenance: 0.02, initial: 0 },
    nakedOption: { maintenance: 0.01, initial: 0 },
    confidenceThreshold: 0.6,
    confidenceMargin: 0.5,
    collateralBasis: 'price',
    collateralSharesPerpConfidence: true,
    scaledByLossFactor: true,
  },
  lossFactors: { maintenance: 1, initial: 1.25 },
  peg: { threshold: 0.98, factor: 2 },
}
