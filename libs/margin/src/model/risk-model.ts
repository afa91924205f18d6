// Risk models as values. Spec: docs/margin.md. Shares, factors and multipliers are plain
// numbers (0.05 = 5 %).

/** A decimal in units of 10⁻¹⁸: exact, because it is compared with another one. */
export type E18 = bigint

/** A set of rules and parameters by which an account is required to hold collateral. */
export type RiskModel = ScenarioModel | StandardModel | LinearModel

/** Portfolio margin: the worst of a list of scenarios, plus contingencies. Presets pm2 and pm1. */
export interface ScenarioModel {
  readonly kind: 'scenario'
  readonly name: string
  readonly scenarios: readonly Scenario[]
  /** Whether options are worth their discounted value; otherwise the discount is 1. */
  readonly discountsOptions: boolean
  readonly volShock: VolShock
  readonly staticDiscount: StaticDiscount
  readonly skew: SkewShock
  readonly basis: BasisContingency
  readonly contingencies: Contingencies
  readonly lossFactors: Pair
  readonly peg: PegLoss
  readonly offsetGroups: readonly OffsetGroup[]
  readonly openInterest: readonly OpenInterestScaling[]
}

/** Per position, as simple venues do it: no risk cancels but that of a spread. Preset standard. */
export interface StandardModel {
  readonly kind: 'standard'
  readonly name: string
  readonly option: StandardOption
  readonly perp: Pair
  readonly confidence: StandardConfidence
  readonly peg: PegLoss
  readonly openInterest: readonly OpenInterestScaling[]
}

/** A share of notional, for accounts that hold no options. Preset linear. */
export interface LinearModel {
  readonly kind: 'linear'
  readonly name: string
  /** Maintenance requirement as a share of the base initial one. */
  readonly maintenanceShare: number
  readonly openInterest: readonly OpenInterestScaling[]
}

/** A share or factor for maintenance, and one for initial margin. */
export interface Pair {
  readonly maintenance: number
  readonly initial: number
}

/** What happens to volatilities in a scenario; in the two skews the spot stays. */
export type VolDirection = 'up' | 'none' | 'down' | 'linearSkew' | 'absoluteSkew'

/** One joint move of spot and volatilities. */
export interface Scenario {
  /** Shocked spot ÷ spot. 1 in a skew. */
  readonly spot: number
  readonly vol: VolDirection
  /** What the profit or loss is multiplied by: below 1 for moves that are far but unlikely. */
  readonly dampening: number
}

/** Up: 1 + rangeUp·(30 d ÷ max(time, floor))^power; down: max(0, 1 − rangeDown·(…)^power). */
export interface VolShock {
  readonly rangeUp: number
  readonly rangeDown: number
  /** Power up to 30 days. */
  readonly shortTermPower: number
  readonly longTermPower: number
  readonly floorDays: number
  /** A volatility that is shocked up is at least this. */
  readonly upVolMin: number
}

/** base·exp(∓T·(rate·rateMultiplier + rateAddend)) for an expiry of positive (−) and negative (+) value. */
export interface StaticDiscount {
  readonly long: DiscountCurve
  readonly short: DiscountCurve
}

/** One side of the static discount. */
export interface DiscountCurve {
  readonly base: number
  readonly rateMultiplier: number
  readonly rateAddend: number
}

/**
 * vol·max(0, 1 + clamp(x·L/k*, ± L)), L = cap + slope·√T, k* = max(kStarMin, √T·width·(volBase +
 * volSlope·√T)).
 */
export interface SkewShock {
  readonly linear: SkewCap
  readonly absolute: SkewCap
  readonly kStarMin: number
  readonly width: number
  readonly volBase: number
  readonly volSlope: number
}

/** How far one skew goes. */
export interface SkewCap {
  readonly cap: number
  readonly slope: number
}

/** Worst of two moves of the forwards alone × (addend + timeFactor·T). */
export interface BasisContingency {
  readonly spotUp: number
  readonly spotDown: number
  readonly addend: number
  readonly timeFactor: number
}

/** What is required beside the worst scenario. */
export interface Contingencies {
  /** Share of |size|·spot of perpetuals and dated futures; `initial` comes on top of `maintenance`. */
  readonly perp: Pair
  /** Share of naked short options·spot; `initial` comes on top of `maintenance`. */
  readonly nakedOption: Pair
  /** Below this confidence the initial requirement grows by (1 − confidence)·margin·notional. */
  readonly confidenceThreshold: E18
  readonly confidenceMargin: number
  /**
   * What collateral's haircuts and confidence margin are taken of: its value (price ÷ stable price), or its
   * price as it stands.
   */
  readonly collateralBasis: 'value' | 'price'
  /** Whether a held perpetual's confidence counts for collateral of the same underlying, too. */
  readonly collateralSharesPerpConfidence: boolean
  /** Whether the initial loss factor multiplies the maintenance contingencies. */
  readonly scaledByLossFactor: boolean
}

/** The initial loss factor grows by max(0, threshold − stable price)·factor. */
export interface PegLoss {
  readonly threshold: E18
  readonly factor: number
}

/** Underlyings whose risk offsets in part: worst = (1 − λ)·Σ each one's worst + λ·worst of the sum. */
export interface OffsetGroup {
  readonly underlyings: readonly string[]
  readonly lambda: number
}

/** min(1, base + (1 − base)·max(0, (open interest − lower) ÷ (upper − lower))), of notional. */
export interface OpenInterestScaling {
  /** The underlying, or `*` for all that are not named. */
  readonly underlying: string
  readonly base: number
  /** Open notional in cash. */
  readonly lower: number
  readonly upper: number
}

/** Shares of spot (maintenancePutMark: of the mark) for short options in the standard model. */
export interface StandardOption {
  readonly spotMax: number
  readonly spotMin: number
  readonly maintenanceCallSpot: number
  readonly maintenancePutSpot: number
  readonly maintenancePutMark: number
  /** Share of the forward for calls that no bought call bounds. */
  readonly unpaired: Pair
  /** A put's initial requirement is at least this much of its maintenance requirement. */
  readonly maintenanceOffset: number
}

/** Confidence below a threshold (0: none) costs (1 − confidence)·factor·notional of initial margin. */
export interface StandardConfidence {
  readonly perpThreshold: E18
  readonly optionThreshold: E18
  readonly collateralThreshold: E18
  readonly factor: number
}
