import { describe, expect, it } from 'vitest'
import { models, randomCase } from '../explain/random-case.fixture.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { movedSnapshot } from '../plan/moved-snapshot.ts'
import { sviVolatility } from '../pricing/svi.ts'
import { evaluate } from '../requirement/evaluate.ts'
import { accountGreeks } from './account-greeks.ts'

type Case = ReturnType<typeof randomCase>

/**
 * Cases without expiries inside the settlement window: there values have corners that differences step
 * over.
 */
function smoothCase(seed: number): Case {
  const found = randomCase(seed)
  const soon = found.snapshot.timeSeconds + 86_400
  return {
    ...found,
    account: {
      ...found.account,
      options: (found.account.options ?? []).filter(({ expirySeconds }) => expirySeconds > soon),
    },
  }
}

const worth = ({ model, account }: Case, snapshot: MarketSnapshot) => evaluate(model, snapshot, account).value

/** Central difference of the account's worth by a factor on spots (or vols). */
function difference(each: Case, step: number, move: (factor: number) => MarketSnapshot): number {
  return (worth(each, move(1 + step)) - worth(each, move(1 - step))) / (2 * step)
}

function withRates(snapshot: MarketSnapshot, change: number): MarketSnapshot {
  return {
    ...snapshot,
    underlyings: snapshot.underlyings.map((underlying) => ({
      ...underlying,
      expiries: underlying.expiries.map((expiry) => ({ ...expiry, rate: expiry.rate + change })),
    })),
  }
}

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed)

describe('Greeks of an account, against differences of the whole valuation', () => {
  const near = (got: number, expected: number, scale: number, seed: number) =>
    expect(Math.abs(got - expected), `${seed}: ${got} beside ${expected}`).toBeLessThan(scale)

  it('delta, by underlying', () => {
    for (const seed of SEEDS) {
      const each = smoothCase(seed)
      const greeks = accountGreeks(each.model, each.snapshot, each.account)
      const { gross } = evaluate(each.model, each.snapshot, each.account)
      for (const { name, deltaCash } of greeks.underlyings) {
        const move = (factor: number) => movedSnapshot(each.snapshot, { spots: { [name]: factor } })
        near(deltaCash, difference(each, 1e-4, move), 1e-6 * gross + 1e-6, seed)
      }
    }
  })

  it('gamma: what delta gains when the spot rises by 1 %', () => {
    for (const seed of SEEDS) {
      const each = smoothCase(seed)
      const { gross } = evaluate(each.model, each.snapshot, each.account)
      const at = (factor: number) =>
        worth(each, movedSnapshot(each.snapshot, { spots: { BTC: factor, ETH: factor, SOL: factor } }))
      const step = 1e-3
      const second = (at(1 + step) - 2 * at(1) + at(1 - step)) / (step * step)
      const { gammaCash } = accountGreeks(each.model, each.snapshot, each.account).account
      near(gammaCash, second / 100, 1e-4 * gross + 1e-6, seed)
    }
  })

  it('vega: one point on the volatility, by position', () => {
    for (const seed of SEEDS) {
      const each = smoothCase(seed)
      for (const { instrument, size, vegaCash } of accountGreeks(each.model, each.snapshot, each.account)
        .positions) {
        if (instrument.kind !== 'option') {
          expect(vegaCash).toBe(0)
          continue
        }
        const only = { ...each, account: { cash: 0, options: [{ ...instrument, amount: size }] } }
        const perShare = difference(only, 1e-4, (vol) => movedSnapshot(each.snapshot, { spots: {}, vol }))
        const { surface } = each.snapshot.underlyings
          .find(({ name }) => name === instrument.underlying)!
          .expiries.find(({ expirySeconds }) => expirySeconds === instrument.expirySeconds)!
        const points = 100 * sviVolatility(surface!, instrument.strike)
        near(vegaCash, perShare / points, 1e-6 * Math.abs(size) * instrument.strike + 1e-6, seed)
      }
    }
  })

  it('rho: one basis point on every rate that is not negative', () => {
    for (const seed of SEEDS) {
      const each = smoothCase(seed)
      const { gross } = evaluate(each.model, each.snapshot, each.account)
      const lifted = { ...each, snapshot: withRates(each.snapshot, 0.05) }
      const { rhoCash } = accountGreeks(lifted.model, lifted.snapshot, lifted.account).account
      const change =
        worth(lifted, withRates(lifted.snapshot, 1e-5)) - worth(lifted, withRates(lifted.snapshot, -1e-5))
      near(rhoCash, (change / 2e-5) * 1e-4, 1e-8 * gross + 1e-6, seed)
    }
  })

  it('theta: a day closer to every expiry', () => {
    for (const seed of SEEDS) {
      const each = smoothCase(seed)
      const { gross } = evaluate(each.model, each.snapshot, each.account)
      const { account, positions } = accountGreeks(each.model, each.snapshot, each.account)
      const minutes = (count: number) => ({
        ...each.snapshot,
        timeSeconds: each.snapshot.timeSeconds + 60 * count,
      })
      const perDay = ((worth(each, minutes(1)) - worth(each, minutes(-1))) / 2) * 24 * 60
      near(account.thetaCash, perDay, 1e-5 * gross + 1e-6, seed)
      for (const { instrument, thetaCash } of positions)
        if (instrument.kind !== 'option') expect(thetaCash).toBe(0)
    }
  })
})

describe('Greeks', () => {
  it('of positions sum up to those of underlyings and account', () => {
    for (const seed of SEEDS) {
      const { model, snapshot, account } = randomCase(seed)
      const greeks = accountGreeks(model, snapshot, account)
      for (const name of ['deltaCash', 'gammaCash', 'vegaCash', 'thetaCash', 'rhoCash'] as const) {
        const sum = greeks.underlyings.reduce((total, each) => total + each[name], 0)
        const scale = greeks.positions.reduce((total, each) => total + Math.abs(each[name]), 1e-9)
        expect(Math.abs(greeks.account[name] - sum) / scale).toBeLessThan(1e-12)
      }
      expect(JSON.stringify(greeks)).not.toMatch(/null/)
    }
  })

  it('of a perpetual, of collateral that cancels risk and of one that does not', () => {
    const { snapshot } = randomCase(0)
    const market = {
      ...snapshot,
      stablePrice: 10n ** 18n,
      assets: snapshot.assets.map((asset) => ({ ...asset, cancelsRisk: asset.name === 'WETH' })).slice(2),
    }
    const { positions, account } = accountGreeks(models[0]!, market, {
      cash: 5,
      perps: [{ underlying: 'BTC', size: -2, quote: 100 }],
      collateral: [{ asset: 'WETH', amount: 3 }],
    })
    const btc = snapshot.underlyings.find(({ name }) => name === 'BTC')!.perp!.price
    expect(positions.map(({ deltaCash }) => deltaCash)).toEqual([-2 * btc, 9_300])
    expect(account).toEqual({
      deltaCash: -2 * btc + 9_300,
      gammaCash: 0,
      vegaCash: 0,
      thetaCash: 0,
      rhoCash: 0,
    })
  })
})
