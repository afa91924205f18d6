// What each public format means, member by member.
import { describe, expect, it } from 'vitest'
import { evaluate } from '../requirement/evaluate.ts'
import { parseExactJson } from './exact-number.ts'
import type { MarginCase } from './margin-case.ts'
import {
  PMRM2_PARAMETERS,
  PMRM2_SCENARIO,
  PMRM_SCENARIO,
  STANDARD_SCENARIO,
  text,
  units,
} from './public-cases.fixture.ts'
import { readMarginCases } from './read-margin-cases.ts'

const ONE = 10n ** 18n

function readOne(file: unknown, format: string, environment?: unknown): MarginCase {
  const [unread, ...more] = readMarginCases(text(file), 'file.json') ?? []
  expect(more).toEqual([])
  expect(unread?.format).toBe(format)
  if (!unread || unread.format === 'liquidation') throw new Error('a case is expected')
  return unread.read(environment === undefined ? {} : { environment: parseExactJson(text(environment)) })
}

const pmrm2 = (scenario: object = {}, Result: object = {}) =>
  readOne({ Scenario: { ...PMRM2_SCENARIO, ...scenario }, Parameters: PMRM2_PARAMETERS, Result }, 'PMRM_2')
const pmrm = (scenario: object = {}, Result: object = {}, environment?: unknown) =>
  readOne({ Test1: { Scenario: { ...PMRM_SCENARIO, ...scenario }, Result } }, 'PMRM', environment)
const standard = (scenario: object = {}, Result: object = {}, environment?: unknown) =>
  readOne(
    { Test1: { Scenario: { ...STANDARD_SCENARIO, ...scenario }, Result } },
    'StandardManager',
    environment,
  )

