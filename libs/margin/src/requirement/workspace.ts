import type { RiskMarket } from '../portfolio/risk-market.ts'

/** Arrays that a valuation writes; made once, used for any number of accounts of markets of the same size. */
export interface Workspace {
  /** Sums of one expiry by row: options at even and at odd places, then both. */
  readonly even: Float64Array
  readonly odd: Float64Array
  readonly values: Float64Array
  /** Profit by underlying and scenario: [underlying · scenarios + scenario]. */
  readonly profits: Float64Array
  /** By underlying. */
  readonly basis: Float64Array
  readonly worst: Float64Array
  readonly worstScenario: Int32Array
  readonly optionMark: Float64Array
  readonly linearMark: Float64Array
  /** Cash gained per doubling of the spot: perpetuals, futures, risk-cancelling collateral. */
  readonly spotExposure: Float64Array
  /** 1 where a perpetual is held. */
  readonly holdsPerp: Uint8Array
  /** By group: Σ worst, joint worst, its scenario, and their mixture. */
  readonly apart: Float64Array
  readonly joint: Float64Array
  readonly jointScenario: Int32Array
  readonly groupWorst: Float64Array
  readonly totals: Totals
}

/** Sums over the account, in cash; charges as in `Charges`, initial ones with maintenance included. */
export interface Totals {
  collateralMark: number
  worst: number
  gross: number
  linearMaintenance: number
  linearInitial: number
  optionMaintenance: number
  optionInitial: number
  collateralMaintenance: number
  collateralInitial: number
  confidence: number
  openInterest: number
  peg: number
}

/** A workspace for a market. */
export function createWorkspace({ plan, underlyings }: RiskMarket): Workspace {
  const count = underlyings.names.length
  const groups = underlyings.lambda.length
  const column = (length: number) => new Float64Array(length)
  return {
    even: column(plan.rows),
    odd: column(plan.rows),
    values: column(plan.rows),
    profits: column(count * plan.scenarioRow.length),
    basis: column(count),
    worst: column(count),
    worstScenario: new Int32Array(count),
    optionMark: column(count),
    linearMark: column(count),
    spotExposure: column(count),
    holdsPerp: new Uint8Array(count),
    apart: column(groups),
    joint: column(groups),
    jointScenario: new Int32Array(groups),
    groupWorst: column(groups),
    totals: { ...NO_TOTALS },
  }
}

/** Puts everything that is summed up back to 0. */
export function clearWorkspace(workspace: Workspace): void {
  workspace.profits.fill(0)
  workspace.basis.fill(0)
  workspace.worst.fill(0)
  workspace.optionMark.fill(0)
  workspace.linearMark.fill(0)
  workspace.spotExposure.fill(0)
  workspace.holdsPerp.fill(0)
  workspace.apart.fill(0)
  workspace.joint.fill(0)
  workspace.groupWorst.fill(0)
  clearTotals(workspace.totals)
}

/** Field by field: it is done several times an order. */
function clearTotals(totals: Totals): void {
  totals.collateralMark = 0
  totals.worst = 0
  totals.gross = 0
  totals.linearMaintenance = 0
  totals.linearInitial = 0
  totals.optionMaintenance = 0
  totals.optionInitial = 0
  totals.collateralMaintenance = 0
  totals.collateralInitial = 0
  totals.confidence = 0
  totals.openInterest = 0
  totals.peg = 0
}

const NO_TOTALS: Totals = {
  collateralMark: 0,
  worst: 0,
  gross: 0,
  linearMaintenance: 0,
  linearInitial: 0,
  optionMaintenance: 0,
  optionInitial: 0,
  collateralMaintenance: 0,
  collateralInitial: 0,
  confidence: 0,
  openInterest: 0,
  peg: 0,
}
