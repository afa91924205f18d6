import type { Requirement } from '../requirement/requirement.ts'
import type { LiquidationCase, LiquidationFigure } from './liquidation-case.ts'
import type { ExpectedResult } from './margin-case.ts'
import type { LiquidationRun } from './run-liquidation.ts'

/** A figure that didn't come out as a file says. */
export interface Difference {
  readonly figure: string
  readonly got: number
  readonly expected: number
}

/** Figures agree to this share of the expected one, or of 1 cash if that is more. */
export const FIGURE_TOLERANCE = 1e-8

/** What a valuation and a file's figures disagree on; empty when they agree on all that the file gives. */
export function differences(requirement: Requirement, expected: ExpectedResult): readonly Difference[] {
  const { underlyings, maintenanceCharges, value, cash } = requirement
  const sum = (of: (u: Requirement['underlyings'][number]) => number) =>
    underlyings.reduce((total, each) => total + of(each), 0)
  const optionMark = sum((each) => each.optionMark)
  const { linear, option, collateral } = maintenanceCharges
  const profits = underlyings[0]?.scenarioProfits ?? []
  const rows = expected.scenarioProfits
  return [
    ...differs('initial margin', requirement.initialMargin, expected.initialMargin),
    ...differs('maintenance margin', requirement.maintenanceMargin, expected.maintenanceMargin),
    ...differs('value with cash', value, expected.value),
    ...differs('options', optionMark, expected.optionMark),
    ...differs(
      'collateral',
      value - cash - optionMark - sum((each) => each.linearMark),
      expected.collateralMark,
    ),
    ...differs(
      'basis contingency',
      sum((each) => each.basis),
      expected.basis,
    ),
    ...differs('contingencies', linear + option + collateral, expected.maintenanceCharges),
    ...(rows ? differs('number of scenarios', profits.length, rows.length) : []),
    ...(rows ?? []).flatMap((row, s) => differs(`scenario ${s}`, profits[s] ?? 0, row)),
  ]
}

/**
 * What an auction and a file's figures disagree on. Of an insolvent account only value, maintenance and
 * buffer margin before a bid count: upstream doesn't run those any more.
 */
export function liquidationDifferences(run: LiquidationRun, file: LiquidationCase): readonly Difference[] {
  const ofActions = file.actions.flatMap(({ expected }, index) => {
    const action = run.actions[index]!
    const figures: readonly LiquidationFigure[] = action.isSolvent
      ? (Object.keys(expected) as LiquidationFigure[])
      : ['PreMtM', 'PreMM', 'PreBM']
    return figures.flatMap((name) => differs(`bid ${index} ${name}`, action.figures[name], expected[name]))
  })
  return [...differs('fee', run.fee, file.expectedFee), ...ofActions]
}

function differs(figure: string, got: number, expected: number | undefined): readonly Difference[] {
  if (expected === undefined) return []
  const agrees = Math.abs(got - expected) <= FIGURE_TOLERANCE * Math.max(1, Math.abs(expected))
  return agrees ? [] : [{ figure, got, expected }]
}
