import { describe, expect, it } from 'vitest'
import { drawFrom, models, randomCase } from '../explain/random-case.fixture.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import type { Trade } from './trade.ts'
import { withTradedOptions } from './traded-options.ts'

describe('options that are traded but not in the market', () => {
  it('make the market that has them from the start, and move the portfolio along', () => {
    for (let seed = 0; seed < 400; seed++) {
      const found = randomCase(seed)
      const { snapshot, account } = found
      const model = found.model.kind === 'linear' ? models[0]! : found.model
      const options = account.options ?? []
      const draw = drawFrom(seed)
      const held = options.filter(() => draw() < 0.5)
      const trades: Trade[] = options.map(({ amount, ...terms }) => ({
        instrument: { kind: 'option', ...terms },
        size: amount,
      }))
      const market = createRiskMarket(model, snapshot, held)
      const portfolio = createPortfolio(market, { ...account, options: held })
      const after = withTradedOptions({ market, portfolio }, trades)
      const whole = createRiskMarket(model, snapshot, options)
      expect(after.market.grid).toEqual(whole.grid)
      for (const column of ['count', 'expiry', 'strike', 'isCall', 'volatility'] as const)
        expect(after.market.options[column]).toEqual(whole.options[column])
      expect(after.portfolio).toEqual(createPortfolio(whole, { ...account, options: held }))
      expect(createPortfolio(after.market, account)).toEqual(createPortfolio(whole, account))
      if (held.length === options.length) expect(after.market).toBe(market)
    }
  })
})
