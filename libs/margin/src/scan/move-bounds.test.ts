import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { ScenarioModel, StandardModel } from '../model/risk-model.ts'
import { ethOption, MARKET } from '../portfolio/market.fixture.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { createRiskMarket, type RiskMarket } from '../portfolio/risk-market.ts'
import { moveBounds } from './move-bounds.ts'
import { slotsOf } from './slots.ts'

const pm2 = readRiskModel('pm2') as ScenarioModel
const standard = readRiskModel('standard') as StandardModel
const linear = readRiskModel('linear')
const options = [ethOption(3, 2_700, false, 1), ethOption(3, 3_000, true, 1)]

/** ETH's spot and perpetual alone moved, by so much. */
function ethMoved(by: number): MarketSnapshot {
  return {
    ...MARKET,
    underlyings: MARKET.underlyings.map(({ perp, ...each }) =>
      each.name === 'ETH'
        ? { ...each, spot: each.spot + by, perp: { ...perp!, price: perp!.price + by } }
        : { ...each, perp: perp! },
    ),
  }
}

/** What 1.0 of a slot that is held, and one that is owed, bring when the market moves to `snapshot`. */
function interval(model: ScenarioModel | StandardModel, snapshot: MarketSnapshot, slot: Slot, shareBps = 0) {
  const [from, to] = [createRiskMarket(model, MARKET, options), createRiskMarket(model, snapshot, options)]
  const { sensitivity } = moveBounds(from, to, shareBps)!
  const at = slot(from)
  return [sensitivity[2 * at]!, sensitivity[2 * at + 1]!] as const
}

type Slot = (market: RiskMarket) => number
const perpOf =
  (underlying: number): Slot =>
  (market) =>
    slotsOf(market).perps + underlying
const option =
  (index: number): Slot =>
  (market) =>
    slotsOf(market).options + index
const assetOf =
  (index: number): Slot =>
  (market) =>
    slotsOf(market).assets + index

// 10⁻⁹ of what is held is laid on by the ledger's rounding
const within = 4

describe('intervals of a move, by hand', () => {
  it('a perpetual: its move in the best and worst scenario, less what it is charged more', () => {
    // −18 % … +18 % count with 0.8; 3 % of the spot is charged
    const [least, greatest] = interval(pm2, ethMoved(100), perpOf(1))
    expect(least).toBeCloseTo(100 * (1 - 0.8 * 0.18) - 3, within)
    expect(greatest).toBeCloseTo(100 * (1 + 0.8 * 0.18) + 3, within)
  })

  it('a fall: the charge falls, too', () => {
    const [least, greatest] = interval(pm2, ethMoved(-100), perpOf(1))
    expect(least).toBeCloseTo(-100 * (1 + 0.8 * 0.18) + 3, within)
    expect(greatest).toBeCloseTo(-100 * (1 - 0.8 * 0.18) - 3, within)
  })

  it('at 25 % of the requirement: loss and charge count 1.25 times', () => {
    const [least] = interval(pm2, ethMoved(100), perpOf(1), 2_500)
    expect(least).toBeCloseTo(100 * (1 - 1.25 * 0.8 * 0.18) - 1.25 * 3, within)
  })

  it('another underlying: nothing but rounding', () => {
    const [least, greatest] = interval(pm2, ethMoved(100), perpOf(0))
    expect(least).toBeLessThan(0)
    expect(least).toBeGreaterThan(-1e-3)
    expect(greatest).toBe(-least)
  })

  it('collateral: its value less its haircut; it is never owed', () => {
    const dearer = { ...MARKET, assets: MARKET.assets.map((each) => ({ ...each, price: each.price + 10 })) }
    const [usdt] = interval(pm2, dearer, assetOf(0))
    expect(usdt).toBeCloseTo(10 * (1 - 0.02), within)
    // Wrapped ETH moves with ETH: scenarios count
    const [weth] = interval(pm2, dearer, assetOf(1))
    expect(weth).toBeCloseTo(10 * (1 - 0.05 - 0.8 * 0.18), within)
  })

  it('an option whose price stands still, under a risen spot: only what is naked costs more', () => {
    const [least, greatest] = interval(pm2, ethMoved(100), option(1))
    expect(least).toBeCloseTo(0, within)
    expect(greatest).toBeCloseTo(0.003 * 100, within)
  })

  it('in the standard model: nothing for who holds it, a share of the spot for who owes it', () => {
    const { maintenanceCallSpot } = standard.option
    const [least, greatest] = interval(standard, ethMoved(100), option(1))
    expect(least).toBeCloseTo(0, within)
    expect(greatest).toBeCloseTo(maintenanceCallSpot * 100, within)
  })
})

describe('intervals of any move', () => {
  it('are empty of nothing: least ≤ greatest, wider than rounding', () => {
    for (const model of [pm2, standard, linear]) {
      const list = model.kind === 'linear' ? [] : options
      const [from, to] = [MARKET, ethMoved(50)].map((snapshot) => createRiskMarket(model, snapshot, list))
      const { sensitivity } = moveBounds(from!, to!)!
      for (let at = 0; at < sensitivity.length; at += 2)
        expect(sensitivity[at]!).toBeLessThan(sensitivity[at + 1]!)
    }
  })

  it('leave out what no price moves, but for rounding', () => {
    const market = createRiskMarket(pm2, MARKET, options)
    const [held, owed] = moveBounds(market, market)!.sensitivity
    expect(held).toBeCloseTo(-1.1e-9, 10)
    expect(owed).toBe(-held!)
  })
})
