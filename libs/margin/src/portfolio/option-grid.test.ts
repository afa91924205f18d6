import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { ScenarioModel } from '../model/risk-model.ts'
import { black76 } from '../pricing/black76.ts'
import { sviVolatility } from '../pricing/svi.ts'
import type { OptionTerms } from './account.ts'
import { EXPIRY_DAYS, expiryOf, MARKET } from './market.fixture.ts'
import type { MarketSnapshot } from './market-snapshot.ts'
import { createRiskMarket, type RiskMarket } from './risk-market.ts'

const pm2 = readRiskModel('pm2') as ScenarioModel
const YEAR = 31_536_000

const terms: OptionTerms[] = EXPIRY_DAYS.flatMap((days) =>
  [1_500, 2_900, 3_000, 6_000].flatMap((strike) =>
    [true, false].map((isCall) => ({
      underlying: 'ETH',
      expirySeconds: Math.round(days * 86_400),
      strike,
      isCall,
    })),
  ),
)

/** Rows of an option, read by its terms. */
function rowsOf(
  { options, plan, grid }: RiskMarket,
  { strike, isCall }: OptionTerms,
  expiry: number,
): Float64Array {
  const index = (isCall ? options.calls : options.puts)[expiry]!.get(strike)!
  return grid.subarray(index * plan.rows, (index + 1) * plan.rows)
}

function expiryNumber({ expiries, underlyings }: RiskMarket, { expirySeconds }: OptionTerms): number {
  return expiries.indexOf[underlyings.indexOf.get('ETH')!]!.get(expirySeconds)!
}

/** Each option, each row: what the row is, and its value. */
function forEachRow(
  market: RiskMarket,
  check: (option: OptionTerms, expiry: number, row: number, value: number) => void,
): void {
  for (const option of terms) {
    const expiry = expiryNumber(market, option)
    rowsOf(market, option, expiry).forEach((value, row) => check(option, expiry, row, value))
  }
}

