// Underlyings, assets, penalties and open interest: what doesn't depend on an account.
import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { ScenarioModel, StandardModel } from '../model/risk-model.ts'
import { assetTable } from './asset-table.ts'
import { confidencePenalty } from './confidence-penalty.ts'
import { linearCharges } from './linear-charges.ts'
import { MARKET, ONE } from './market.fixture.ts'
import type { AssetSnapshot, MarketSnapshot } from './market-snapshot.ts'
import { openInterestFraction } from './open-interest.ts'
import { createRiskMarket } from './risk-market.ts'
import { perpIndex, underlyingTable } from './underlying-table.ts'

const pm2 = readRiskModel('pm2') as ScenarioModel
const pm1 = readRiskModel('pm1') as ScenarioModel
const standard = readRiskModel('standard') as StandardModel
const linear = readRiskModel('linear')

describe('underlyings', () => {
  it('are ascending by name and know their offset group', () => {
    const sol = { ...MARKET.underlyings[0]!, name: 'SOL' }
    const snapshot: MarketSnapshot = { ...MARKET, underlyings: [sol, ...MARKET.underlyings] }
    const { names, group, lambda } = underlyingTable(pm2, snapshot)
    expect(names).toEqual(['BTC', 'ETH', 'SOL'])
    expect([...group]).toEqual([0, 0, 1])
    expect([...lambda]).toEqual([0.5, 0])
  })

  it('a perpetual that does not exist has no index', () => {
    const { perp: _, ...bare } = MARKET.underlyings[0]!
    const table = underlyingTable(pm2, { ...MARKET, underlyings: [bare] })
    expect(table.perp[0]).toBeNaN()
    expect(() => perpIndex(table, 'BTC')).toThrow('the perpetual of BTC is not in the market')
    expect(() => perpIndex(table, 'x'.repeat(500))).toThrow(/^x{80} is not in the market$/)
  })

  it('the peg is lost below its threshold, by the exact difference', () => {
    const lossAt = (stablePrice: bigint) => createRiskMarket(pm2, { ...MARKET, stablePrice }).pegLoss
    expect(lossAt(ONE)).toBe(0)
    expect(lossAt((ONE * 99n) / 100n)).toBe(0)
    expect(lossAt((ONE * 99n) / 100n - 1n)).toBe(4e-18)
    expect(lossAt((ONE * 89n) / 100n)).toBe(0.1 * 4)
    expect(createRiskMarket(linear, { ...MARKET, stablePrice: 1n }).pegLoss).toBe(0)
  })
})

describe('confidence', () => {
  it('costs below the threshold only, compared to the last digit', () => {
    const at = (confidence: bigint) => confidencePenalty(pm2, 'perp', confidence)
    expect(at(ONE)).toBe(0)
    expect(at(550_000_000_000_000_000n)).toBe(0)
    expect(at(549_999_999_999_999_999n)).toBeCloseTo(0.45, 15)
    expect(at(0n)).toBe(1)
  })

  it('the standard model has a threshold for each kind', () => {
    const odd = {
      ...standard,
      confidence: {
        perpThreshold: ONE / 2n,
        optionThreshold: ONE / 4n,
        collateralThreshold: 0n,
        factor: 2,
      },
    }
    const at = (kind: 'perp' | 'option' | 'collateral') => confidencePenalty(odd, kind, ONE / 5n)
    expect([at('perp'), at('option'), at('collateral')]).toEqual([1.6, 1.6, 0])
    expect(confidencePenalty(odd, 'option', ONE / 4n)).toBe(0)
    expect(confidencePenalty(odd, 'perp', ONE / 4n)).toBe(1.5)
    expect(confidencePenalty(linear, 'perp', 0n)).toBe(0)
  })
})

