// What is as large, as small or as many as the library takes: sums stay exact, nothing is NaN.
import { describe, expect, it } from 'vitest'
import { accountGreeks } from '../greeks/account-greeks.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { Account, OptionPosition } from '../portfolio/account.ts'
import { EXPIRY_DAYS, ethOption, MARKET } from '../portfolio/market.fixture.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { evaluate } from '../requirement/evaluate.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanation.ts'
import { jsonOf } from './json-of.ts'
import { drawFrom } from './random-case.fixture.ts'

const names = ['pm2', 'pm1', 'standard', 'linear'] as const

function expectExact(name: string, snapshot: MarketSnapshot, account: Account): Explanation {
  const model = readRiskModel(name)
  const held = name === 'linear' ? { ...account, options: [] } : account
  const explanation = explain(model, snapshot, held)
  const requirement = evaluate(model, snapshot, held)
  for (const side of ['maintenance', 'initial'] as const) {
    const sum = explanation[side].contributions.reduce((total, { amountE6 }) => total + amountE6, 0n)
    expect(sum, `${name} ${side}`).toBe(requirement[`${side}RequirementE6`])
  }
  const value = explanation.positions.reduce((total, { valueE6 }) => total + valueE6, explanation.cashE6)
  expect(value).toBe(explanation.valueE6)
  for (const [u, { scenarioProfitsE6 }] of explanation.underlyings.entries())
    for (const [s, profitE6] of scenarioProfitsE6.entries()) {
      const parts = explanation.positions.filter(({ instrument }) =>
        instrument.kind === 'collateral'
          ? instrument.asset === 'WETH' && explanation.underlyings[u]!.name === 'ETH'
          : instrument.underlying === explanation.underlyings[u]!.name,
      )
      expect(parts.reduce((total, part) => total + part.scenarioProfitsE6[s]!, 0n)).toBe(profitE6)
    }
  const greeks = accountGreeks(model, snapshot, held)
  expect(JSON.stringify(jsonOf({ explanation, greeks }))).not.toMatch(/null|NaN|Infinity/)
  return explanation
}

/** The market at other prices. */
function scaled(factor: number): MarketSnapshot {
  return {
    ...MARKET,
    underlyings: MARKET.underlyings.map((each) => ({
      ...each,
      spot: each.spot * factor,
      perp: { ...each.perp!, price: each.perp!.price * factor },
      expiries: each.expiries.map((expiry) => ({
        ...expiry,
        forwardFixed: expiry.forwardFixed * factor,
        forwardVariable: expiry.forwardVariable * factor,
        surface: { ...expiry.surface!, forward: expiry.surface!.forward * factor },
      })),
    })),
  }
}

const mixed = (size: number, strike: number): Account => ({
  cash: size,
  perps: [
    { underlying: 'BTC', size, quote: -size },
    { underlying: 'ETH', size: -size, quote: size, unsettled: size / 3 },
  ],
  futures: [{ underlying: 'ETH', expirySeconds: 7 * 86_400, size: size / 7, quote: -size }],
  options: [
    ethOption(0, strike, true, size),
    ethOption(0, strike, false, -size),
    ethOption(4, strike, true, -size),
  ],
  collateral: [
    { asset: 'USDT', amount: size },
    { asset: 'WETH', amount: size },
  ],
})

describe.each(names)('explaining under %s', (name) => {
  it('the largest sizes at the largest prices', () => {
    expectExact(name, MARKET, mixed(1e15, 3_000))
    expectExact(name, scaled(1e7), mixed(1e15, 3e10))
    expectExact(name, scaled(1e7), mixed(1e9, 1))
  })

  it('the smallest', () => {
    expectExact(name, MARKET, mixed(1e-9, 3_000))
    expectExact(name, scaled(1e-9), mixed(1, 3e-6))
    expectExact(name, scaled(1e-9), mixed(1e15, 1e12))
    expectExact(name, MARKET, mixed(0, 3_000))
  })

  it('sizes of every magnitude in one account', () => {
    const draw = drawFrom(5)
    for (let run = 0; run < 60; run++) {
      const size = () => (draw() - 0.5) * 10 ** (draw() * 24 - 9)
      const account: Account = {
        cash: size(),
        perps: [{ underlying: 'ETH', size: size(), quote: size() }],
        options: [1_000, 3_000, 9_000].flatMap((strike) =>
          [true, false].map((isCall) => ethOption(run % EXPIRY_DAYS.length, strike, isCall, size())),
        ),
        collateral: [{ asset: 'WETH', amount: Math.abs(size()) }],
      }
      expectExact(name, MARKET, account)
    }
  })

  it('thousands of positions', () => {
    const options: OptionPosition[] = Array.from({ length: 3_000 }, (_, i) =>
      ethOption(i % EXPIRY_DAYS.length, 500 + Math.floor(i / 10), i % 10 < 5, ((i * 37) % 19) - 9.5),
    )
    const { positions } = expectExact(name, MARKET, { cash: 1e6, options, perps: mixed(5, 1).perps! })
    expect(positions.length).toBe(name === 'linear' ? 2 : 3_002)
  })
})
