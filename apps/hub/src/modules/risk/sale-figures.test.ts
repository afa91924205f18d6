import { beforeEach, describe, expect, it } from 'vitest'
import {
  BTC,
  BTC_PERP,
  E6,
  E9,
  ETH,
  ETH_CALL,
  ETH_PERP,
  ETH_PUT,
  RiskWorld,
  USD,
  holderOf,
} from './risk-world.fixture.ts'

const ALICE = holderOf(1)
const ONE_ETH = 10n ** 18n
const position = (market: bigint, sizeE9: bigint, quoteE6 = 0n) => ({ market, sizeE9, quoteE6 })
const held = (amount: bigint) => ({ asset: ETH, denom: 'eth', decimals: 18, amount })

let world: RiskWorld
beforeEach(() => {
  world = new RiskWorld()
})

describe('what liquidation asks of margin', () => {
  it('depends on underlyings of positions and on collateral that counts, each once', () => {
    const { risk, context } = world
    world.set(ALICE, {
      usd: 5n,
      eth: ONE_ETH,
      positions: [
        [BTC_PERP, E9],
        [ETH_PERP, E9],
      ],
    })
    expect(risk.dependencies(context, ALICE)).toEqual([USD, ETH, BTC])
    expect(risk.collateral(context, ALICE).map(({ asset }) => asset)).toEqual([USD, ETH])
    expect(risk.dependencies(context, holderOf(2))).toEqual([])
  })

  it('values goods at their marks, less what is owed for them', () => {
    const { risk, context } = world
    const worth = (goods: Parameters<typeof risk.worthE6>[1]) => risk.worthE6(context, goods)
    expect(worth({ positions: [], collateral: [] })).toBe(0n)
    expect(worth({ positions: [position(ETH_PERP, 2n * E9, -5_900n * E6)], collateral: [] })).toBe(100n * E6)
    expect(worth({ positions: [position(ETH_PERP, -2n * E9, 5_900n * E6)], collateral: [] })).toBe(-100n * E6)
    expect(worth({ positions: [], collateral: [held(ONE_ETH)] })).toBe(3_000n * E6)
    const call = worth({ positions: [position(ETH_CALL, E9)], collateral: [] })
    expect(call).toBeGreaterThan(50n * E6)
    const both = {
      positions: [position(ETH_PERP, E9, -3_000n * E6), position(ETH_CALL, E9)],
      collateral: [held(ONE_ETH)],
    }
    expect(worth(both)).toBe(call + 3_000n * E6)
  })

  it('is additive: an account is worth its cash and its goods', () => {
    const { risk, context } = world
    world.set(ALICE, {
      cashE6: 700n * E6,
      eth: ONE_ETH,
      positions: [
        [ETH_PERP, 3n * E9, -9_100n * E6],
        [ETH_PUT, -E9],
      ],
    })
    const goods = { positions: world.positions.get('1/0')!, collateral: risk.collateral(context, ALICE) }
    const { valueE6 } = risk.figures(context, ALICE)
    const sum = risk.worthE6(context, goods) + 700n * E6
    expect(valueE6 - sum).toBeLessThanOrEqual(1n)
    expect(valueE6 - sum).toBeGreaterThanOrEqual(-1n)
  })

  it('closes what restores margin, no more than is held', () => {
    const { risk, context } = world
    world.set(ALICE, {
      cashE6: 500n * E6,
      positions: [
        [BTC_PERP, E9 / 100n, -600n * E6],
        [ETH_PERP, 2n * E9, -6_000n * E6],
      ],
    })
    expect(risk.figures(context, ALICE).maintenanceE6).toBeLessThan(0n)
    const closing = risk.closing(context, ALICE)
    expect(closing.length).toBeGreaterThan(0)
    for (const { market, sizeE9 } of closing) {
      expect(sizeE9).toBeLessThan(0n)
      expect(-sizeE9).toBeLessThanOrEqual(market === BTC_PERP ? E9 / 100n : 2n * E9)
    }
    // All of it where nothing helps
    world.set(ALICE, { cashE6: -50n * E6, positions: [[ETH_PERP, -2n * E9, 6_000n * E6]] })
    expect(risk.closing(context, ALICE)).toEqual([{ market: ETH_PERP, sizeE9: 2n * E9 }])
  })

  it('tells who has most of the worst loss, and the notional', () => {
    const { risk, context } = world
    world.set(ALICE, {
      cashE6: 9_000n * E6,
      positions: [
        [BTC_PERP, E9 / 10n, -6_000n * E6],
        [ETH_PERP, -E9, 3_000n * E6],
      ],
    })
    const shares = risk.lossShares(context, ALICE)
    expect(shares.map(({ underlying }) => underlying)).toEqual([BTC, ETH])
    expect(shares[0]!.shareE9).toBeGreaterThan(500_000_000n)
    const sum = shares.reduce((total, { shareE9 }) => total + shareE9, 0n)
    expect(sum).toBeGreaterThan(E9 - 10n)
    expect(sum).toBeLessThanOrEqual(E9)
    expect(risk.notionalE6(context, ALICE)).toBe(9_000n * E6)
    expect(risk.lossShares(context, holderOf(2))).toEqual([])
  })

  it('finds the least share of a slice that restores the buffer', () => {
    const { risk, context } = world
    world.set(ALICE, {
      cashE6: 1_200n * E6,
      positions: [
        [BTC_PERP, E9 / 100n, -600n * E6],
        [ETH_PERP, 3n * E9, -9_000n * E6],
      ],
    })
    const terms = { underlying: ETH, costE6: 0n, bufferE9: 200_000_000n }
    const share = risk.restoringShareE9(context, ALICE, terms)
    expect(share).toBeGreaterThan(0n)
    expect(share).toBeLessThan(E9)
    const bufferAfter = (sold: bigint) => {
      const left = 3n * E9 - (3n * E9 * sold) / E9
      world.set(ALICE, {
        cashE6: 1_200n * E6,
        positions: [
          [BTC_PERP, E9 / 100n, -600n * E6],
          [ETH_PERP, left, (-3_000n * left) / 1_000n],
        ],
      })
      const { valueE6, maintenanceE6 } = risk.figures(context, ALICE)
      return maintenanceE6 - (valueE6 - maintenanceE6) / 5n
    }
    expect(bufferAfter(share)).toBeGreaterThanOrEqual(-100n)
    expect(bufferAfter(share - 1_000n)).toBeLessThan(0n)
    world.set(ALICE, {
      cashE6: 1_200n * E6,
      positions: [
        [BTC_PERP, E9 / 100n, -600n * E6],
        [ETH_PERP, 3n * E9, -9_000n * E6],
      ],
    })
    // What it costs is part of it; where nothing suffices it is the whole
    expect(risk.restoringShareE9(context, ALICE, { ...terms, costE6: 100n * E6 })).toBeGreaterThan(share)
    expect(risk.restoringShareE9(context, ALICE, { ...terms, costE6: 5_000n * E6 })).toBe(E9)
  })
})
