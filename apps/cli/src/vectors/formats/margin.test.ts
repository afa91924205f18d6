import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runVectors } from '../run-vectors.ts'

const shared = fileURLToPath(new URL('../../../../../../shared/vectors/margin', import.meta.url))
const present = existsSync(shared)
if (!present) console.log(`margin vectors are not run: there is no ${shared}`)

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'margin-vectors-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

function write(path: string, content: unknown): void {
  mkdirSync(join(directory, dirname(path)), { recursive: true })
  writeFileSync(join(directory, path), typeof content === 'string' ? content : JSON.stringify(content))
}

function run(path = directory) {
  const lines: string[] = []
  const { passed, failed } = runVectors(path, (line) => lines.push(line))
  expect(lines.at(-1)).toBe(`${passed} passed, ${failed} failed`)
  return { passed, failed, lines: lines.slice(0, -1) }
}

/** One short perpetual of 1,000 under pm2: worst −180, charges 40 and 30. */
const own = {
  format: 'causeway-margin/1',
  model: 'pm2',
  market: { timeSeconds: 0, underlyings: [{ name: 'ETH', spot: 1000, perp: { price: 1000 } }] },
  account: { cash: 500, perps: [{ underlying: 'ETH', size: -1, quote: 1000 }] },
  expected: { initialMargin: 280, maintenanceMargin: 326 },
}

/** A PMRM case of one long perpetual of 1,000: worst −150, charge 20; integers in units of 10⁻¹⁸. */
const pmrmCase = (initial: number, maintenance: number) => {
  const units = (value: number) => `#${BigInt(value) * 10n ** 18n}#`
  const lists = ['OptionExpiries', 'OptionStrikes', 'OptionIsCall', 'OptionAmounts', 'OptionVols']
  const feeds = [
    'FeedExpiries',
    'Forwards',
    'ForwardsFixed',
    'ForwardsVariable',
    'ForwardConfidences',
    'Rates',
  ]
  const Scenario = {
    ...Object.fromEntries(
      [...lists, ...feeds, 'RateConfidences', 'OptionVolConfidences'].map((name) => [name, []]),
    ),
    ...{
      Cash: units(500),
      Perps: units(1),
      Base: units(0),
      SpotPrice: units(1000),
      SpotConfidence: units(1),
    },
    ...{ PerpPrice: units(1000), PerpConfidence: units(1), StablePrice: units(1) },
    ...{ UnrealisedPerpPNL: units(0), UnrealisedFunding: units(0) },
  }
  const Result = { InitialMarginHand: units(initial), MaintenanceMarginHand: units(maintenance) }
  return JSON.stringify({ Test1: { Scenario, Result } }).replaceAll(/"#(-?\d+)#"/g, '$1')
}

describe('margin vectors', () => {
  it('our own format: a case passes, a wrong figure is told on one line', () => {
    write('good.json', own)
    write('wrong.json', { ...own, expected: { initialMargin: 280, maintenanceMargin: 326.00001 } })
    const { passed, failed, lines } = run()
    expect([passed, failed]).toEqual([1, 1])
    expect(lines).toEqual([
      expect.stringMatching(/^FAIL wrong.json: maintenance margin is 326\S*, expected 326.00001$/),
    ])
  })

  it('a case that can not be read, or has nothing to compare with, fails', () => {
    write('a.json', { ...own, account: { cash: null } })
    write('b.json', { ...own, expected: {} })
    write('c.json', { ...own, account: { ...own.account, cash: 5e20 } })
    const { failed, lines } = run()
    expect(failed).toBe(3)
    expect(lines[0]).toContain('account.cash: a number is expected, not null')
    expect(lines[1]).toContain('no initial and maintenance margin')
    expect(lines[2]).toContain('a number within')
  })

  it('environment.json belongs to its cases, beside them or above; alone it is no vector', () => {
    write('PMRM/cases.json', pmrmCase(279, 330))
    expect(run()).toEqual({ passed: 1, failed: 0, lines: [] })
    const settings = JSON.parse(JSON.stringify(environment)) as typeof environment
    settings['PMRM/cases.json'].parameters.otherContingency.perpPercent = 0.05
    write('environment.json', settings)
    // 5 % instead of 2 %: maintenance −30, initial −39
    expect(run().failed).toBe(1)
    write('PMRM/cases.json', pmrmCase(240, 300))
    expect(run()).toEqual({ passed: 1, failed: 0, lines: [] })
    rmSync(join(directory, 'PMRM'), { recursive: true })
    expect(run().lines).toEqual(['FAIL environment.json: no format claims this file'])
  })

  it('numbers are read from the text, digit by digit', () => {
    const confident = JSON.stringify({ ...own, expected: { initialMargin: 280, maintenanceMargin: 326 } })
    write('at.json', confident.replace('"price":1000}', '"price":1000,"confidence":0.55}'))
    write('below.json', confident.replace('"price":1000}', '"price":1000,"confidence":0.549999999999999999}'))
    const { passed, lines } = run()
    expect(passed).toBe(1)
    expect(lines).toEqual([expect.stringContaining('FAIL below.json: initial margin is -169.99')])
  })
})

describe.runIf(present)('the published vectors', () => {
  it('all pass', () => {
    const { passed, failed, lines } = run(shared)
    expect(lines).toEqual([])
    expect(failed).toBe(0)
    expect(passed).toBeGreaterThanOrEqual(162)
  })

  it('a copy with one digit changed fails by its name', () => {
    const text = readFileSync(join(shared, 'liquidation/liquidationTests.json'), 'utf8')
    write('changed.json', text.replace('"PreFMax": 5718615', '"PreFMax": 5718617'))
    const { failed, lines } = run()
    expect(failed).toBe(1)
    expect(lines[0]).toMatch(/^FAIL changed.json Test\d: bid 0 PreFMax is 0.57186\d*, expected 0.57186/)
  })
})

const environment = {
  'PMRM/cases.json': {
    parameters: {
      basisContingency: {
        scenarioSpotUp: 1.05,
        scenarioSpotDown: 0.95,
        basisContAddFactor: 0.25,
        basisContMultFactor: 0.01,
      },
      otherContingency: {
        pegLossThreshold: 0.98,
        pegLossFactor: 2,
        confThreshold: 0.6,
        confMargin: 0.5,
        basePercent: 0.02,
        perpPercent: 0.02,
        optionPercent: 0.01,
      },
      margin: { imFactor: 1.3, baseStaticDiscount: 0.95, rateMultScale: 4, rateAddScale: 0.05 },
      volShock: {
        volRangeUp: 0.45,
        volRangeDown: 0.3,
        shortTermPower: 0.3,
        longTermPower: 0.13,
        dteFloorSeconds: 86400,
      },
    },
    scenarios: [
      { spotShock: '1.15', volShock: 'Up' },
      { spotShock: '0.85', volShock: 'Up' },
    ],
  },
}
