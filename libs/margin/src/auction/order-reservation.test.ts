import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMarginError } from '../errors.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { ScenarioModel } from '../model/risk-model.ts'
import {
  accountArbitrary,
  EXPIRY_DAYS,
  ethOption,
  MARKET,
  optionsArbitrary,
  sizeWithin,
  SPOTS,
} from '../portfolio/market.fixture.ts'
import type { Account } from '../portfolio/account.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { evaluate, evaluatePortfolio } from '../requirement/evaluate.ts'
import type { OpenOrder } from './open-orders.ts'
import { reserveOrders } from './order-reservation.ts'

const pm2 = readRiskModel('pm2') as ScenarioModel
const pm1 = readRiskModel('pm1') as ScenarioModel
const linear = readRiskModel('linear')

/** Limits within ± 20 % of a price that is near the mark. */
const linearOrders: fc.Arbitrary<OpenOrder[]> = fc.array(
  fc
    .record({
      underlying: fc.constantFrom('BTC' as const, 'ETH' as const),
      isFuture: fc.boolean(),
      size: sizeWithin(1_000),
      limitPercent: fc.integer({ min: 80, max: 120 }),
      fee: fc.nat({ max: 50 }),
    })
    .map(({ underlying, isFuture, size, limitPercent, fee }) => ({
      instrument: isFuture
        ? { kind: 'future' as const, underlying, expirySeconds: EXPIRY_DAYS[3] * 86_400 }
        : { kind: 'perp' as const, underlying },
      size,
      limit: (SPOTS[underlying] * limitPercent) / 100,
      fee,
    })),
  { maxLength: 4 },
)

const optionOrders: fc.Arbitrary<OpenOrder[]> = optionsArbitrary.chain((options) =>
  fc.tuple(...options.map(() => fc.nat({ max: 400 }))).map((percents) =>
    options.map(({ amount, ...terms }, i) => ({
      instrument: { kind: 'option' as const, ...terms },
      size: amount,
      limit: (SPOTS[terms.underlying as 'ETH'] * 0.05 * percents[i]!) / 100,
      fee: 1,
    })),
  ),
)

/** The account after each order filled by its fraction at its limit, paying its part of the fee. */
function filled(account: Account, orders: readonly OpenOrder[], fractions: readonly number[]): Account {
  let { cash } = account
  const perps = new Map(account.perps!.map((perp) => [perp.underlying, perp]))
  const futures = new Map(account.futures!.map((each) => [`${each.underlying} ${each.expirySeconds}`, each]))
  const options = new Map(account.options!.map((each) => [keyOf(each), each]))
  for (const [i, { instrument, size, limit, fee }] of orders.entries()) {
    const part = size * fractions[i]!
    cash -= fee * fractions[i]!
    const trade = <T extends { size: number; quote: number }>(held: T): T => ({
      ...held,
      size: held.size + part,
      quote: held.quote - part * limit,
    })
    if (instrument.kind === 'perp') {
      const { underlying } = instrument
      perps.set(underlying, trade(perps.get(underlying) ?? { underlying, size: 0, quote: 0 }))
    } else if (instrument.kind === 'future') {
      const { underlying, expirySeconds } = instrument
      const key = `${underlying} ${expirySeconds}`
      futures.set(key, trade(futures.get(key) ?? { underlying, expirySeconds, size: 0, quote: 0 }))
    } else {
      const { kind: _, ...terms } = instrument
      cash -= part * limit
      const amount = (options.get(keyOf(terms))?.amount ?? 0) + part
      options.set(keyOf(terms), { ...terms, amount })
    }
  }
  return {
    ...account,
    cash,
    perps: [...perps.values()],
    futures: [...futures.values()],
    options: [...options.values()],
  }
}

function keyOf(terms: {
  underlying: string
  expirySeconds: number
  strike: number
  isCall: boolean
}): string {
  return `${terms.underlying} ${terms.expirySeconds} ${terms.strike} ${terms.isCall}`
}

