import { describe, expect, it } from 'vitest'
import { isMarginError } from '../errors.ts'
import { randomCase } from '../explain/random-case.fixture.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { Account } from '../portfolio/account.ts'
import { evaluate } from '../requirement/evaluate.ts'
import { liquidationDistance, liquidationPrices } from './liquidation-distance.ts'
import { movedSnapshot } from './moved-snapshot.ts'

type Case = Pick<ReturnType<typeof randomCase>, 'model' | 'snapshot' | 'account'>

const isHealthy = ({ model, snapshot, account }: Case, spots: Record<string, number>, vol = 1) =>
  evaluate(model, movedSnapshot(snapshot, { spots, vol }), account).maintenanceMarginE6 >= 0n

/** A random case with cash that leaves maintenance margin at some share of the requirement. */
function nearCase(seed: number, positions = 6): Case {
  const { model, snapshot, account } = randomCase(seed, positions)
  const { maintenanceMargin, maintenanceRequirement } = evaluate(model, snapshot, account)
  const spare = maintenanceRequirement * ((seed % 17) / 10 - 0.1)
  return { model, snapshot, account: { ...account, cash: account.cash - maintenanceMargin + spare } }
}

describe('liquidation prices', () => {
  const SEEDS = Array.from({ length: 30 }, (_, seed) => seed)

  it('are where health changes: healthy there, and not a billionth further', () => {
    let found = 0
    for (const seed of SEEDS) {
      const each = nearCase(seed)
      const started = isHealthy(each, {})
      for (const { underlying, spot, down, up } of liquidationPrices(each.model, each.snapshot, each.account))
        for (const price of [down, up]) {
          if (price === 'none') continue
          found++
          const outwards = price < spot ? -1e-9 : 1e-9
          const near = isHealthy(each, { [underlying]: (price / spot) * (1 - outwards) })
          const far = isHealthy(each, { [underlying]: (price / spot) * (1 + outwards) })
          expect([near, far], `${seed} ${underlying} ${price}`).toEqual([started, !started])
        }
    }
    expect(found).toBeGreaterThan(30)
  })

  it('are the nearest: on a fine scan nothing changes before them', () => {
    for (const seed of SEEDS.slice(0, 12)) {
      const each = nearCase(seed)
      const started = isHealthy(each, {})
      for (const { underlying, spot, down, up } of liquidationPrices(
        each.model,
        each.snapshot,
        each.account,
      )) {
        const lowest = down === 'none' ? 0.3 : (down / spot) * (1 + 1e-9)
        const highest = up === 'none' ? 3 : (up / spot) * (1 - 1e-9)
        for (let i = 1; i < 100; i++) {
          const factor = lowest * (highest / lowest) ** (i / 100)
          expect(isHealthy(each, { [underlying]: factor }), `${seed} ${underlying} ${factor}`).toBe(started)
        }
      }
    }
  })

  it('of a perpetual alone, worked out by hand', () => {
    const { snapshot } = randomCase(0)
    const eth = { ...snapshot.underlyings.find(({ name }) => name === 'ETH')!, spot: 2_000, expiries: [] }
    const market = {
      ...snapshot,
      underlyings: [{ ...eth, perp: { ...eth.perp!, price: 2_000 } }],
      assets: [],
    }
    const account: Account = { cash: 1_000, perps: [{ underlying: 'ETH', size: 2, quote: -4_000 }] }
    const linear = readRiskModel({
      kind: 'linear',
      name: 'test',
      maintenanceShare: 0.5,
      openInterest: [{ underlying: '*', base: 0.1, lower: 1e12, upper: 1e13 }],
    })
    // 1000 + 2·p − 4000 = 0.05·2·p at p = 3000 ÷ 1.9; a long one fails on no way up
    const [price] = liquidationPrices(linear, market, account)
    expect(price!.down).toBeCloseTo(3_000 / 1.9, 4)
    expect(price!.up).toBe('none')
    // A short one: 1000 + 4000 − 2·p = 0.1·p at p = 5000 ÷ 2.1
    const short = { ...account, perps: [{ underlying: 'ETH', size: -2, quote: 4_000 }] }
    const [other] = liquidationPrices(linear, market, short)
    expect([other!.down, Math.abs((other!.up as number) - 5_000 / 2.1) < 1e-4]).toEqual(['none', true])
    // One that fails already: where it would be healthy again
    const failing = { ...account, cash: -100 }
    expect(liquidationPrices(linear, market, failing)[0]!.up).toBeCloseTo(4_100 / 1.9, 4)
    expect(liquidationPrices(linear, market, { cash: 5 })).toEqual([])
  })
})

describe('distance along a joint move', () => {
  it('is where health changes, volatilities included', () => {
    let found = 0
    for (let seed = 0; seed < 30; seed++) {
      const each = nearCase(seed)
      const spots = { BTC: -1, ETH: -0.8, SOL: 0.5 }
      const distance = liquidationDistance(each.model, each.snapshot, each.account, { spots, vol: 2 })
      if (distance === 'none') continue
      found++
      const at = (t: number) => isHealthy(each, { BTC: 1 - t, ETH: 1 - 0.8 * t, SOL: 1 + 0.5 * t }, 1 + 2 * t)
      const started = at(0)
      expect([at(distance * (1 - 1e-9)), at(distance * (1 + 1e-9))], `${seed}`).toEqual([started, !started])
    }
    expect(found).toBeGreaterThan(10)
  })

  it('is none where nothing moves, and refuses moves that are none', () => {
    const { model, snapshot, account } = randomCase(0)
    expect(liquidationDistance(model, snapshot, account, { spots: {} })).toBe('none')
    expect(liquidationDistance(model, snapshot, account, { spots: { ETH: 0 }, vol: 0 })).toBe('none')
    const refused = (spots: Record<string, number>) => {
      try {
        liquidationDistance(model, snapshot, account, { spots })
      } catch (error) {
        return isMarginError(error) ? error.code : error
      }
    }
    expect(refused({ ETH: Number.NaN })).toBe(1)
    expect(refused({ ETH: -1.5 })).toBe(3)
    expect(refused({ ETH: 1e9 })).toBe(3)
  })
})
