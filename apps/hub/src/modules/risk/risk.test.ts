import { describe, expect, it } from 'vitest'
import { createAddressCodec } from '../../identifiers.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { riskModule } from './module.ts'
import { BALANCES_SHOWN_MAX, createRisk } from './risk.ts'
import type { HeldAsset } from './risk.ts'
import { RISK_STORE } from './state.ts'

const addresses = createAddressCodec('cway')
const holder = { account: new Uint8Array(20).fill(1), subaccount: 2 }
const E9 = 1_000_000_000n

function setUp(
  held: HeldAsset[],
  prices: Record<string, { priceE9: bigint; state: string }>,
  initialE6?: bigint,
  pendingE6 = 0n,
) {
  const context = memoryContext([RISK_STORE])
  const risk = createRisk({
    balance: (_, __, asset) => held.find((each) => each.asset === asset),
    balances: () => held,
    price: (_, asset) => prices[asset.toString()] ?? { priceE9: 0n, state: 'none' },
    pendingE6: () => pendingE6,
  })
  const requirement = {
    holder: addresses.encodeHolder(holder),
    initialE6: `${initialE6}`,
    maintenanceE6: `${(initialE6 ?? 0n) / 2n}`,
  }
  riskModule(risk, addresses).initGenesis!(context, {
    weights: [{ asset: '2', initialWeightBps: 9_000, maintenanceWeightBps: 9_500 }],
    requirements: initialE6 === undefined ? [] : [requirement],
  })
  return { context, risk }
}

const usd = (amount: bigint, asset = 2n): HeldAsset => ({
  asset,
  denom: `asset${asset}`,
  decimals: 6,
  amount,
})
const fresh = { '2': { priceE9: 2n * E9, state: 'fresh' } }

describe('a portfolio', () => {
  it('values collateral at the price and at both weights, unlisted assets at none', () => {
    const { context, risk } = setUp([usd(1_000_000n), usd(5_000_000n, 9n)], {
      ...fresh,
      '9': { priceE9: E9, state: 'fresh' },
    })
    expect(risk.portfolio(context, holder)).toMatchObject({
      equityE6: 7_000_000n,
      initialMarginE6: 1_800_000n,
      maintenanceMarginE6: 1_900_000n,
    })
  })

  it('counts nothing whose price is not fresh', () => {
    for (const state of ['stale', 'held', 'none']) {
      const { context, risk } = setUp([usd(1_000_000n)], { '2': { priceE9: E9, state } })
      expect(risk.portfolio(context, holder)).toMatchObject({ equityE6: 0n, initialMarginE6: 0n })
    }
  })

  it('is less its requirements, below zero if need be', () => {
    const { context, risk } = setUp([usd(1_000_000n)], fresh, 2_000_000n)
    expect(risk.portfolio(context, holder)).toMatchObject({
      initialMarginE6: -200_000n,
      maintenanceMarginE6: 900_000n,
    })
    expect(risk.portfolio(context, { ...holder, subaccount: 3 }).initialMarginE6).toBe(1_800_000n)
  })
})

describe('a deposit that is not final', () => {
  it('adds to maintenance, to nothing else', () => {
    const { context, risk } = setUp([usd(1_000_000n)], fresh, 2_000_000n, 500_000n)
    expect(risk.portfolio(context, holder)).toMatchObject({
      equityE6: 2_000_000n,
      initialMarginE6: -200_000n,
      maintenanceMarginE6: 1_400_000n,
    })
    expect(refusal(() => risk.checkWithdrawal(context, holder))).toBe('risk/1')
    expect(risk.coverageE6(context, holder)).toBe(1_800_000n)
  })
})

describe('a withdrawal', () => {
  const check = (held: HeldAsset[], prices: Parameters<typeof setUp>[1], initialE6?: bigint) => {
    const { context, risk } = setUp(held, prices, initialE6)
    return refusal(() => risk.checkWithdrawal(context, holder))
  }

  it('of one who owes nothing is free, whatever the oracle does', () => {
    expect(check([usd(1n)], {})).toBe('nothing')
    expect(check([], {}, 0n)).toBe('nothing')
  })

  it('must leave the initial requirement covered', () => {
    expect(check([usd(1_000_000n)], fresh, 1_800_000n)).toBe('nothing')
    expect(check([usd(1_000_000n)], fresh, 1_800_001n)).toBe('risk/1')
    expect(check([], fresh, 1n)).toBe('risk/1')
  })

  it('waits for a price when what is left is needed', () => {
    for (const state of ['stale', 'held', 'none']) {
      expect(check([usd(1_000_000n)], { '2': { priceE9: 2n * E9, state } }, 1n)).toBe('risk/2')
    }
    // What has no weight needs no price.
    expect(check([usd(1_000_000n), usd(5n, 9n)], fresh, 1n)).toBe('nothing')
  })
})

