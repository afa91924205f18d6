import { collateralValueE6, createPortfolio, evaluate, reserveOrders } from '@causeway/margin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusal } from '../../testing/refusal.fixture.ts'
import { accountOf, openOrder } from './account.ts'
import { createMarketMemory } from './market-memory.ts'
import {
  BTC,
  BTC_PERP,
  E6,
  E9,
  ETH,
  ETH_CALL,
  ETH_FUTURE,
  ETH_PERP,
  ETH_PUT,
  ETH_SPOT,
  RiskWorld,
  USD,
  holderOf,
} from './risk-world.fixture.ts'

const alice = holderOf(1)

/** What libs/margin says of a holder, asked directly. */
function byMargin(world: RiskWorld, holder = alice) {
  const margined = createMarketMemory(world.ports).fresh(world.context)
  const account = accountOf(world.context, world.ports, margined, holder)
  return evaluate(margined.market.model, margined.snapshot, account)
}

describe('a subaccount', () => {
  it('has the margins that libs/margin gives the same account, whatever it holds', () => {
    const world = new RiskWorld()
    world.marks.set(ETH_PERP, 3_003n * E9)
    world.set(alice, {
      cashE6: -500n * E6,
      usd: 20_000n * E6,
      eth: 2n * 10n ** 18n,
      positions: [
        [BTC_PERP, E9 / 10n, -5_900n * E6],
        [ETH_PERP, -2n * E9, 6_000n * E6],
        [ETH_FUTURE, E9, -3_000n * E6],
        [ETH_CALL, -3n * E9],
        [ETH_PUT, 2n * E9],
      ],
    })
    const expected = byMargin(world)
    const { initialE6, maintenanceE6 } = world.risk.margins(world.context, alice)
    expect([initialE6, maintenanceE6]).toEqual([expected.initialMarginE6, expected.maintenanceMarginE6])
    expect(expected.underlyings.map(({ name }) => name)).toEqual(['3', '4'])
    // BTC and ETH are the preset's offset group, by whatever ids they go.
    expect(expected.groups.map(({ underlyings, lambda }) => [underlyings, lambda])).toContainEqual([
      ['3', '4'],
      0.5,
    ])
  })

  it('of cash and collateral alone is worth what the ledger’s own arithmetic says, to a micro-cash', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), fc.bigInt(-(10n ** 13n), 10n ** 13n), (usd, cashE6) => {
        const world = new RiskWorld()
        world.set(alice, { cashE6, usd })
        const covered = collateralValueE6({ amount: usd, decimals: 6, priceE9: E9, weightBps: 9_000 })
        const exact = covered + cashE6
        const { initialE6 } = world.risk.margins(world.context, alice)
        const gross = Number(usd) + Math.abs(Number(cashE6))
        expect(initialE6 <= exact).toBe(true)
        expect(Number(exact - initialE6)).toBeLessThanOrEqual(gross * 1.1e-9 + 2)
      }),
    )
  })

  it('counts what is pending toward maintenance, and for nothing else', () => {
    const world = new RiskWorld()
    world.set(alice, { usd: 1_000n * E6 })
    const before = world.risk.margins(world.context, alice)
    world.pendingE6 = 50n * E6
    const after = world.risk.margins(world.context, alice)
    // Rounding takes a share of all that was added up, pending deposits among it.
    expect(Number(before.initialE6 - after.initialE6)).toBeLessThanOrEqual(1)
    expect(after.maintenanceE6 - before.maintenanceE6).toBeGreaterThan(49n * E6)
  })

  it('counts funding that is earned and not settled', () => {
    const world = new RiskWorld()
    world.set(alice, { cashE6: 5_000n * E6, positions: [[ETH_PERP, E9, -3_000n * E6]] })
    const before = world.risk.margins(world.context, alice).initialE6
    world.fundings.set(ETH_PERP, 10n * 10n ** 18n)
    const fallen = before - world.risk.margins(world.context, alice).initialE6
    expect(Number(fallen) / 1e6).toBeCloseTo(10, 5)
  })

  it('needs more when cash is worth less than what prices are in', () => {
    const world = new RiskWorld()
    world.set(alice, { cashE6: 5_000n * E6, positions: [[ETH_PERP, E9, -3_000n * E6]] })
    const before = world.risk.margins(world.context, alice).initialE6
    world.stablePrice = 98n * 10n ** 16n
    // The same state at the same height would be remembered: a block makes it another.
    world.block()
    expect(world.risk.margins(world.context, alice).initialE6).toBeLessThan(before)
  })
})