describe('PMRM_2', () => {
  it('takes parameters as they stand, a long discount above 1 too', () => {
    const { model } = pmrm2()
    expect(model).toMatchObject({
      kind: 'scenario',
      staticDiscount: {
        long: { base: 1.1, rateMultiplier: 1, rateAddend: 0.08 },
        short: { base: 0.9, rateMultiplier: 0.5, rateAddend: 0.07 },
      },
      skew: { linear: { cap: 0.15, slope: -0.05 }, absolute: { cap: 0.25, slope: -0.1 }, volSlope: -0.2 },
      volShock: { floorDays: 2, upVolMin: 0.45 },
      basis: { spotUp: 1.045, spotDown: 0.955, addend: 0.5, timeFactor: 2 },
      lossFactors: { maintenance: 0.8, initial: 1 },
      peg: { threshold: (ONE * 98n) / 100n, factor: 2 },
      contingencies: {
        perp: { maintenance: 0.015, initial: 0.005 },
        confidenceThreshold: (ONE * 55n) / 100n,
        collateralBasis: 'value',
      },
    })
    if (model.kind !== 'scenario') throw new Error('a scenario model is expected')
    expect(model.scenarios.map(({ spot, vol }) => [spot, vol])).toEqual([
      [1.1, 'up'],
      [0.9, 'down'],
      [1, 'none'],
      [1, 'absoluteSkew'],
      [1, 'linearSkew'],
    ])
  })

  it('reads the market, and adds up positions in one option', () => {
    const { snapshot, account } = pmrm2()
    expect(snapshot.underlyings[0]).toMatchObject({
      spot: 1000,
      perp: { price: 1010, confidence: (ONE * 9n) / 10n },
    })
    expect(snapshot.underlyings[0]!.expiries).toEqual([
      {
        ...{ expirySeconds: 86400, forwardFixed: 0, forwardVariable: 1001, rate: 0.05 },
        ...{ forwardConfidence: ONE, rateConfidence: (ONE * 8n) / 10n, volConfidence: (ONE * 7n) / 10n },
        surface: { a: 0.001, b: 0.01, rho: -0.1, m: 0, sigma: 0.1, forward: 1001, tau: 0.00273972602739726 },
      },
    ])
    expect(account.options!.map(({ strike, isCall, amount }) => [strike, isCall, amount])).toEqual([
      [1000, true, -0.75],
      [1100, false, 2],
    ])
    expect(account.cash).toBe(100.5)
    expect(account.perps![0]).toMatchObject({ size: -2, quote: 2020, unsettled: 5 })
  })

  it('assets of one name stay apart; all belong to the one underlying', () => {
    const { snapshot, account } = pmrm2()
    expect(snapshot.assets.map(({ name, cancelsRisk }) => [name, cancelsRisk])).toEqual([
      ['0 USDT', false],
      ['1 USDT', true],
    ])
    expect(new Set(snapshot.assets.map(({ underlying }) => underlying)).size).toBe(1)
    expect(account.collateral).toEqual([
      { asset: '0 USDT', amount: 10 },
      { asset: '1 USDT', amount: 1 },
    ])
  })

  it('without perpetuals their price and confidence mean nothing, their profit is cash', () => {
    const { snapshot, account } = pmrm2({ NumPerps: 0, PerpPrice: 0, PerpConfidence: 0 })
    expect(snapshot.underlyings[0]!.perp).toBeUndefined()
    expect(account.perps).toEqual([])
    expect(account.cash).toBe(105.5)
  })

  it('what is absent is nothing, and a feed that no option needs may hold anything', () => {
    const [feed] = PMRM2_SCENARIO.OptionFeeds
    const whole = pmrm2()
    const unused = { ...feed, FeedExpiry: 1, Forward: 0, SVIparam: [0, 0, 0, 0, 0, 0, 0] }
    const more = pmrm2({ OptionFeeds: [unused, ...PMRM2_SCENARIO.OptionFeeds, { ...feed, Forward: 1 }] })
    expect(more.snapshot).toEqual(whole.snapshot)
    const names = [
      'NumPerps',
      'UnrealisedPerpPNL',
      'UnrealisedFunding',
      'Collaterals',
      'Options',
      'OptionFeeds',
    ]
    const bare = pmrm2(Object.fromEntries(names.map((name) => [name, null])))
    expect(bare.account).toMatchObject({ perps: [], options: [], collateral: [] })
    expect(evaluate(bare.model, bare.snapshot, bare.account).worst).toBe(0)
  })

  it('without a surface the marks are used', () => {
    const { SVIparam: _, ...feed } = PMRM2_SCENARIO.OptionFeeds[0]!
    const { snapshot } = pmrm2({ OptionFeeds: [feed], Options: PMRM2_SCENARIO.Options.slice(1) })
    expect(snapshot.underlyings[0]!.expiries[0]!.markVols).toEqual([
      { strike: 1000, isCall: true, volatility: 9 },
      { strike: 1100, isCall: false, volatility: 9 },
    ])
  })

  it('reads results; a skew that moves the spot is not compared', () => {
    const { expected } = pmrm2(
      {},
      {
        ...{ IM: 1, MM: '2.5', PortfolioMTM: 3, OptionMTM: 4, CollateralMTM: 5, ForwardContingency: -6 },
        reg_losses: [
          ['0.1', 1, '-7'],
          ['-0.1', -1, '8'],
        ],
        tail_losses: [['0', 0, '9']],
        skew_losses: [
          ['ABS', '-10'],
          ['LINEAR_SPOT_SHOCK', '-11'],
        ],
      },
    )
    expect(expected).toEqual({
      ...{ initialMargin: 1, maintenanceMargin: 2.5, value: 3, optionMark: 4, collateralMark: 5, basis: -6 },
      scenarioProfits: [-7, 8, 9, -10, undefined],
    })
  })

  it('an option without a feed, an unknown direction, a row that is none are refused', () => {
    const { model, snapshot, account } = pmrm2({ OptionFeeds: [] })
    expect(() => evaluate(model, snapshot, account)).toThrow('is not in the market')
    const sideways = {
      ...PMRM2_PARAMETERS,
      Scenarios: [{ SpotShock: 1, VolShockDirection: 'Left', DampeningFactor: 1 }],
    }
    expect(() => readOne({ Scenario: PMRM2_SCENARIO, Parameters: sideways }, 'PMRM_2')).toThrow(
      'VolShockDirection: one of Up, None, Down, LINEAR, ABS is expected, not "Left"',
    )
    const negative = {
      ...PMRM2_PARAMETERS,
      Scenarios: [{ SpotShock: -0.1, VolShockDirection: 'Up', DampeningFactor: 1 }],
    }
    expect(() => readOne({ Scenario: PMRM2_SCENARIO, Parameters: negative }, 'PMRM_2')).toThrow(
      'not negative',
    )
    expect(() => pmrm2({}, { IM: 1, MM: 1, reg_losses: [5] })).toThrow('profit: a decimal is expected')
    expect(() => pmrm2({ StablePrice: 'soon' })).toThrow(
      'Scenario.StablePrice: a decimal is expected, not "soon"',
    )
  })
})