describe('a fee', () => {
  const check = (
    held: HeldAsset[],
    prices: Parameters<typeof setUp>[1],
    initialE6: bigint | undefined,
    asset = 2n,
  ) => {
    const { context, risk } = setUp(held, prices, initialE6)
    return refusal(() => risk.checkFee(context, holder, asset))
  }

  it('must leave the initial requirement covered, as a withdrawal must', () => {
    expect(check([usd(1_000_000n)], fresh, 1_800_000n)).toBe('nothing')
    expect(check([usd(999_999n)], fresh, 1_800_000n)).toBe('risk/1')
    expect(check([usd(1_000_000n)], { '2': { priceE9: E9, state: 'stale' } }, 1n)).toBe('risk/2')
  })

  it('in what covers nothing is free, also for one who owes', () => {
    expect(check([], {}, 1n, 9n)).toBe('nothing')
    expect(check([], {}, undefined)).toBe('nothing')
  })
})

describe('dust', () => {
  const dust = (count: number) => Array.from({ length: count }, (_, i) => usd(1n, BigInt(i + 100)))

  it('makes a withdrawal no dearer: only listed assets are read', () => {
    const asked: bigint[] = []
    const { context } = setUp([], fresh, 1n)
    const gas = [0, 5_000].map((count) => {
      const held = [usd(1_000_000n), ...dust(count)]
      const risk = createRisk({
        balance(_, __, asset) {
          asked.push(asset)
          return held.find((each) => each.asset === asset)
        },
        balances: () => {
          throw new Error('a withdrawal reads no whole account')
        },
        price: () => ({ priceE9: E9, state: 'fresh' }),
        pendingE6: () => 0n,
      })
      const before = context.gas.used
      risk.checkWithdrawal(context, holder)
      return context.gas.used - before
    })
    expect(gas[0]).toBe(gas[1])
    expect(asked).toEqual([2n, 2n])
  })

  it('is listed up to a number, and hides nothing that counts', () => {
    const { context, risk } = setUp([...dust(5_000)], {}, 1n)
    expect(risk.portfolio(context, holder).collateral).toHaveLength(BALANCES_SHOWN_MAX)
    const late = memoryContext([RISK_STORE])
    const held = [...dust(5_000), usd(7n, 9_000n)]
    let read = 0
    const endless = createRisk({
      balance: (_, __, asset) => held.find((each) => each.asset === asset),
      *balances() {
        for (const each of held) {
          read++
          yield each
        }
      },
      price: () => ({ priceE9: E9, state: 'fresh' }),
      pendingE6: () => 0n,
    })
    const weights = ['100', '9000'].map((asset) => ({
      asset,
      initialWeightBps: 5_000,
      maintenanceWeightBps: 5_000,
    }))
    riskModule(endless, addresses).initGenesis!(late, { weights })
    const { collateral, initialMarginE6 } = endless.portfolio(late, holder)
    expect(collateral.map(({ asset }) => asset)).toEqual([
      ...dust(BALANCES_SHOWN_MAX).map(({ asset }) => asset),
      9_000n,
    ])
    expect([read, initialMarginE6]).toEqual([BALANCES_SHOWN_MAX, 3n])
  })
})

describe('risk genesis', () => {
  it('is exported as it was read', () => {
    const { context, risk } = setUp([], {}, 10n)
    expect(riskModule(risk, addresses).exportGenesis!(context)).toEqual({
      weights: [{ asset: '2', initialWeightBps: 9_000, maintenanceWeightBps: 9_500 }],
      requirements: [{ holder: addresses.encodeHolder(holder), initialE6: '10', maintenanceE6: '5' }],
    })
  })

  it('that contradicts itself is refused', () => {
    const { risk } = setUp([], {})
    const weight = { asset: '2', initialWeightBps: 9_000, maintenanceWeightBps: 9_500 }
    const init = (weights: unknown[]) =>
      refusal(() => riskModule(risk, addresses).initGenesis!(memoryContext([RISK_STORE]), { weights }))
    expect(init([weight])).toBe('nothing')
    expect(init([weight, weight])).toBe('genesis/2')
    expect(init([{ ...weight, initialWeightBps: 9_501 }])).toBe('genesis/2')
    expect(init([{ ...weight, maintenanceWeightBps: 10_001 }])).toBe('genesis/2')
    expect(init([{ ...weight, asset: '0' }])).toBe('genesis/2')
    const many = Array.from({ length: 257 }, (_, i) => ({ ...weight, asset: `${i + 1}` }))
    expect(init(many.slice(1))).toBe('nothing')
    expect(init(many)).toBe('genesis/2')
  })
})
