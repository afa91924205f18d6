import {
  differences,
  evaluate,
  liquidationDifferences,
  parseExactJson,
  readMarginCases,
  runLiquidation,
  type CaseContext,
  type Difference,
  type UnreadCase,
} from '@causeway/margin'
import type { VectorCase, VectorFile, VectorFormat } from '../vector-file.ts'

/** Settings that some cases are run with stand in a file of this name, beside them or one folder above. */
const ENVIRONMENTS = ['environment.json', '../environment.json']
/** Differences that are told of a failing case. */
const TOLD_MAX = 3

/**
 * Portfolio-margin cases: PMRM_2 (a file each), PMRM and StandardManager (tables of cases), auction runs,
 * and our own `causeway-margin/1`. Figures agree to 1e-8. Numbers are read from the text: some stand on a
 * threshold to the last of 18 digits.
 */
export const marginFormat: VectorFormat = {
  name: 'margin',
  recognise(file) {
    const cases = readMarginCases(file.text, '')
    if (!cases) return undefined
    const context = contextOf(file)
    return { cases: cases.map((each) => vectorCase(each, context)), context: ENVIRONMENTS }
  },
}

function contextOf(file: VectorFile): CaseContext {
  for (const path of ENVIRONMENTS) {
    const text = file.siblingText(path)
    if (text !== undefined) return { environment: parseExactJson(text) }
  }
  return {}
}

function vectorCase(unread: UnreadCase, context: CaseContext): VectorCase {
  return {
    name: unread.name,
    run() {
      const found = unread.format === 'liquidation' ? judgeRun(unread, context) : judgeCase(unread, context)
      if (found.length > 0) throw new Error(found.slice(0, TOLD_MAX).map(told).join('; '))
    },
  }
}

function judgeRun(
  unread: UnreadCase & { format: 'liquidation' },
  context: CaseContext,
): readonly Difference[] {
  const run = unread.read(context)
  return liquidationDifferences(runLiquidation(run), run)
}

function judgeCase(
  unread: Exclude<UnreadCase, { format: 'liquidation' }>,
  context: CaseContext,
): readonly Difference[] {
  const { model, snapshot, account, expected } = unread.read(context)
  if (expected.initialMargin === undefined || expected.maintenanceMargin === undefined)
    throw new Error('the case gives no initial and maintenance margin to compare with')
  return differences(evaluate(model, snapshot, account), expected)
}

function told({ figure, got, expected }: Difference): string {
  return `${figure} is ${got}, expected ${expected}`
}