describe('order reservation', () => {
  it('no fills, whole or partial, leave less initial margin than it says', () => {
    let tight = Number.POSITIVE_INFINITY
    fc.assert(
      fc.property(
        accountArbitrary,
        linearOrders,
        optionOrders,
        fc.infiniteStream(fc.constantFrom(0, 0, 1, 1, 0.25, 0.7)),
        fc.constantFrom(pm2, pm1),
        (account, linears, options, random, model) => {
          const orders = [...linears, ...options]
          const terms = [...account.options!, ...orders.flatMap(({ instrument }) => optionTerms(instrument))]
          const market = createRiskMarket(model, MARKET, unique(terms))
          const reserved = reserveOrders(market, createPortfolio(market, account), orders)
          for (let round = 0; round < 4; round++) {
            const fractions = orders.map(() => random.next().value)
            const after = evaluatePortfolio(
              market,
              createPortfolio(market, filled(account, orders, fractions)),
            )
            expect(after.initialMargin).toBeGreaterThanOrEqual(reserved.initialMargin - 1e-9 * after.gross)
            tight = Math.min(tight, after.initialMargin - reserved.initialMargin)
          }
        },
      ),
      { numRuns: 250 },
    )
    expect(tight).toBeLessThan(1)
  })

  it('without orders it is the initial margin', () => {
    fc.assert(
      fc.property(accountArbitrary, (account) => {
        const market = createRiskMarket(pm2, MARKET, account.options)
        const { initialMargin, gross } = evaluate(pm2, MARKET, account)
        const reserved = reserveOrders(market, createPortfolio(market, account), [])
        expect(Math.abs(reserved.initialMargin - initialMargin)).toBeLessThanOrEqual(1e-12 * gross)
        expect(reserved.initialMarginE6 <= evaluate(pm2, MARKET, account).initialMarginE6).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('one order of a flat account: exactly its own requirement', () => {
    const market = createRiskMarket(pm2, MARKET)
    const flat = createPortfolio(market, { cash: 10_000 })
    const order: OpenOrder = {
      instrument: { kind: 'perp', underlying: 'ETH' },
      size: 4,
      limit: 3_003,
      fee: 6,
    }
    // −18 % of 4·3003, 4 % of 4·3000, the fee
    const { initialMargin } = reserveOrders(market, flat, [order])
    expect(initialMargin).toBeCloseTo(10_000 - 0.18 * 12_012 - 480 - 6, 8)
  })

  it('opposite orders count the worse of both, not both', () => {
    const market = createRiskMarket(pm2, MARKET)
    const flat = createPortfolio(market, { cash: 10_000 })
    const order = (size: number): OpenOrder => ({
      instrument: { kind: 'perp', underlying: 'ETH' },
      size,
      limit: 3_003,
      fee: 0,
    })
    const [buy, both] = [[order(4)], [order(4), order(-4)]].map(
      (orders) => reserveOrders(market, flat, orders).initialMargin,
    )
    expect(both).toBeCloseTo(buy!, 8)
  })

  it('a linear model reserves the larger side and the loss at the limit', () => {
    const market = createRiskMarket(linear, MARKET)
    const portfolio = createPortfolio(market, {
      cash: 10_000,
      perps: [{ underlying: 'ETH', size: 1, quote: -3_003 }],
    })
    const order: OpenOrder = {
      instrument: { kind: 'perp', underlying: 'ETH' },
      size: -3,
      limit: 2_903,
      fee: 1,
    }
    const { initialMargin } = reserveOrders(market, portfolio, [order])
    expect(initialMargin).toBeCloseTo(10_000 - 2 * 3_003 * 0.05 - 300 - 1, 8)
  })

  it('refuses what it can not bound', () => {
    const codeOf = (attempt: () => unknown) => {
      try {
        attempt()
        return 0
      } catch (error) {
        if (!isMarginError(error)) throw error
        return error.code
      }
    }
    const standard = createRiskMarket(readRiskModel('standard'), MARKET)
    expect(codeOf(() => reserveOrders(standard, createPortfolio(standard, { cash: 0 }), []))).toBe(64)
    const crossed = createRiskMarket(
      {
        ...pm2,
        staticDiscount: { ...pm2.staticDiscount, long: { base: 2, rateMultiplier: 0, rateAddend: 0 } },
      },
      MARKET,
    )
    expect(codeOf(() => reserveOrders(crossed, createPortfolio(crossed, { cash: 0 }), []))).toBe(40)
    const market = createRiskMarket(pm2, MARKET)
    const of = (order: Partial<OpenOrder>) => () =>
      reserveOrders(market, createPortfolio(market, { cash: 0 }), [
        { instrument: { kind: 'perp', underlying: 'ETH' }, size: 1, limit: 1, fee: 0, ...order },
      ])
    expect(codeOf(of({ size: Number.NaN }))).toBe(1)
    expect(codeOf(of({ limit: -1 }))).toBe(2)
    expect(codeOf(of({ fee: Number.POSITIVE_INFINITY }))).toBe(1)
    expect(codeOf(of({ instrument: { kind: 'perp', underlying: 'DOGE' } }))).toBe(61)
    expect(codeOf(of({ instrument: { kind: 'future', underlying: 'ETH', expirySeconds: 5 } }))).toBe(61)
    const { amount: _, ...terms } = ethOption(2, 3_000, true, 1)
    expect(codeOf(of({ instrument: { kind: 'option', ...terms } }))).toBe(61)
  })
})

function optionTerms(instrument: OpenOrder['instrument']) {
  if (instrument.kind !== 'option') return []
  const { kind: _, ...terms } = instrument
  return [terms]
}

function unique<T extends Parameters<typeof keyOf>[0]>(terms: readonly T[]): T[] {
  return [...new Map(terms.map((each) => [keyOf(each), each])).values()]
}
