import { optionKernel } from '../kernel/option-kernel.ts'
import type { OptionColumns, OptionKernel } from '../kernel/columns.ts'
import { ln } from '../math/ln.ts'
import type { RiskModel, ScenarioModel, SkewCap, SkewShock, VolDirection } from '../model/risk-model.ts'
import { logMoneyness } from '../pricing/black76.ts'
import type { ExpiryTable } from './expiry-table.ts'
import type { OptionTable } from './option-table.ts'
import type { RevaluationPlan } from './revaluation-plan.ts'

/** Value of 1.0 of each option in each row of the plan: [option · rows + row]. */
export function optionGrid(
  model: RiskModel,
  plan: RevaluationPlan,
  expiries: ExpiryTable,
  options: OptionTable,
): Float64Array {
  const grid = new Float64Array(options.count * plan.rows)
  const kernel = optionKernel()
  const columns = kernel.columns(options.count)
  fillColumns(columns, expiries, options)
  revalueRows(rowsOf(plan, ['none', 'up', 'down']), model, plan, expiries, options, kernel, grid)
  if (model.kind !== 'scenario') return grid
  for (const direction of ['linearSkew', 'absoluteSkew'] as const) {
    const rows = rowsOf(plan, [direction])
    if (rows.length === 0) continue
    tiltVolatilities(columns, direction, model, expiries, options)
    revalueRows(rows, model, plan, expiries, options, kernel, grid)
  }
  return grid
}

function fillColumns(columns: OptionColumns, expiries: ExpiryTable, options: OptionTable): void {
  for (let i = 0; i < options.count; i++) {
    const expiry = options.expiry[i]!
    const strike = options.strike[i]!
    columns.strike[i] = strike
    columns.logRatio[i] = logMoneyness(expiries.forward[expiry]!, strike)
    columns.volatility[i] = options.volatility[i]! * expiries.rootYears[expiry]!
    columns.sign[i] = options.isCall[i] === 1 ? 1 : -1
  }
}

function rowsOf(plan: RevaluationPlan, directions: readonly VolDirection[]): number[] {
  return plan.vol.flatMap((vol, row) => (directions.includes(vol) ? [row] : []))
}

function revalueRows(
  rows: readonly number[],
  model: RiskModel,
  plan: RevaluationPlan,
  expiries: ExpiryTable,
  options: OptionTable,
  kernel: OptionKernel,
  grid: Float64Array,
): void {
  const { value } = kernel.columns(options.count)
  for (let first = 0; first < options.count;) {
    const expiry = options.expiry[first]!
    let end = first + 1
    while (end < options.count && options.expiry[end] === expiry) end++
    for (const row of rows) {
      kernel.revalue(first, end - first, shockOf(model, plan, expiries, expiry, row))
      for (let i = first; i < end; i++) grid[i * plan.rows + row] = value[i]!
    }
    first = end
  }
}

/** What row `row` does to an expiry: only the variable part of the forward moves. */
function shockOf(
  model: RiskModel,
  plan: RevaluationPlan,
  expiries: ExpiryTable,
  expiry: number,
  row: number,
) {
  const spot = plan.spot[row]!
  const vol = plan.vol[row]!
  const whole = expiries.forward[expiry]!
  const forward =
    spot === 1 ? whole : expiries.forwardFixed[expiry]! + expiries.forwardVariable[expiry]! * spot
  const floor = model.kind === 'scenario' && vol === 'up' ? model.volShock.upVolMin : 0
  return {
    forward,
    logShift: spot === 1 ? 0 : ln(forward / whole),
    volatilityScale: vol === 'up' ? expiries.volUp[expiry]! : vol === 'down' ? expiries.volDown[expiry]! : 1,
    volatilityFloor: floor * expiries.rootYears[expiry]!,
    discount: expiries.discount[expiry]!,
  }
}

/** Volatilities tilted by log-moneyness x = ln(strike ÷ forward), or by |x|: `SkewShock`. */
function tiltVolatilities(
  columns: OptionColumns,
  direction: 'linearSkew' | 'absoluteSkew',
  { skew }: ScenarioModel,
  expiries: ExpiryTable,
  options: OptionTable,
): void {
  const isLinear = direction === 'linearSkew'
  for (let i = 0; i < options.count; i++) {
    const expiry = options.expiry[i]!
    const root = expiries.rootYears[expiry]!
    const x = -columns.logRatio[i]!
    const multiplier = isLinear
      ? skewMultiplier(skew, skew.linear, x, root)
      : skewMultiplier(skew, skew.absolute, Math.abs(x), root)
    columns.volatility[i] = options.volatility[i]! * multiplier * root
  }
}

function skewMultiplier(skew: SkewShock, { cap, slope }: SkewCap, x: number, root: number): number {
  const limit = cap + slope * root
  const kStar = Math.max(
    skew.kStarMin,
    root * skew.width * (skew.volBase + skew.volSlope * root),
    LEAST_K_STAR,
  )
  const tilt = (x * limit) / kStar
  return Math.max(0, 1 + (x >= 0 ? Math.min(limit, tilt) : Math.max(-limit, tilt)))
}

/** k* is divided by: it may be 0 at expiry, where no volatility counts any more. */
const LEAST_K_STAR = 1e-18