describe('parameters that overflow', () => {
  it('end in a typed error, not in NaN', () => {
    const Margin = { ...PMRM2_PARAMETERS.Margin, LONG_RATE_ADDSCALE: -1e9, BASE_STATIC_DISCOUNT: 1e300 }
    const Scenario = { ...PMRM2_SCENARIO, Options: [{ ...PMRM2_SCENARIO.Options[2], Amount: 1e9 }] }
    const { model, snapshot, account } = readOne(
      { Scenario, Parameters: { ...PMRM2_PARAMETERS, Margin } },
      'PMRM_2',
    )
    expect(() => evaluate(model, snapshot, account)).not.toThrow(RangeError)
    const Cash = '1e14'
    const other = { ...PMRM2_PARAMETERS.Margin, MM_LOSS_FACTOR: 1e308, IM_LOSS_FACTOR: 1e308 }
    const wild = readOne(
      { Scenario: { ...Scenario, Cash }, Parameters: { ...PMRM2_PARAMETERS, Margin: other } },
      'PMRM_2',
    )
    expect(() => evaluate(wild.model, wild.snapshot, wild.account)).toThrow('margin is no finite number')
  })

  it('a spot of 0 is a price like any other', () => {
    const Scenarios = [{ SpotShock: 0, VolShockDirection: 'Up', DampeningFactor: 1 }]
    const { model, snapshot, account } = readOne(
      { Scenario: PMRM2_SCENARIO, Parameters: { ...PMRM2_PARAMETERS, Scenarios } },
      'PMRM_2',
    )
    const { initialMargin, underlyings } = evaluate(model, snapshot, account)
    expect(Number.isFinite(initialMargin)).toBe(true)
    expect(Number.isFinite(underlyings[0]!.scenarioProfits[0]!)).toBe(true)
  })
})

describe('PMRM', () => {
  it('reads integers in units of 10⁻¹⁸ and forwards in two parts', () => {
    const { snapshot, account } = pmrm()
    expect(snapshot.underlyings[0]!.expiries).toMatchObject([
      {
        expirySeconds: 86400,
        forwardFixed: 1,
        forwardVariable: 1000,
        rate: 0.04,
        volConfidence: (ONE * 7n) / 10n,
      },
      { expirySeconds: 172800, forwardFixed: 0, forwardVariable: 1002, forwardConfidence: (ONE * 6n) / 10n },
    ])
    expect(snapshot.underlyings[0]!.expiries[0]!.markVols).toEqual([
      { strike: 1000, isCall: true, volatility: 0.8 },
    ])
    expect(account.options!.map(({ amount }) => amount)).toEqual([-0.75, 3])
    expect(account).toMatchObject({
      cash: 50,
      perps: [{ size: 1, quote: -1005, unsettled: 10 }],
      collateral: [{ asset: 'BASE', amount: 2 }],
    })
  })

  it('base assets cancel risk, at a haircut of the settings, priced at spot', () => {
    expect(pmrm().snapshot.assets[0]).toMatchObject({
      price: 1000,
      maintenanceHaircut: 0.02,
      cancelsRisk: true,
    })
  })

  it('contingencies of the result are one figure', () => {
    const Result = {
      ...{ InitialMarginHand: units(-1), MaintenanceMarginHand: units(2), PortfolioMTM: units(3) },
      ...{ ForwardContingency: units(-4), PerpContingency: units(-5), BaseContingency: units(-6) },
      OptionContingency: units(-7),
    }
    expect(pmrm({}, Result).expected).toEqual({
      ...{ initialMargin: -1, maintenanceMargin: 2, value: 3, basis: -4, maintenanceCharges: 18 },
    })
  })

  it('parallel arrays are parallel', () => {
    expect(() => pmrm({ OptionVols: [units(1)] })).toThrow(
      'OptionVols: a list of 3 items is expected, not a list of 1',
    )
    expect(() => pmrm({ Rates: [] })).toThrow('Rates: a list of 3 items')
  })

  it('an environment without the folder’s settings falls back to the published ones', () => {
    expect(pmrm({}, {}, { 'other/file.json': {} }).model).toEqual(pmrm().model)
    const broken = { 'PMRM/x.json': { parameters: {}, scenarios: [{ spotShock: 1, volShock: 'Sideways' }] } }
    expect(() => pmrm({}, {}, broken)).toThrow('volShock: one of Up, None, Down is expected')
  })
})

