import { describe, expect, it } from 'vitest'
import type { OpenOrder, OrderInstrument } from '../auction/open-orders.ts'
import { drawFrom, models, randomCase } from '../explain/random-case.fixture.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { evaluate } from '../requirement/evaluate.ts'
import { orderMargin } from './order-margin.ts'

const perp: OrderInstrument = { kind: 'perp', underlying: 'ETH' }

describe('the margin cost of an order', () => {
  it('filled is the difference of two whole valuations', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { model, snapshot, account } = randomCase(seed)
      const market = createRiskMarket(model, snapshot, account.options)
      const { price } = snapshot.underlyings[1]!.perp!
      const order: OpenOrder = { instrument: perp, size: (seed % 7) - 3.5, limit: price * 1.01, fee: 2 }
      const cost = orderMargin(market, createPortfolio(market, account), order)
      const held = account.perps?.find(({ underlying }) => underlying === 'ETH')
      const others = account.perps!.filter((each) => each !== held)
      const size = (held?.size ?? 0) + order.size
      if (size === 0) continue
      const quote = (held?.quote ?? 0) - order.size * order.limit
      const filled = { underlying: 'ETH', size, quote, unsettled: held?.unsettled ?? 0 }
      const before = evaluate(model, snapshot, account)
      const after = evaluate(model, snapshot, {
        ...account,
        cash: account.cash - 2,
        perps: [...others, filled],
      })
      expect(cost.filledInitialE6, `${seed}`).toBe(before.initialMarginE6 - after.initialMarginE6)
      expect(cost.filledMaintenanceE6).toBe(before.maintenanceMarginE6 - after.maintenanceMarginE6)
    }
  })

  it('while it waits is never less than filled, nor than nothing', () => {
    const draw = drawFrom(9)
    let compared = 0
    for (let seed = 0; seed < 300; seed++) {
      const { model, snapshot, account } = randomCase(seed)
      const market = createRiskMarket(model, snapshot, account.options)
      const { spot, expiries } = snapshot.underlyings[1]!
      const { expirySeconds } = expiries[2]!
      const strike = Math.round(spot * (0.8 + 0.4 * draw()))
      const option = {
        kind: 'option' as const,
        underlying: 'ETH',
        expirySeconds,
        strike,
        isCall: draw() < 0.5,
      }
      const instrument = model.kind === 'linear' || draw() < 0.5 ? perp : option
      const limit = instrument === perp ? spot : spot * 0.05
      const order: OpenOrder = { instrument, size: draw() * 10 - 5, limit, fee: 1 }
      const { filledInitialE6, reservedE6 } = orderMargin(market, createPortfolio(market, account), order)
      if (model.kind === 'standard') expect(reservedE6).toBeUndefined()
      else {
        compared++
        // Both are rounded by 10⁻⁹ of what was added up
        expect(reservedE6! + 100_000n > filledInitialE6, `${seed}`).toBe(true)
        expect(reservedE6! > -100_000n, `${seed}`).toBe(true)
      }
    }
    expect(compared).toBeGreaterThan(200)
  })

  it('of a first perpetual under the linear model, by hand', () => {
    const { snapshot } = randomCase(4)
    const market = createRiskMarket(models[4]!, snapshot)
    const { price } = snapshot.underlyings[1]!.perp!
    const order = { instrument: perp, size: 2, limit: price, fee: 3 }
    const cost = orderMargin(market, createPortfolio(market, { cash: 1_000 }), order)
    const share = Number(cost.filledInitialE6) / 1e6
    expect(share).toBeCloseTo(2 * price * 0.05 + 3, 4)
    expect(Math.abs(Number(cost.reservedE6! - cost.filledInitialE6))).toBeLessThanOrEqual(1)
  })
})
