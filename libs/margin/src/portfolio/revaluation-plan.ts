import type { RiskModel, Scenario, VolDirection } from '../model/risk-model.ts'

/** Which revaluations of an option a model needs. Row 0 is the mark; scenarios that agree share a row. */
export interface RevaluationPlan {
  readonly rows: number
  /** Shocked spot ÷ spot, by row. */
  readonly spot: Float64Array
  readonly vol: readonly VolDirection[]
  /** Rows of the two forward-only shocks. */
  readonly basisUp: number
  readonly basisDown: number
  /** By scenario: its row, spot − 1, dampening, and 1 for a skew. */
  readonly scenarioRow: Int32Array
  readonly spotChange: Float64Array
  readonly dampening: Float64Array
  readonly isSkew: Uint8Array
}

const plans = new WeakMap<RiskModel, RevaluationPlan>()

/** The plan of a model, made once; models without scenarios need the mark alone. */
export function revaluationPlan(model: RiskModel): RevaluationPlan {
  const plan = plans.get(model) ?? makePlan(model)
  plans.set(model, plan)
  return plan
}

function makePlan(model: RiskModel): RevaluationPlan {
  const spots: number[] = []
  const vols: VolDirection[] = []
  const rowOf = (spot: number, vol: VolDirection): number => {
    const found = spots.findIndex((each, row) => each === spot && vols[row] === vol)
    if (found >= 0) return found
    spots.push(spot)
    return vols.push(vol) - 1
  }
  rowOf(1, 'none')
  const { scenarios, basis } = model.kind === 'scenario' ? model : NOTHING
  const basisUp = rowOf(basis.spotUp, 'none')
  const basisDown = rowOf(basis.spotDown, 'none')
  const scenarioRow = Int32Array.from(scenarios, ({ spot, vol }) => rowOf(isSkew(vol) ? 1 : spot, vol))
  return {
    rows: spots.length,
    spot: Float64Array.from(spots),
    vol: vols,
    basisUp,
    basisDown,
    scenarioRow,
    spotChange: Float64Array.from(scenarios, ({ spot, vol }) => (isSkew(vol) ? 0 : spot - 1)),
    dampening: Float64Array.from(scenarios, ({ dampening }) => dampening),
    isSkew: Uint8Array.from(scenarios, ({ vol }) => (isSkew(vol) ? 1 : 0)),
  }
}

const NOTHING: { scenarios: readonly Scenario[]; basis: { spotUp: number; spotDown: number } } = {
  scenarios: [],
  basis: { spotUp: 1, spotDown: 1 },
}

function isSkew(vol: VolDirection): boolean {
  return vol === 'linearSkew' || vol === 'absoluteSkew'
}