describe('option grid', () => {
  const market = createRiskMarket(pm2, MARKET, terms)
  const { expiries, plan } = market

  it('has each option in each row once', () => {
    expect(market.options.count).toBe(terms.length)
    expect(market.grid.length).toBe(terms.length * plan.rows)
    // 33 scenarios, the mark and the two forward-only moves, which are scenarios of the list, too
    expect(plan.rows).toBe(33)
  })

  it('is Black-76 at the shocked forward and volatility', () => {
    forEachRow(market, (option, expiry, row, value) => {
      const days = expiries.secondsLeft[expiry]! / 86_400
      const growth = (30 / Math.max(1, days)) ** (days <= 30 ? 0.3 : 0.13)
      const vol = sviVolatility(expiries.snapshots[expiry]!.surface!, option.strike)
      const direction = plan.vol[row]!
      if (direction === 'linearSkew' || direction === 'absoluteSkew') return
      const shocked =
        direction === 'up'
          ? Math.max(0.4, vol * (1 + 0.5 * growth))
          : direction === 'down'
            ? vol * Math.max(0, 1 - 0.3 * growth)
            : vol
      const forward = expiries.forwardFixed[expiry]! + expiries.forwardVariable[expiry]! * plan.spot[row]!
      const root = Math.sqrt(expiries.secondsLeft[expiry]! / YEAR)
      const discount = Math.exp((-0.04 * expiries.secondsLeft[expiry]!) / YEAR)
      const expected = black76(forward, option.strike, shocked * root, discount, option.isCall)
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * (forward + option.strike))
    })
  })

  it('row 0 is today’s mark, to the bit of the scalar formula', () => {
    forEachRow(market, ({ strike, isCall }, expiry, row, value) => {
      if (row !== 0) return
      const vol = sviVolatility(expiries.snapshots[expiry]!.surface!, strike)
      const deviation = vol * expiries.rootYears[expiry]!
      expect(value).toBe(
        black76(expiries.forward[expiry]!, strike, deviation, expiries.discount[expiry]!, isCall),
      )
    })
  })

  it('a skew leaves the volatility at the forward, and moves the wings', () => {
    const linear = plan.vol.indexOf('linearSkew')
    const absolute = plan.vol.indexOf('absoluteSkew')
    const valueOf = (strike: number, isCall: boolean, row: number) => {
      const option = { underlying: 'ETH', expirySeconds: 30 * 86_400, strike, isCall }
      return rowsOf(market, option, expiryNumber(market, option))[row]!
    }
    // Strikes above the forward: both up. Below: linear down, absolute up
    expect(valueOf(6_000, true, linear)).toBeGreaterThan(valueOf(6_000, true, 0))
    expect(valueOf(6_000, true, absolute)).toBe(valueOf(6_000, true, linear))
    expect(valueOf(1_500, false, linear)).toBeLessThan(valueOf(1_500, false, 0))
    expect(valueOf(1_500, false, absolute)).toBeGreaterThan(valueOf(1_500, false, 0))
  })

  it('the whole of a skew by hand', () => {
    const option = { underlying: 'ETH', expirySeconds: 30 * 86_400, strike: 6_000, isCall: true }
    const expiry = expiryNumber(market, option)
    const root = Math.sqrt(30 / 365)
    const forward = expiries.forward[expiry]!
    const limit = 0.25 - 0.1 * root
    const kStar = Math.max(0.01, root * 4 * 0.6)
    const multiplier = 1 + Math.min(limit, (Math.log(6_000 / forward) * limit) / kStar)
    const vol = sviVolatility(expiries.snapshots[expiry]!.surface!, 6_000)
    const expected = black76(forward, 6_000, vol * multiplier * root, Math.exp((-0.04 * 30) / 365), true)
    expect(rowsOf(market, option, expiry)[plan.vol.indexOf('linearSkew')]).toBeCloseTo(expected, 9)
  })

  it('within the settlement window only the variable part moves', () => {
    const option = terms[0]!
    const expiry = expiryNumber(market, option)
    expect(expiries.forwardFixed[expiry]! / expiries.forward[expiry]!).toBeCloseTo(1 / 3, 12)
    const up = plan.spot.indexOf(1.18)
    const [mark, shocked] = [0, up].map((row) => rowsOf(market, option, expiry)[row]!)
    expect(shocked! - mark!).toBeCloseTo(expiries.forwardVariable[expiry]! * 0.18, 2)
  })

  it('marks go before the surface; options of other underlyings have their own', () => {
    const eth = MARKET.underlyings[1]!
    const marked: MarketSnapshot = {
      ...MARKET,
      underlyings: [
        {
          ...eth,
          expiries: [{ ...expiryOf(3_000, 30), markVols: [{ strike: 3_000, isCall: true, volatility: 2 }] }],
        },
      ],
      assets: [],
    }
    const call = { underlying: 'ETH', expirySeconds: 30 * 86_400, strike: 3_000, isCall: true }
    const put = { ...call, isCall: false }
    const { options } = createRiskMarket(pm2, marked, [put, call])
    expect([...options.isCall]).toEqual([1, 0])
    expect(options.volatility[0]).toBe(2)
    expect(options.volatility[1]).toBe(sviVolatility(expiryOf(3_000, 30).surface!, 3_000))
  })

  it('models without scenarios have the mark alone, at discount 1', () => {
    const plain = createRiskMarket(readRiskModel('standard'), MARKET, terms)
    expect(plain.plan.rows).toBe(1)
    forEachRow(plain, ({ strike, isCall }, expiry, _, value) => {
      const vol = sviVolatility(plain.expiries.snapshots[expiry]!.surface!, strike)
      const deviation = vol * plain.expiries.rootYears[expiry]!
      expect(value).toBe(black76(plain.expiries.forward[expiry]!, strike, deviation, 1, isCall))
    })
  })
})
