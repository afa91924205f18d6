import { describe, expect, it } from 'vitest'
import type { OrderInstrument } from '../auction/open-orders.ts'
import { drawFrom, randomCase } from '../explain/random-case.fixture.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import { ethOption, MARKET } from '../portfolio/market.fixture.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { steepestFall, type Side } from './margin-slope.ts'
import { createWhatIf } from './what-if.ts'

describe('the steepest fall of initial margin', () => {
  it('is never exceeded between two sizes, wherever they are', () => {
    let tight = 0
    for (let seed = 0; seed < 500; seed++) {
      const { model, snapshot, account } = randomCase(seed, 8)
      const draw = drawFrom(seed + 7e6)
      const market = createRiskMarket(model, snapshot, account.options)
      const portfolio = createPortfolio(market, account)
      const base = createWhatIf(market, portfolio)
      const { name, spot, expiries } = snapshot.underlyings[Math.floor(draw() * 3)]!
      const option = account.options?.[Math.floor(draw() * account.options.length)]
      const kind = draw()
      const { expirySeconds } = expiries[2]!
      const instrument: OrderInstrument =
        option !== undefined && kind < 0.5
          ? { kind: 'option', ...option }
          : kind < 0.8
            ? { kind: 'perp', underlying: name }
            : { kind: 'future', underlying: name, expirySeconds }
      const price = instrument.kind === 'option' ? spot * 0.05 * draw() : spot * (0.98 + 0.04 * draw())
      const side: Side = { instrument, sign: draw() < 0.5 ? 1 : -1, price, fee: draw() * 5 }
      const fall = steepestFall(market, portfolio, side)
      const marginAt = (size: number) => {
        const fee = side.fee * size
        const { initialMargin, gross } = base.after([{ instrument, size: side.sign * size, price, fee }])
        return initialMargin - 1e-9 * gross
      }
      // From a first lot on, and not across the one that closes: a perpetual's coming and going is no slope
      const sizes = Array.from({ length: 12 }, () => draw() * (200_000 / spot) + 1e-6).sort((a, b) => a - b)
      for (let i = 1; i < sizes.length; i++) {
        const [from, to] = [sizes[i - 1]!, sizes[i]!]
        const steepness = (marginAt(from) - marginAt(to)) / (to - from)
        expect(steepness, `${seed}`).toBeLessThanOrEqual(fall * (1 + 1e-6) + 1e-3)
        if (steepness > 0.9 * fall) tight++
      }
    }
    expect(tight).toBeGreaterThan(500)
  })

  it('of a perpetual by hand: its loss at −18 %, its charge, what it costs above the mark, its fee', () => {
    const market = createRiskMarket(readRiskModel('pm2'), MARKET)
    const portfolio = createPortfolio(market, { cash: 0 })
    const instrument: OrderInstrument = { kind: 'perp', underlying: 'ETH' }
    const bought = steepestFall(market, portfolio, { instrument, sign: 1, price: 3_010, fee: 2 })
    expect(bought).toBeCloseTo(0.18 * 3_003 + 0.04 * 3_000 + 7 + 2, 3)
    const sold = steepestFall(market, portfolio, { instrument, sign: -1, price: 3_010, fee: 2 })
    expect(sold).toBeCloseTo(0.18 * 3_003 + 0.04 * 3_000 + 2, 3)
  })

  it('of a bought option is at most its worth and what it costs; of a sold one more', () => {
    const option = ethOption(3, 3_000, true, 1)
    const market = createRiskMarket(readRiskModel('pm2'), MARKET, [option])
    const portfolio = createPortfolio(market, { cash: 0 })
    const mark = market.grid[0]!
    const { amount: _amount, ...terms } = option
    const side = { instrument: { kind: 'option' as const, ...terms }, price: mark, fee: 0 }
    const bought = steepestFall(market, portfolio, { ...side, sign: 1 })
    expect(bought > 0.5 * mark && bought < 1.01 * mark).toBe(true)
    expect(steepestFall(market, portfolio, { ...side, sign: -1 })).toBeGreaterThan(1.5 * mark)
  })
})
