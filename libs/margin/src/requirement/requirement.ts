// What a valuation says. All amounts in cash as doubles, unless the name ends in E6 (whole micro-cash).

/** A whole account, valued under a model. */
export interface Requirement {
  readonly model: 'scenario' | 'standard' | 'linear'
  /** What everything but cash is worth at today's marks. */
  readonly markToMarket: number
  readonly cash: number
  /** markToMarket + cash. */
  readonly value: number
  /** Deposits that count toward maintenance margin although they are not final. */
  readonly pendingCredit: number
  /** Signed surplus over the requirement: not negative is healthy. */
  readonly maintenanceMargin: number
  readonly initialMargin: number
  /** value + pendingCredit − maintenanceMargin, and value − initialMargin. */
  readonly maintenanceRequirement: number
  readonly initialRequirement: number
  /** What the worst outcome of all underlyings together loses, ≤ 0; 0 where the model has no scenarios. */
  readonly worst: number
  /** What worst is multiplied with; `initial` includes the loss of a broken peg. */
  readonly lossFactors: Factors
  /** What is required beside worst · factor: each ≥ 0 but for a haircut that gives. */
  readonly maintenanceCharges: Charges
  readonly initialCharges: Charges
  readonly underlyings: readonly UnderlyingRequirement[]
  readonly groups: readonly GroupRequirement[]
  /** Σ of the absolute sizes of everything that was added up, at its price: what rounding is measured by. */
  readonly gross: number
  /** Margins rounded down, requirements rounded up: against the account. */
  readonly maintenanceMarginE6: bigint
  readonly initialMarginE6: bigint
  readonly maintenanceRequirementE6: bigint
  readonly initialRequirementE6: bigint
}

/** One number for maintenance, one for initial margin. */
export interface Factors {
  readonly maintenance: number
  readonly initial: number
}

/** Requirements by their reason. */
export interface Charges {
  /** Perpetuals and dated futures. */
  readonly linear: number
  /** Naked short options; in the standard model all that options need beyond their mark. */
  readonly option: number
  /** Haircuts. */
  readonly collateral: number
  /** Low confidence in prices. */
  readonly confidence: number
  /** Open interest beyond what a market bears at its base. */
  readonly openInterest: number
  /** A broken peg, in models that charge it by notional. */
  readonly peg: number
}

/** One underlying's share. */
export interface UnderlyingRequirement {
  readonly name: string
  /** Today's marks: options, and perpetuals with futures. */
  readonly optionMark: number
  readonly linearMark: number
  /** Profit (loss below 0) in each scenario, in the model's order. */
  readonly scenarioProfits: Float64Array
  /** Basis contingency, ≤ 0: it competes with the scenarios. */
  readonly basis: number
  /** min(basis, every scenario). */
  readonly worst: number
  /** Which scenario that is; −1 is the basis contingency. */
  readonly worstScenario: number
}

/** Underlyings whose risk offsets in part. */
export interface GroupRequirement {
  readonly underlyings: readonly string[]
  readonly lambda: number
  /** Σ of each underlying's worst. */
  readonly apart: number
  /** Worst of the sums: min(Σ basis, min over scenarios of Σ profits), and which scenario that is. */
  readonly joint: number
  readonly jointScenario: number
  /** (1 − λ)·apart + λ·joint. */
  readonly worst: number
}
