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
    const ratios = judge(400, 8, [0, 1])
    console.log(ratios.slice(0, 10))
    expect(ratios[0]).toBeLessThanOrEqual(1.1)
  })

  it('nor than the best closings by quarters of up to 5 positions', () => {
    const ratios = judge(150, 5, [0, 0.25, 0.5, 0.75, 1])
    console.log(ratios.slice(0, 10))
    expect(ratios[0]).toBeLessThanOrEqual(1.1)
  })
})
