import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { drawFrom, models, randomAccount, randomSnapshot } from '../explain/random-case.fixture.ts'
import type { Account } from '../portfolio/account.ts'
import { createPortfolio, type Portfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket, type RiskMarket } from '../portfolio/risk-market.ts'
import { heldPositions } from '../explain/held-positions.ts'
import { evaluatePortfolio } from '../requirement/evaluate.ts'
import { applyTrades } from './apply-trades.ts'
import { closingTrades } from './closing-trades.ts'
import type { Trade } from './trade.ts'
import { createWhatIf } from './what-if.ts'

interface Unhealthy {
  readonly seed: number
  readonly market: RiskMarket
  readonly portfolio: Portfolio
}

/** A random account of up to `most` positions that fails, and would be healthy if it closed all. */
function unhealthy(seed: number, most: number): Unhealthy | undefined {
  const draw = drawFrom(seed)
  const snapshot = randomSnapshot(draw)
  const model = models[seed % models.length]!
  const account = limited(randomAccount(draw, snapshot, model, 3), most)
  const market = createRiskMarket(model, snapshot, account.options)
  const withoutCash = evaluatePortfolio(market, createPortfolio(market, { ...account, cash: 0 }))
  // Cash that leaves a shortfall of 5 to 95 % of the requirement
  const short = withoutCash.maintenanceRequirement * (0.05 + 0.9 * draw())
  const portfolio = createPortfolio(market, { ...account, cash: -withoutCash.maintenanceMargin - short })
  const all = evaluatePortfolio(market, applyTrades(market, portfolio, closings(market, portfolio)))
  return short > 1 && all.maintenanceMarginE6 >= 0n ? { seed, market, portfolio } : undefined
}

function limited(account: Account, most: number): Account {
  const [perps = [], futures = [], options = []] = [account.perps, account.futures, account.options]
  const held = <T extends { size?: number; amount?: number }>(all: readonly T[], count: number) =>
    all.filter(({ size, amount }) => (size ?? amount) !== 0).slice(0, Math.max(0, count))
  const some = { options: held(options, most - 2), perps: held(perps, 2) }
  return { ...account, ...some, futures: held(futures, most - some.options.length - some.perps.length) }
}

function closings(market: RiskMarket, portfolio: Portfolio): Trade[] {
  return heldPositions(market, portfolio).flatMap(({ instrument, size }) =>
    instrument.kind === 'collateral' || size === 0 ? [] : [{ instrument, size: -size }],
  )
}

/** The least notional of all combinations of shares of the positions that restore health. */
function bruteForce({ market, portfolio }: Unhealthy, shares: readonly number[]): number {
  const base = createWhatIf(market, portfolio)
  const whole = closings(market, portfolio)
  const spots = whole.map(({ instrument }) => {
    const name = (instrument as { underlying: string }).underlying
    return market.underlyings.spot[market.underlyings.indexOf.get(name)!]!
  })
  let best = Number.POSITIVE_INFINITY
  for (let code = 0; code < shares.length ** whole.length; code++) {
    let rest = code
    let notional = 0
    const trades = whole.flatMap((trade, i) => {
      const share = shares[rest % shares.length]!
      rest = Math.floor(rest / shares.length)
      notional += Math.abs(trade.size) * share * spots[i]!
      return share === 0 ? [] : [{ ...trade, size: trade.size * share }]
    })
    if (notional < best && base.after(trades as Trade[]).maintenanceMarginE6 >= 0n) best = notional
  }
  return best
}

function judge(count: number, most: number, shares: readonly number[]) {
  const ratios: number[] = []
  for (let seed = 0; ratios.length < count; seed++) {
    const account = unhealthy(seed, most)
    if (!account) continue
    const plan = closingTrades(account.market, account.portfolio)
    expect(plan.restoresHealth, `${seed}`).toBe(true)
    const after = evaluatePortfolio(
      account.market,
      applyTrades(account.market, account.portfolio, plan.trades),
    )
    expect(after.maintenanceMarginE6 >= 0n, `${seed}`).toBe(true)
    expect(plan.after.maintenanceMarginE6).toBe(after.maintenanceMarginE6)
    ratios.push(plan.notional / bruteForce(account, shares))
  }
  return ratios.sort((a, b) => b - a)
}

describe('closing trades', () => {
  it('need at most 10 % more notional than the best whole closings of up to 8 positions', () => {
    const ratios = judge(200, 8, [0, 1])
    process.stdout.write(`closing trades beside the best whole closings: at most ${ratios[0]!.toFixed(4)}\n`)
    expect(ratios[0]).toBeLessThanOrEqual(1.1)
  }, 120_000)

  it('nor than the best closings by quarters of up to 5 positions', () => {
    const ratios = judge(100, 5, [0, 0.25, 0.5, 0.75, 1])
    process.stdout.write(`closing trades beside the best by quarters: at most ${ratios[0]!.toFixed(4)}\n`)
    expect(ratios[0]).toBeLessThanOrEqual(1.1)
  }, 120_000)

  it('are whole lots of what is held, or all of it, and the same ones every time', () => {
    for (let seed = 0; seed < 60; seed++) {
      const account = unhealthy(seed, 6)
      if (!account) continue
      const plan = closingTrades(account.market, account.portfolio, 0.01)
      const held = heldPositions(account.market, account.portfolio)
      for (const { instrument, size } of plan.trades) {
        const position = held.find((each) => isDeepStrictEqual(each.instrument, instrument))!
        expect(Math.sign(size)).toBe(-Math.sign(position.size))
        expect(Math.abs(size)).toBeLessThanOrEqual(Math.abs(position.size))
        const lots = Math.abs(size) / 0.01
        if (size !== -position.size) expect(Math.abs(lots - Math.round(lots))).toBeLessThan(1e-6)
      }
      expect(closingTrades(account.market, account.portfolio, 0.01)).toEqual(plan)
    }
  })

  it('are none for a healthy account, and all for one that nothing restores', () => {
    const { market, portfolio } = unhealthy(1, 8) ?? unhealthy(2, 8)!
    const rich = { ...portfolio, cash: 1e9 }
    expect(closingTrades(market, rich)).toMatchObject({ restoresHealth: true, trades: [], notional: 0 })
    const broke = { ...portfolio, cash: -1e9 }
    const plan = closingTrades(market, broke)
    expect(plan.restoresHealth).toBe(false)
    expect(plan.trades.map(({ size }) => size)).toEqual(closings(market, broke).map(({ size }) => size))
    expect(() => closingTrades(market, portfolio, 0)).toThrow('lot')
  })

  it('are found for a hundred positions', () => {
    const draw = drawFrom(12)
    const snapshot = randomSnapshot(draw)
    const account = randomAccount(draw, snapshot, models[0]!, 50)
    const market = createRiskMarket(models[0]!, snapshot, account.options)
    const before = createPortfolio(market, { ...account, cash: 0 })
    const { maintenanceMargin, maintenanceRequirement } = evaluatePortfolio(market, before)
    const portfolio = { ...before, cash: -maintenanceMargin - 0.2 * maintenanceRequirement }
    const plan = closingTrades(market, portfolio, 0.001)
    expect([plan.restoresHealth, plan.after.maintenanceMarginE6 >= 0n]).toEqual([true, true])
    expect(plan.notional).toBeGreaterThan(0)
  })
})