describe('StandardManager', () => {
  it('reads two markets; an expiry under an hour is marked at the settlement price', () => {
    const { snapshot } = standard()
    const [eth, btc] = snapshot.underlyings
    expect([eth!.name, btc!.name]).toEqual(['ETH', 'BTC'])
    expect(eth).toMatchObject({ spot: 1000, spotConfidence: (ONE * 95n) / 100n, perp: { price: 1010 } })
    expect(
      eth!.expiries.map(({ expirySeconds, forwardVariable }) => [expirySeconds, forwardVariable]),
    ).toEqual([
      [3599, 1007],
      [86400, 1002],
    ])
    expect(eth!.expiries[1]).toMatchObject({
      forwardConfidence: (ONE * 75n) / 100n,
      volConfidence: (ONE * 8n) / 10n,
      markVols: [{ strike: 1100, isCall: true, volatility: 0.7 }],
    })
    expect(btc!.expiries.map(({ forwardVariable }) => forwardVariable)).toEqual([20_010])
  })

  it('profit is measured from the last entry, funding by index', () => {
    const { account } = standard()
    // −3·(1010 − 990) and −(−3)·(6 − 4)
    expect(account.perps).toEqual([{ underlying: 'ETH', size: -3, quote: 2970, unsettled: 6 }])
    expect(account.collateral).toEqual([
      { asset: 'wETH', amount: 2 },
      { asset: 'wBTC', amount: 0 },
    ])
  })

  it('base assets count a tenth of their price', () => {
    const { model, snapshot, account } = standard({ OptionUnderlying: [], ...emptied() })
    const { maintenanceMargin, value } = evaluate(model, snapshot, account)
    // Cash 5, perpetual −60 + 6, 5 % of 3030, a tenth of 2000
    expect(value).toBeCloseTo(5 - 54 + 2000, 9)
    expect(maintenanceMargin).toBeCloseTo(5 - 54 - 151.5 + 200, 9)
  })

  it('compares both margins and the value', () => {
    const Result = { realIM: units(1), realMM: units(2), PortfolioMtM: units(3), HandMM: -1.5e20 }
    expect(standard({}, Result).expected).toEqual({ initialMargin: 1, maintenanceMargin: 2, value: 3 })
  })

  it('an option on a third market is refused', () => {
    const { model, snapshot, account } = standard({ OptionUnderlying: ['BTC', 'ETH', 'SOL'] })
    expect(() => evaluate(model, snapshot, account)).toThrow('SOL is not in the market')
  })
})

describe('what is in a file', () => {
  it('tables of one format may be mixed; one case that is none makes the file none', () => {
    const table = { a: { Scenario: PMRM_SCENARIO }, b: { Scenario: STANDARD_SCENARIO } }
    expect(readMarginCases(text(table), 'x')?.map(({ name, format }) => [name, format])).toEqual([
      ['a', 'PMRM'],
      ['b', 'StandardManager'],
    ])
    expect(readMarginCases(text({ ...table, c: 5 }), 'x')).toBeUndefined()
  })
})

function emptied() {
  const lists = Object.entries(STANDARD_SCENARIO).filter(([name]) => /^(Option|Feed|Forward)/.test(name))
  return Object.fromEntries(lists.map(([name]) => [name, []]))
}
