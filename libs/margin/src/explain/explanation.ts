// Why a requirement is what it is. Plain data: `jsonOf` makes JSON of it. E6: whole micro-cash.
import type { VolDirection } from '../model/risk-model.ts'
import type { Instrument } from './held-positions.ts'

/** An account's two requirements, taken apart by scenario, position and contingency. */
export interface Explanation {
  readonly model: 'scenario' | 'standard' | 'linear'
  /** The model's scenarios in its order; none in a model that has none. */
  readonly scenarios: readonly ExplainedScenario[]
  readonly underlyings: readonly ExplainedUnderlying[]
  readonly groups: readonly ExplainedGroup[]
  /** Every position of the account, also one of size 0: what `Contribution.position` counts. */
  readonly positions: readonly ExplainedPosition[]
  /** Cash and every position's `valueE6` sum to `valueE6`. */
  readonly valueE6: bigint
  readonly cashE6: bigint
  /** Deposits not yet final: they count toward maintenance margin, not in `valueE6`. */
  readonly pendingCreditE6: bigint
  readonly maintenance: ExplainedRequirement
  readonly initial: ExplainedRequirement
}

/** One requirement: the contributions sum to `requirementE6`, to the last micro-cash. */
export interface ExplainedRequirement {
  /** `Requirement.maintenanceRequirementE6` or `.initialRequirementE6`. */
  readonly requirementE6: bigint
  /** The signed surplus: below 0 the account falls short. */
  readonly marginE6: bigint
  /** What losses in scenarios and by basis are multiplied with: it is in the contributions already. */
  readonly lossFactor: number
  readonly contributions: readonly Contribution[]
}

/**
 * What a contribution is for: a scenario's move; the static discount in that scenario; the basis
 * contingency that came out worse than all scenarios; or a charge: perpetuals and futures (linear), short
 * options, calls that no bought call bounds (unpaired, standard model), haircuts (collateral), low
 * confidence in prices, open interest, a broken peg. `rounding` is what rounding against the account adds.
 */
export type ContributionKind =
  | 'scenario'
  | 'staticDiscount'
  | 'basis'
  | 'linear'
  | 'option'
  | 'unpaired'
  | 'collateral'
  | 'confidence'
  | 'openInterest'
  | 'peg'
  | 'rounding'

/**
 * One part of a requirement; below 0 it lowers it, as a hedge does. Parts that are exactly 0 are left out.
 */
export interface Contribution {
  readonly kind: ContributionKind
  /** Index in `Explanation.positions`; −1 for `rounding`. */
  readonly position: number
  /** Index in `Explanation.scenarios`; −1 where there is none. */
  readonly scenario: number
  /** Share of this scenario in what counts: below 1 where underlyings offset (1 − λ apart, λ joint). */
  readonly weight: number
  readonly amountE6: bigint
}

/** One scenario, and what the whole account gains in it (the same scenario for all underlyings). */
export interface ExplainedScenario {
  /** Shocked spot ÷ spot. */
  readonly spot: number
  readonly vol: VolDirection
  readonly dampening: number
  readonly profitE6: bigint
}

/** One position and all it does. */
export interface ExplainedPosition {
  readonly instrument: Instrument
  readonly size: number
  /** Worth at today's mark. */
  readonly valueE6: bigint
  /** Σ of its contributions. */
  readonly maintenanceE6: bigint
  readonly initialE6: bigint
  /** Profit in each scenario, discount and dampening included; empty for collateral that no spot moves. */
  readonly scenarioProfitsE6: readonly bigint[]
}

/** One underlying: its positions' scenario profits sum to its own. */
export interface ExplainedUnderlying {
  readonly name: string
  /** Index in `Explanation.groups`. */
  readonly group: number
  readonly scenarioProfitsE6: readonly bigint[]
  /** Rounded down. */
  readonly basisE6: bigint
  /** min(basis, every scenario), and which scenario that is; −1 is the basis contingency. */
  readonly worstE6: bigint
  readonly worstScenario: number
}

/** Underlyings whose risk offsets in part: worst = (1 − λ)·apart + λ·joint. Rounded down. */
export interface ExplainedGroup {
  readonly underlyings: readonly string[]
  readonly lambda: number
  readonly apartE6: bigint
  readonly jointE6: bigint
  /** The scenario that is worst for all of them together; −1 is the basis contingency. */
  readonly jointScenario: number
  readonly worstE6: bigint
}