describe('orders', () => {
  it('count as libs/margin reserves for them', () => {
    const world = new RiskWorld()
    world.set(alice, { cashE6: 10_000n * E6, positions: [[ETH_PERP, E9, -3_000n * E6]] })
    const market = (id: bigint) => world.markets.find((each) => each.id === id)!
    const orders = [
      { market: market(ETH_PERP), sizeE9: 2n * E9, limitE9: 3_010n * E9, feeE6: 3n * E6 },
      { market: market(BTC_PERP), sizeE9: -E9 / 10n, limitE9: 59_000n * E9, feeE6: 3n * E6 },
      { market: market(ETH_CALL), sizeE9: -E9, limitE9: 100n * E9, feeE6: 1n * E6 },
    ]
    const { market: riskMarket, ...margined } = createMarketMemory(world.ports).fresh(world.context)
    const account = accountOf(world.context, world.ports, margined, alice)
    const expected = reserveOrders(
      riskMarket,
      createPortfolio(riskMarket, account),
      orders.map((order) => openOrder(order)),
    ).initialMarginE6
    expect(world.risk.initialMarginE6(world.context, alice, orders)).toBe(expected)
    expect(expected).toBeLessThan(world.risk.initialMarginE6(world.context, alice, []))
  })

  it('for spot cost what they pay beyond what the asset covers', () => {
    const world = new RiskWorld()
    world.set(alice, { cashE6: 10_000n * E6 })
    const market = world.markets.find(({ id }) => id === ETH_SPOT)!
    const of = (sizeE9: bigint, limitE9: bigint) =>
      world.risk.initialMarginE6(world.context, alice, [{ market, sizeE9, limitE9, feeE6: 0n }])
    // 3,000 paid, 75 % of 3,000 covered.
    expect(10_000n * E6 - of(E9, 3_000n * E9)).toBeGreaterThanOrEqual(750n * E6)
    expect(10_000n * E6 - of(E9, 3_000n * E9)).toBeLessThan(750n * E6 + 50n)
    // Sold above what it covers: nothing to reserve.
    expect(of(-E9, 2_900n * E9)).toBe(of(-E9, 2_950n * E9))
  })

  it('in a market without a price are refused', () => {
    const world = new RiskWorld()
    world.prices.delete(BTC)
    const market = world.markets.find(({ id }) => id === BTC_PERP)!
    const order = { market, sizeE9: E9, limitE9: E9, feeE6: 0n }
    expect(refusal(() => world.risk.initialMarginE6(world.context, alice, [order]))).toBe('risk/3')
  })

  it('in a market that came within the block are margined', () => {
    const world = new RiskWorld()
    const late = { ...world.markets[1]!, id: 99n, underlying: ETH }
    world.markets = world.markets.filter(({ id }) => id !== ETH_PERP)
    world.set(alice, { cashE6: 10_000n * E6 })
    world.block(() => {
      world.markets = [...world.markets, late]
      const order = { market: late, sizeE9: E9, limitE9: 3_000n * E9, feeE6: 0n }
      expect(world.risk.initialMarginE6(world.context, alice, [order])).toBeLessThan(10_000n * E6)
    })
  })
})

describe('a withdrawal', () => {
  const setUp = (cashE6: bigint, usd: bigint) => {
    const world = new RiskWorld()
    world.set(alice, { cashE6, usd })
    return { world, check: () => refusal(() => world.risk.checkWithdrawal(world.context, alice)) }
  }

  it('of one who owes nothing is free, whatever the oracle does', () => {
    const { world, check } = setUp(0n, 1n)
    world.prices.clear()
    expect([check(), refusal(() => world.risk.checkWithdrawal(world.context, holderOf(9)))]).toEqual([
      'nothing',
      'nothing',
    ])
  })

  it('leaves gains that may not leave yet, as cash or as what they have freed', () => {
    const gained = (cashE6: bigint, usd: bigint, lockedE6: bigint) => {
      const { world, check } = setUp(cashE6, usd)
      world.locked.set(world.key(alice), lockedE6)
      return check()
    }
    expect(gained(500n * E6, 0n, 500n * E6)).toBe('nothing')
    expect(gained(0n, 1_000n * E6, 800n * E6)).toBe('nothing')
    expect(gained(0n, 1_000n * E6, 1_000n * E6)).toBe('risk/1')
    expect(gained(0n, 0n, 1n)).toBe('risk/1')
  })

  it('must leave the initial requirement covered', () => {
    expect(setUp(-900n * E6, 1_000n * E6 + 10n).check()).toBe('nothing')
    expect(setUp(-900n * E6, 1_000n * E6 - 10n).check()).toBe('risk/1')
    expect(setUp(-1n, 0n).check()).toBe('risk/1')
  })

  it('counts resting orders as if they could fill', () => {
    const { world, check } = setUp(10n * E6, 0n)
    world.set(alice, { cashE6: 10n * E6, orders: [[ETH_PERP, E9, 3_000n * E9]] })
    expect(check()).toBe('risk/1')
    world.set(alice, { cashE6: 1_000n * E6, orders: [[ETH_PERP, E9, 3_000n * E9]] })
    expect(check()).toBe('nothing')
  })

  it('waits for a price that what is left depends on', () => {
    for (const state of ['stale', 'held', 'none']) {
      const { world, check } = setUp(-1n, 1_000n * E6)
      world.prices.set(USD, { priceE9: E9, state })
      expect(check()).toBe('risk/2')
    }
    const { world, check } = setUp(100n * E6, 0n)
    world.set(alice, { cashE6: 10_000n * E6, positions: [[ETH_PERP, E9, -3_000n * E6]] })
    expect(check()).toBe('nothing')
    world.prices.set(ETH, { priceE9: 3_000n * E9, state: 'held' })
    expect(check()).toBe('risk/2')
    expect(refusal(() => world.risk.requireFresh(world.context, alice))).toBe('risk/2')
  })
})

