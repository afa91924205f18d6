import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { ScenarioModel } from '../model/risk-model.ts'
import {
  accountArbitrary,
  EXPIRY_DAYS,
  MARKET,
  optionsArbitrary,
  sizeWithin,
  SPOTS,
} from '../portfolio/market.fixture.ts'
import type { OptionTerms } from '../portfolio/account.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { coversOrders } from './covers-orders.ts'
import type { OrderSum } from './covers-orders.ts'
import type { OpenOrder, OrderInstrument } from './open-orders.ts'
import { reserveOrders } from './order-reservation.ts'

const models = [readRiskModel('pm2'), readRiskModel('pm1'), readRiskModel('linear')] as ScenarioModel[]
/** Of a price: what a fee is at most. */
const FEE_RATE = 0.001

/** What there is at an instrument, by sizes and limits in hundredths of its price. */
const quotes = fc.array(
  fc.record({ size: sizeWithin(100), percent: fc.integer({ min: 90, max: 110 }), part: fc.nat({ max: 4 }) }),
  { minLength: 1, maxLength: 5 },
)
const linearInstruments: OrderInstrument[] = (['BTC', 'ETH'] as const).flatMap((underlying) => [
  { kind: 'perp', underlying },
  { kind: 'future', underlying, expirySeconds: EXPIRY_DAYS[3] * 86_400 },
])

/** A fee of an order, rounded up to a micro-cash. */
function feeOf(size: number, price: number): number {
  return Math.ceil(Math.abs(size) * price * FEE_RATE * 1e6) / 1e6
}

/** Orders of an instrument, and what is left of them where they only reduce. */
function ordersOf(
  instrument: OrderInstrument,
  price: number,
  all: readonly { size: number; percent: number; part: number }[],
): { orders: OpenOrder[]; less: OpenOrder[] } {
  const of = (size: number, percent: number): OpenOrder => {
    const limit = (price * percent) / 100
    return { instrument, size, limit, fee: feeOf(size, limit) }
  }
  const isAny = ({ size }: OpenOrder) => size !== 0
  return {
    orders: all.map(({ size, percent }) => of(size, percent)).filter(isAny),
    less: all.map(({ size, percent, part }) => of((size * part) / 4, percent)).filter(isAny),
  }
}

/** Orders of one instrument, summed side by side. */
function sumsOf(orders: readonly OpenOrder[]): OrderSum[] {
  return [true, false].flatMap((isBuy) => {
    const side = orders.filter(({ size }) => size > 0 === isBuy)
    if (side.length === 0) return []
    const size = side.reduce((sum, each) => sum + each.size, 0)
    const limits = side.map(({ limit }) => limit)
    const highest = Math.max(...limits)
    const limit = isBuy ? highest : Math.min(...limits)
    const { instrument } = side[0]!
    return [{ instrument, size, limit, fee: feeOf(size, highest), orders: side.length, highest }]
  })
}

const cases = fc.record({
  account: accountArbitrary,
  linears: fc.array(fc.tuple(fc.constantFrom(...linearInstruments), quotes), { maxLength: 3 }),
  options: fc.tuple(optionsArbitrary, fc.array(quotes, { maxLength: 6 })),
  model: fc.constantFrom(...models),
  /** Of what the sums ask beyond the orders: where the account stands. */
  stand: fc.integer({ min: -50, max: 150 }).map((percent) => percent / 100),
})

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

