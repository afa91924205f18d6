// Numbers that stand on a threshold: published cases do, to the last of 18 digits.
import { describe, expect, it } from 'vitest'
import { evaluate } from '../requirement/evaluate.ts'
import { readMarginCases } from './read-margin-cases.ts'

const PARAMETERS = {
  Scenarios: [{ SpotShock: 1.1, VolShockDirection: 'Up', DampeningFactor: 1 }],
  SkewShock: {
    LINEAR_SCALE_CAP: 0.15,
    LINEAR_CBASE: -0.05,
    ABS_SCALE_CAP: 0.15,
    ABS_CBASE: -0.05,
    MIN_K_STAR: 0.01,
    MIN_WIDTH_SCALE: 4,
    VOL_PARAM_STATIC: 0.6,
    VOL_PARAM_SCALE: -0.1,
  },
  VolShock: {
    VOLRANGEUP: 0.5,
    MIN_VOL_EVAL_SHOCKED: 0.45,
    VOLRANGEDOWN: 0.275,
    SHORTTERMPOWER: 0.3,
    LONGTERMPOWER: 0.13,
    DTE_FLOOR: 1,
  },
  Margin: {
    MM_LOSS_FACTOR: 0.8,
    IM_LOSS_FACTOR: 1,
    SHORT_RATE_MULTSCALE: 0.5,
    LONG_RATE_MULTSCALE: 1,
    SHORT_RATE_ADDSCALE: 0.08,
    LONG_RATE_ADDSCALE: 0.08,
    BASE_STATIC_DISCOUNT: 0.95,
    BASE_STATIC_DISCOUNT_NEG: 1.04,
  },
  BasisContingency: {
    SCENARIO_SPOT_UP: 1.045,
    SCENARIO_SPOT_DOWN: 0.955,
    BASIS_CONT_ADD_FACTOR: 0.5,
    BASIS_CONT_MULT_FACTOR: 2,
  },
  OtherContingency: {
    PEG_LOSS_THRESHOLD: 0.98,
    PEG_LOSS_FACTOR: 2,
    CONF_THRESHOLD: 0.55,
    CONF_MARGIN: 1,
    MM_PERP_PERCENT: 0.015,
    IM_PERP_PERCENT: 0.005,
    MM_OPTION_PERCENT: 0.003,
    IM_OPTION_PERCENT: 0.002,
  },
}

/** A PMRM_2 case with one short perpetual of 1,000; numbers may be texts, to hold any digits. */
function pmrm2(scenario: object, options: readonly object[] = [], feeds: readonly object[] = []): string {
  const Scenario = {
    Cash: 0,
    Collaterals: [],
    SpotPrice: 1000,
    SpotConfidence: 1,
    NumPerps: -1,
    PerpPrice: 1000,
    PerpConfidence: 1,
    UnrealisedPerpPNL: 0,
    UnrealisedFunding: 0,
    StablePrice: 1,
    Options: options,
    OptionFeeds: feeds,
    ...scenario,
  }
  return JSON.stringify({ Scenario, Parameters: PARAMETERS, Result: {} })
}

function evaluateText(text: string) {
  const [unread] = readMarginCases(text, 'case') ?? []
  if (!unread || unread.format === 'liquidation') throw new Error('not the expected format')
  const { model, snapshot, account } = unread.read()
  return evaluate(model, snapshot, account)
}

