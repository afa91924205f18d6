import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../requirement/evaluate.ts'
import { differences, liquidationDifferences } from './differences.ts'
import { parseExactJson } from './exact-number.ts'
import type { CaseContext } from './margin-case.ts'
import { readMarginCases, type CaseFormat, type UnreadCase } from './read-margin-cases.ts'
import { runLiquidation } from './run-liquidation.ts'

const root = fileURLToPath(new URL('../../../../../shared/vectors/margin/', import.meta.url))
const present = existsSync(root)
if (!present) console.log(`margin vectors are not run: there is no ${root}`)

const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const environment = (): CaseContext => ({ environment: parseExactJson(read('environment.json')) })

function judge(unread: UnreadCase, context: CaseContext) {
  if (unread.format === 'liquidation') {
    const run = unread.read(context)
    return liquidationDifferences(runLiquidation(run), run)
  }
  const { model, snapshot, account, expected } = unread.read(context)
  expect(expected.initialMargin).toBeTypeOf('number')
  return differences(evaluate(model, snapshot, account), expected)
}

function runFile(path: string, format: CaseFormat, count: number, context: CaseContext): void {
  const cases = readMarginCases(read(path), path) ?? []
  expect(cases.map((each) => each.format)).toEqual(Array.from({ length: count }, () => format))
  for (const each of cases) expect(judge(each, context), `${path} ${each.name}`).toEqual([])
}

describe.runIf(present)('published cases', () => {
  it('PMRM_2: margins, marks, basis and every scenario of every file', () => {
    const folder = 'PMRM_2/portfolio_cases/'
    const files = readdirSync(`${root}${folder}`).filter((name) => name.endsWith('.json'))
    expect(files.length).toBeGreaterThanOrEqual(100)
    for (const name of files) runFile(`${folder}${name}`, 'PMRM_2', 1, {})
  })

  it('PMRM, StandardManager and auctions, with the settings beside them and without', () => {
    for (const context of [environment(), {}]) {
      runFile('PMRM/testAndVerifyScenarios.json', 'PMRM', 21, context)
      runFile('StandardManager/test-cases.json', 'StandardManager', 28, context)
      runFile('liquidation/liquidationTests.json', 'liquidation', 8, context)
    }
  })

  it('a figure that is off by 10⁻⁷ is told', () => {
    const text = read('PMRM_2/portfolio_cases/test_29_perps_basic_perp.json')
    const file = JSON.parse(text) as { Result: { IM: number; MM: number } }
    file.Result.MM *= 1 + 1e-7
    const [unread] = readMarginCases(JSON.stringify(file), 'changed') ?? []
    expect(judge(unread!, {}).map(({ figure }) => figure)).toEqual(['maintenance margin'])
  })

  it('parameters beside the file go before the published ones', () => {
    const settings = JSON.parse(read('environment.json')) as Record<
      string,
      { parameters: { margin: { imFactor: number } } }
    >
    settings['PMRM/testAndVerifyScenarios.json']!.parameters.margin.imFactor = 1.4
    const context = { environment: parseExactJson(JSON.stringify(settings)) }
    const [first] = readMarginCases(read('PMRM/testAndVerifyScenarios.json'), 'file') ?? []
    expect(judge(first!, context).map(({ figure }) => figure)).toEqual(['initial margin'])
  })
})
