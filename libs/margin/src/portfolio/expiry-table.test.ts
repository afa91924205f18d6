import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { ScenarioModel } from '../model/risk-model.ts'
import { expiryIndex, expiryTable, YEAR_SECONDS } from './expiry-table.ts'
import { expiryOf, MARKET, ONE, underlyingOf } from './market.fixture.ts'
import type { ExpirySnapshot, MarketSnapshot } from './market-snapshot.ts'
import { splitForward } from './market-snapshot.ts'
import { underlyingTable } from './underlying-table.ts'

const pm2 = readRiskModel('pm2') as ScenarioModel
const pm1 = readRiskModel('pm1') as ScenarioModel
const DAY = 86_400

function tableOf(expiries: readonly ExpirySnapshot[], model = pm2, timeSeconds = 0) {
  const eth = { ...underlyingOf('ETH'), expiries }
  const snapshot: MarketSnapshot = { ...MARKET, timeSeconds, underlyings: [eth], assets: [] }
  return expiryTable(model, snapshot, underlyingTable(model, snapshot))
}

describe('expiry table', () => {
  it('is ascending by underlying and time, whatever the snapshot’s order', () => {
    const snapshot: MarketSnapshot = {
      ...MARKET,
      underlyings: [...MARKET.underlyings].reverse().map((each) => ({
        ...each,
        expiries: [...each.expiries].reverse(),
      })),
    }
    const table = expiryTable(pm2, snapshot, underlyingTable(pm2, snapshot))
    const keys = Array.from(table.underlying, (u, i) => u * 1e12 + table.expirySeconds[i]!)
    expect(keys).toEqual([...keys].sort((a, b) => a - b))
    const same = expiryTable(pm2, MARKET, underlyingTable(pm2, MARKET))
    expect(table.forward).toEqual(same.forward)
    const underlyings = underlyingTable(pm2, MARKET)
    expect(expiryIndex(same, underlyings, 'BTC', 7 * DAY)).toBe(2)
    expect(expiryIndex(same, underlyings, 'ETH', 7 * DAY)).toBe(7)
    expect(() => expiryIndex(same, underlyings, 'ETH', 8 * DAY)).toThrow('ETH 691200 is not in the market')
    expect(() => expiryIndex(same, underlyings, 'DOGE', 7 * DAY)).toThrow('DOGE is not in the market')
  })

  it('counts time from the snapshot’s clock, not below 0', () => {
    const expiries = [expiryOf(3_000, 1), expiryOf(3_000, 3)]
    expect([...tableOf(expiries, pm2, 2 * DAY).secondsLeft]).toEqual([0, DAY])
    expect(tableOf(expiries, pm2, 2 * DAY).years[1]).toBe(DAY / YEAR_SECONDS)
  })

  it('volatilities: power by the time left, floored at a day, down never below 0', () => {
    const { volUp, volDown } = tableOf([expiryOf(3_000, 0.5), expiryOf(3_000, 30), expiryOf(3_000, 120)])
    expect(volUp[0]).toBeCloseTo(1 + 0.5 * 30 ** 0.3, 12)
    expect(volDown[0]).toBeCloseTo(1 - 0.3 * 30 ** 0.3, 12)
    expect(volUp[1]).toBe(1.5)
    expect(volDown[1]).toBe(0.7)
    expect(volUp[2]).toBeCloseTo(1 + 0.5 * 0.25 ** 0.13, 12)
    const wild = { ...pm2, volShock: { ...pm2.volShock, rangeDown: 2 } }
    expect(tableOf([expiryOf(3_000, 1)], wild).volDown[0]).toBe(0)
  })

  it('without a floor a second is the least time that counts', () => {
    const bare = { ...pm2, volShock: { ...pm2.volShock, floorDays: 0 } }
    const { volUp } = tableOf([{ ...expiryOf(3_000, 1), expirySeconds: 0 }], bare)
    expect(volUp[0]).toBeCloseTo(1 + 0.5 * (30 * DAY) ** 0.3, 9)
  })

  it('static discounts: long down, short up, capped at what waiting earns', () => {
    const { longDiscount, shortDiscount, discount } = tableOf([expiryOf(3_000, 180)])
    const years = 180 / 365
    expect(discount[0]).toBeCloseTo(Math.exp(-0.04 * years), 15)
    expect(longDiscount[0]).toBeCloseTo(0.95 * Math.exp(-0.16 * years), 15)
    // 1.05·e^(0.16·T) is above 1 ÷ discount
    expect(shortDiscount[0]).toBe(1 / discount[0]!)
    const { shortDiscount: free } = tableOf([{ ...expiryOf(3_000, 180), rate: 5 }])
    expect(free[0]).toBeCloseTo(1.05 * Math.exp(0.16 * years), 12)
  })

  it('a negative rate counts as 0', () => {
    const { discount, shortDiscount } = tableOf([{ ...expiryOf(3_000, 180), rate: -0.5 }])
    expect(discount[0]).toBe(1)
    expect(shortDiscount[0]).toBe(1)
  })

  it('what is past has no static discount', () => {
    const { longDiscount, shortDiscount, basisFactor } = tableOf([
      { ...expiryOf(3_000, 1), expirySeconds: -5 },
    ])
    expect([longDiscount[0], shortDiscount[0], basisFactor[0]]).toEqual([1, 1, 0.5])
  })

  it('pm1: options at discount 1, negative values undiscounted', () => {
    const { discount, shortDiscount, longDiscount, basisFactor } = tableOf([expiryOf(3_000, 73)], pm1)
    expect([discount[0], shortDiscount[0]]).toEqual([1, 1])
    expect(longDiscount[0]).toBeCloseTo(0.95 * Math.exp(-0.2 * (0.04 * 4 + 0.05)), 15)
    expect(basisFactor[0]).toBeCloseTo(0.25 + 0.01 * 0.2, 15)
  })

  it('confidence of options: the least of spot, held perpetual, forward, rate and volatility', () => {
    const low = ONE / 2n
    const penalties = (change: Partial<ExpirySnapshot>) => {
      const { optionPenalty, futureCharges } = tableOf([{ ...expiryOf(3_000, 7), ...change }])
      return [optionPenalty[0][0], optionPenalty[1][0], futureCharges[0]!.penalty]
    }
    expect(penalties({})).toEqual([0, 0, 0])
    expect(penalties({ forwardConfidence: low })).toEqual([0.5, 0.5, 1_500])
    expect(penalties({ rateConfidence: low })).toEqual([0.5, 0.5, 0])
    expect(penalties({ volConfidence: low })).toEqual([0.5, 0.5, 0])
    const eth = { ...underlyingOf('ETH'), expiries: [expiryOf(3_000, 7)] }
    const perp = { ...eth.perp!, confidence: low }
    const snapshot: MarketSnapshot = { ...MARKET, underlyings: [{ ...eth, perp }], assets: [] }
    const { optionPenalty } = expiryTable(pm2, snapshot, underlyingTable(pm2, snapshot))
    expect([optionPenalty[0][0], optionPenalty[1][0]]).toEqual([0, 0.5])
  })
})

describe('splitForward', () => {
  it('fixes the part of the window that has passed', () => {
    expect(splitForward(3_600, 3_600)).toEqual({ forwardFixed: 0, forwardVariable: 3_600 })
    expect(splitForward(3_600, 1_800)).toEqual({ forwardFixed: 0, forwardVariable: 3_600 })
    expect(splitForward(3_600, 450)).toEqual({ forwardFixed: 2_700, forwardVariable: 900 })
    expect(splitForward(3_600, 0)).toEqual({ forwardFixed: 3_600, forwardVariable: 0 })
    expect(splitForward(3_600, -10)).toEqual({ forwardFixed: 3_600, forwardVariable: 0 })
  })
})