describe('thresholds are compared to the last digit', () => {
  it('confidence: below, not at', () => {
    const chargeAt = (PerpConfidence: string | number) =>
      evaluateText(pmrm2({ PerpConfidence })).initialCharges.confidence
    expect(chargeAt('0.55')).toBe(0)
    expect(chargeAt(0.55)).toBe(0)
    expect(chargeAt('0.550000000000000001')).toBe(0)
    expect(chargeAt('0.549999999999999999')).toBeCloseTo(450, 9)
    expect(Number('0.549999999999999999')).toBe(0.55)
  })

  it('the same as a bare JSON number, whose digits a double would lose', () => {
    const text = pmrm2({}).replace('"PerpConfidence":1', '"PerpConfidence":0.549999999999999999')
    expect(evaluateText(text).initialCharges.confidence).toBeCloseTo(450, 9)
    const threshold = pmrm2({ PerpConfidence: 0.55 }).replace(
      '"CONF_THRESHOLD":0.55',
      '"CONF_THRESHOLD":0.550000000000000001',
    )
    expect(evaluateText(threshold).initialCharges.confidence).toBeCloseTo(450, 9)
  })

  it('stable price: the loss factor grows below the threshold only', () => {
    const factorAt = (StablePrice: string) => evaluateText(pmrm2({ StablePrice })).lossFactors.initial
    expect(factorAt('0.98')).toBe(1)
    expect(factorAt('0.980000000000000001')).toBe(1)
    expect(factorAt('0.97')).toBeCloseTo(1.02, 15)
  })

  it('half an hour before expiry: the forward begins to be fixed', () => {
    const lossAt = (seconds: number) => {
      const feed = {
        FeedExpiry: seconds,
        Forward: 1000,
        ForwardConfidence: 1,
        Rate: 0,
        RateConfidence: 1,
        SVIparam: ['0.000001', '0', '0', '0', '0.1', 1000, '0.0001'],
        OptionVolConfidences: 1,
      }
      const option = { Expiry: seconds, Strike: 900, IsCall: 1, Amount: -1 }
      const { underlyings } = evaluateText(pmrm2({ NumPerps: 0, PerpPrice: 0 }, [option], [feed]))
      return underlyings[0]!.scenarioProfits[0]!
    }
    // +10 % of the variable part of the forward is lost, and a discount that is capped at 1
    expect(lossAt(3_600)).toBeCloseTo(-100, 6)
    expect(lossAt(1_800)).toBeCloseTo(-100, 6)
    expect(lossAt(900)).toBeCloseTo(-50, 6)
    expect(lossAt(0)).toBe(0)
  })

  it('whole numbers are whole: an expiry that is none is refused', () => {
    const feed = (FeedExpiry: unknown) => ({ FeedExpiry, Forward: 1, Rate: 0 })
    expect(() => evaluateText(pmrm2({}, [], [feed('1800.5')]))).toThrow('a whole number is expected')
    expect(() => evaluateText(pmrm2({}, [], [feed('1800.000000000000000001')]))).toThrow('a whole number')
  })
})

describe('StandardManager: an expiry under 3600 s is marked at the settlement price', () => {
  const scaled = (units: number) => BigInt(units) * 10n ** 18n
  const text = (expiry: number, confidence: bigint) => {
    const Scenario = {
      ...{
        OptionUnderlying: ['ETH'],
        OptionExpiries: [expiry],
        OptionStrikes: [scaled(1_000)],
        OptionIsCall: [1],
      },
      ...{ OptionAmounts: [scaled(-1)], OptionVols: [0], OptionVolConfidences: [confidence], Cash: 0 },
      ...{
        Perps_ETH: 0,
        Perps_BTC: 0,
        wETH: 0,
        wBTC: 0,
        ETHSpotPrice: scaled(1_000),
        BTCSpotPrice: scaled(1),
      },
      SpotPerpConfidences: [
        [scaled(1), scaled(1)],
        [scaled(1), scaled(1)],
      ],
      ...{ FeedExpiries: [expiry], Forwards: [scaled(1_200)], ForwardConfidences: [scaled(1)] },
      ...{ USDCValue: scaled(1), PerpPrice: [scaled(1_000), scaled(1)], SettlementPriceETH: scaled(1_100) },
    }
    return JSON.stringify({ Test: { Scenario, Result: {} } }, (_, value: unknown) =>
      typeof value === 'bigint' ? `#${value}#` : value,
    ).replaceAll(/"#(-?\d+)#"/g, '$1')
  }

  it('at 3599 s, not at 3600 s', () => {
    const full = scaled(1)
    expect(evaluateText(text(3_599, full)).value).toBe(-100)
    expect(evaluateText(text(3_600, full)).value).toBe(-200)
  })

  it('its confidence threshold is exact, too', () => {
    expect(evaluateText(text(3_600, 400_000_000_000_000_000n)).initialCharges.confidence).toBe(0)
    expect(evaluateText(text(3_600, 399_999_999_999_999_999n)).initialCharges.confidence).toBeCloseTo(240, 9)
  })
})