describe('a fee', () => {
  it('must leave the requirement covered; in what covers nothing it is free', () => {
    const world = new RiskWorld()
    world.set(alice, { cashE6: -900n * E6, usd: 1_000n * E6 - 10n })
    const check = (asset: bigint) => refusal(() => world.risk.checkFee(world.context, alice, asset))
    expect([check(USD), check(9n)]).toEqual(['risk/1', 'nothing'])
    world.set(alice, { cashE6: 0n, usd: 0n })
    expect(check(USD)).toBe('nothing')
  })
})

describe('the mode', () => {
  it('is reduce-only while a price that the holder or underlying depends on is not fresh', () => {
    const world = new RiskWorld()
    world.set(alice, { usd: 5n, positions: [[ETH_PERP, E9]] })
    const modes = () => [ETH, BTC, alice].map((of) => world.risk.mode(world.context, of))
    expect(modes()).toEqual(['free', 'free', 'free'])
    world.prices.set(ETH, { priceE9: E9, state: 'held' })
    expect(modes()).toEqual(['reduceOnly', 'free', 'reduceOnly'])
    world.prices.set(ETH, { priceE9: E9, state: 'fresh' })
    world.prices.set(USD, { priceE9: E9, state: 'stale' })
    expect(modes()).toEqual(['free', 'free', 'reduceOnly'])
    world.prices.delete(BTC)
    expect(world.risk.mode(world.context, BTC)).toBe('reduceOnly')
  })
})

describe('what covers requirements', () => {
  it('is cash and weighted collateral at fresh prices: what insurance stands for', () => {
    const world = new RiskWorld()
    world.set(alice, { cashE6: 10n * E6, usd: 100n * E6 })
    expect(world.risk.coverageE6(world.context, alice)).toBe(100n * E6)
    world.prices.set(USD, { priceE9: E9, state: 'stale' })
    expect(world.risk.coverageE6(world.context, alice)).toBe(10n * E6)
    world.set(alice, { cashE6: -10n * E6, usd: 0n })
    expect(world.risk.coverageE6(world.context, alice)).toBe(0n)
  })

  it('survives absurd amounts: a stranger’s deposit stops no block', () => {
    const world = new RiskWorld()
    world.set(alice, { cashE6: -(10n ** 30n), usd: 2n ** 200n, positions: [[ETH_PERP, E9, 10n ** 30n]] })
    expect(() => world.block()).not.toThrow()
  })
})

describe('fair prices', () => {
  it('are forwards, model prices and the index; nothing without a surface or a price', () => {
    const world = new RiskWorld()
    const market = (id: bigint) => world.markets.find((each) => each.id === id)!
    const fair = (id: bigint) => world.risk.fairE9(world.context, market(id))
    expect([fair(ETH_FUTURE), fair(ETH_SPOT)]).toEqual([3_010n * E9, 3_000n * E9])
    const [call, put] = [fair(ETH_CALL)!, fair(ETH_PUT)!]
    // Put-call parity: call − put = discounted (forward − strike).
    expect(Number(call - put) / 1e9).toBeCloseTo(10 * (1 - (0.04 * 7) / 365), 3)
    const greeks = world.risk.greeks(world.context, market(ETH_CALL))
    expect(Number(greeks.deltaE9) / 1e9).toBeGreaterThan(0.45)
    expect(Number(greeks.deltaE9) / 1e9).toBeLessThan(0.65)
    expect(greeks.vegaE6).toBeGreaterThan(E6)
    expect(world.risk.greeks(world.context, market(ETH_PERP)).deltaE9).toBe(E9)
    world.smile = undefined
    world.block()
    expect(fair(ETH_CALL)).toBe(undefined)
    expect(fair(ETH_FUTURE)).toBe(3_000n * E9)
    world.prices.delete(ETH)
    world.block()
    expect([fair(ETH_CALL), fair(ETH_FUTURE), fair(ETH_SPOT)]).toEqual([undefined, undefined, undefined])
  })

  it('have an unsound smile for none at all', () => {
    const world = new RiskWorld()
    world.smile = { ...world.smile!, a: -1 }
    expect(world.risk.fairE9(world.context, world.markets[3]!)).toBe(undefined)
  })
})