describe('open interest', () => {
  const model = { ...pm2, openInterest: [{ underlying: 'ETH', base: 0.1, lower: 100, upper: 300 }] }

  it('grows in a straight line from the base to 1, and stays', () => {
    const at = (openInterest: number) => openInterestFraction(model, 'ETH', openInterest)
    expect([0, 100, 200, 300, 1e9].map(at)).toEqual([0.1, 0.1, 0.55, 1, 1])
    expect(openInterestFraction(model, 'BTC', 1e9)).toBe(0)
  })

  it('an underlying’s own row goes before that of all', () => {
    const both = {
      ...model,
      openInterest: [{ underlying: '*', base: 0.5, lower: 0, upper: 1 }, ...model.openInterest],
    }
    expect(openInterestFraction(both, 'ETH', 0)).toBe(0.1)
    expect(openInterestFraction(both, 'SOL', 0)).toBe(0.5)
  })

  it('what 1.0 of a market requires, by model', () => {
    const market = { underlying: 'ETH', spot: 100, mark: 110, confidence: ONE / 2n, openInterest: 200 }
    expect(linearCharges(model, market)).toEqual({
      maintenance: 3,
      initial: 4,
      penalty: 50,
      surcharge: expect.closeTo(0.45 * 110, 9) as number,
    })
    expect(linearCharges(standard, market)).toEqual({
      maintenance: 5.5,
      initial: expect.closeTo(7.15, 9) as number,
      penalty: 0,
      surcharge: 0,
    })
    const shares = { ...linear, openInterest: model.openInterest } as typeof linear
    expect(linearCharges(shares, market)).toEqual({
      maintenance: expect.closeTo(6.6, 9) as number,
      initial: expect.closeTo(60.5, 9) as number,
      penalty: 0,
      surcharge: 0,
    })
  })
})

describe('assets', () => {
  const asset: AssetSnapshot = {
    name: 'WETH',
    price: 90,
    confidence: ONE,
    maintenanceHaircut: 0.2,
    initialHaircut: 0.1,
    underlying: 'ETH',
    cancelsRisk: true,
  }
  const market = (change: Partial<AssetSnapshot> = {}, perpConfidence = ONE): MarketSnapshot => ({
    ...MARKET,
    stablePrice: (ONE * 9n) / 10n,
    underlyings: MARKET.underlyings.map((each) => ({
      ...each,
      perp: { ...each.perp!, confidence: perpConfidence },
    })),
    assets: [{ ...asset, ...change }],
  })
  const table = (model: typeof pm2 | StandardModel, snapshot: MarketSnapshot) =>
    assetTable(model, snapshot, underlyingTable(model, snapshot))

  it('are worth price ÷ stable price; each model takes haircuts of something else', () => {
    const charges = (model: typeof pm2 | StandardModel) => {
      const { value, maintenanceCharge, initialCharge } = table(model, market())
      return [value[0], maintenanceCharge[0], initialCharge[0]].map((each) => Number(each!.toFixed(9)))
    }
    expect(charges(pm2)).toEqual([100, 20, 30])
    expect(charges(pm1)).toEqual([100, 18, 27])
    expect(charges(standard)).toEqual([100, 28, 37])
  })

  it('low confidence: its own feed and its underlying’s spot; in pm1 a held perpetual’s, too', () => {
    const low = ONE / 4n
    const penalties = (model: typeof pm2, snapshot: MarketSnapshot) =>
      table(model, snapshot).penalty.map((each) => Number(each[0]!.toFixed(9)))
    expect(penalties(pm2, market())).toEqual([0, 0])
    expect(penalties(pm2, market({ confidence: low }))).toEqual([75, 75])
    expect(penalties(pm1, market({ confidence: low }))).toEqual([33.75, 33.75])
    expect(penalties(pm2, market({}, low))).toEqual([0, 0])
    expect(penalties(pm1, market({}, low))).toEqual([0, 33.75])
  })

  it('belong to an underlying or to none', () => {
    const { underlying: _, cancelsRisk: __, ...bare } = asset
    expect(table(pm2, { ...market(), assets: [bare] }).underlying[0]).toBe(-1)
    expect(table(pm2, market()).underlying[0]).toBe(1)
    expect([...table(pm2, market()).cancelsRisk]).toEqual([1])
  })
})