function setUp({ account, linears, options: [options, optionQuotes], model }: Case) {
  const isLinear = model === models[2]
  const own = isLinear ? { ...account, options: [] } : account
  const groups = linears.map(([instrument, all]) => {
    const spot = SPOTS[instrument.underlying as 'BTC' | 'ETH']
    return ordersOf(instrument, spot, all)
  })
  const terms = isLinear
    ? []
    : options.slice(0, optionQuotes.length).map(({ underlying, expirySeconds, strike, isCall }) => {
        return { underlying, expirySeconds, strike, isCall }
      })
  for (const [i, each] of terms.entries()) {
    const price = SPOTS[each.underlying as 'BTC' | 'ETH'] * 0.05
    groups.push(ordersOf({ kind: 'option', ...each }, price, optionQuotes[i]!))
  }
  const all = [...own.options!, ...terms]
  const keyOf = (of: OptionTerms) => `${of.underlying} ${of.expirySeconds} ${of.strike} ${of.isCall}`
  const unique = new Map(all.map((each) => [keyOf(each), each]))
  const market = createRiskMarket(model, MARKET, [...unique.values()])
  const byKey = new Map<string, OpenOrder[]>()
  for (const each of groups.flatMap(({ orders }) => orders)) {
    const key = JSON.stringify(each.instrument)
    byKey.set(key, [...(byKey.get(key) ?? []), each])
  }
  const sums = [...byKey.values()].flatMap(sumsOf)
  const orders = groups.flatMap((group) => group.orders)
  return { own, market, orders, less: groups.flatMap((group) => group.less), sums }
}

describe('sums of orders', () => {
  it('are never said to be covered where the orders are not, nor less of each', () => {
    const said = { covered: 0, not: 0, needless: 0 }
    fc.assert(
      fc.property(cases, (each) => {
        const { own, market, orders, less, sums } = setUp(each)
        const at = (cash: number) => createPortfolio(market, { ...own, cash })
        const margin = (of: readonly OpenOrder[]) => reserveOrders(market, at(0), of).initialMargin
        const [byOrders, bySums] = [margin(orders), margin(sums)]
        expect(bySums).toBeLessThanOrEqual(byOrders + 1e-6 * (1 + Math.abs(byOrders)))
        const portfolio = at(-byOrders + each.stand * (byOrders - bySums) + (each.stand - 0.5) * 10)
        const exact = reserveOrders(market, portfolio, orders).initialMarginE6
        if (coversOrders(market, portfolio, sums)) {
          said.covered++
          expect(exact).toBeGreaterThanOrEqual(0n)
          expect(reserveOrders(market, portfolio, less).initialMarginE6).toBeGreaterThanOrEqual(0n)
        } else if (exact < 0n) said.not++
        else said.needless++
      }),
      { numRuns: 600 },
    )
    for (const count of Object.values(said)) expect(count).toBeGreaterThan(30)
  })

  it('are as good as the orders where all of a side have one limit', () => {
    const market = createRiskMarket(models[0]!, MARKET)
    const instrument: OrderInstrument = { kind: 'perp', underlying: 'ETH' }
    const order: OpenOrder = { instrument, size: 2, limit: 3_003, fee: feeOf(2, 3_003) }
    const orders = [order, order, order]
    const needed = -reserveOrders(market, createPortfolio(market, { cash: 0 }), orders).initialMargin
    const covered = (cash: number) => coversOrders(market, createPortfolio(market, { cash }), sumsOf(orders))
    expect(covered(needed - 0.01)).toBe(false)
    expect(covered(needed + 0.01)).toBe(true)
  })

  it('count rounding: many orders of next to nothing', () => {
    const market = createRiskMarket(models[0]!, MARKET)
    const instrument: OrderInstrument = { kind: 'perp', underlying: 'ETH' }
    // Each is worth a little more than its limit at the worst, and pays a whole micro-cash of fee.
    const order: OpenOrder = { instrument, size: 1e-9, limit: 2_400, fee: 1e-6 }
    const orders = Array.from({ length: 1_000 }, () => order)
    const at = (cash: number) => createPortfolio(market, { cash })
    const sum = { ...order, size: 1e-6, fee: feeOf(1e-6, 2_400), orders: 1_000, highest: 2_400 }
    for (let cash = 0; cash < 0.003; cash += 0.0001)
      if (coversOrders(market, at(cash), [sum]))
        expect(reserveOrders(market, at(cash), orders).initialMarginE6).toBeGreaterThanOrEqual(0n)
    expect(coversOrders(market, at(0.01), [sum])).toBe(true)
  })
})
