import { describe, expect, it } from 'vitest'
import { drawFrom, models, randomCase, randomSnapshot } from '../explain/random-case.fixture.ts'
import { isMarginError } from '../errors.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { evaluate, evaluatePortfolio } from '../requirement/evaluate.ts'
import { applyTrades } from './apply-trades.ts'
import { randomTrades, tradedAccount } from './random-trades.fixture.ts'
import type { Trade } from './trade.ts'
import { withTradedOptions } from './traded-options.ts'
import { createWhatIf, whatIf, type MarginFigures } from './what-if.ts'

const CASES = 2_000

const isNone = (trade: Trade) => trade.size === 0
const codeOf = (run: () => unknown) => {
  try {
    run()
    return undefined
  } catch (error) {
    return isMarginError(error) ? error.code : error
  }
}

function expectSame(got: MarginFigures, expected: MarginFigures, name: string): void {
  for (const figure of Object.keys(got) as (keyof MarginFigures)[])
    expect(got[figure], `${name}: ${figure}`).toBe(expected[figure])
}

describe('what if', () => {
  it(`equals a whole valuation of the account after it, bit for bit: ${CASES} random accounts`, () => {
    let [compared, opened] = [0, 0]
    for (let seed = 0; seed < CASES; seed++) {
      const found = randomCase(seed, 4 + (seed % 30))
      const trades = randomTrades(drawFrom(seed + 1e6), found).filter((trade) => !isNone(trade))
      const { model, snapshot, account } = found
      const market = createRiskMarket(model, snapshot, account.options)
      const portfolio = createPortfolio(market, account)
      const known = withTradedOptions({ market, portfolio }, trades)
      if (known.market !== market) opened++
      const after = tradedAccount(account, trades, known.market)
      const result = whatIf(market, portfolio, trades)
      expectSame(result.before, evaluate(model, snapshot, account), `${seed} before`)
      expectSame(result.after, evaluate(model, snapshot, after), `${seed} after`)
      compared++
    }
    expect([compared, opened > CASES / 5]).toEqual([CASES, true])
  })

  it('can be asked again and again, in any order', () => {
    for (let seed = 0; seed < 60; seed++) {
      const found = randomCase(seed, 20)
      const market = createRiskMarket(found.model, found.snapshot, found.account.options)
      const portfolio = createPortfolio(market, found.account)
      const base = createWhatIf(market, portfolio)
      const questions = Array.from({ length: 20 }, (_, i) => randomTrades(drawFrom(seed * 100 + i), found))
      const first = questions.map((trades) => base.after(trades))
      const again = [...questions].reverse().map((trades) => base.after(trades))
      expect(again.reverse()).toEqual(first)
      expect(base.after([])).toEqual(base.before)
      expectSame(base.before, evaluatePortfolio(market, portfolio), `${seed}`)
    }
  })

  it('never changes the portfolio it was asked about', () => {
    const { model, snapshot, account } = randomCase(0, 30)
    const market = createRiskMarket(model, snapshot, account.options)
    const portfolio = createPortfolio(market, account)
    const before = structuredClone(portfolio)
    for (let seed = 0; seed < 50; seed++)
      whatIf(market, portfolio, randomTrades(drawFrom(seed), randomCase(0, 30)))
    expect(portfolio).toEqual(before)
  })
})

describe('a perpetual that comes or goes', () => {
  const { snapshot } = randomCase(0)
  const doubted: MarketSnapshot = {
    ...snapshot,
    underlyings: snapshot.underlyings.map((each) => ({
      ...each,
      spotConfidence: 10n ** 18n,
      perp: { ...each.perp!, confidence: 10n ** 17n },
    })),
  }
  const { expirySeconds } = snapshot.underlyings[1]!.expiries[2]!
  const options = [2_800, 3_000, 3_300].map((strike) => ({
    ...{ underlying: 'ETH', expirySeconds, strike, isCall: true, amount: -1 },
  }))
  const instrument = { kind: 'perp' as const, underlying: 'ETH' }

  it('makes options dearer whose prices it shares, and cheaper again', () => {
    for (const model of models.slice(0, 4)) {
      const market = createRiskMarket(model, doubted, options)
      const without = createPortfolio(market, { cash: 50_000, options })
      const opened = [{ instrument, size: 1 }]
      const { before, after } = whatIf(market, without, opened)
      const held = applyTrades(market, without, opened)
      expectSame(after, evaluatePortfolio(market, held), model.name)
      const back = whatIf(market, held, [{ instrument, size: -1 }]).after
      expect(back.initialMargin).toBeCloseTo(before.initialMargin, 6)
      if (model.kind === 'scenario')
        expect(before.initialMargin - after.initialMargin).toBeGreaterThan(3 * 0.4 * 2_000)
    }
  })
})

describe('trades', () => {
  const { model, snapshot } = randomCase(0)
  const perp = { kind: 'perp' as const, underlying: 'ETH' }
  const market = createRiskMarket(model, snapshot)
  const portfolio = createPortfolio(market, {
    cash: 1_000,
    perps: [{ underlying: 'ETH', size: 2, quote: -6_000 }],
  })

  it('at the mark change no value, and a fee costs itself', () => {
    const { before, after } = whatIf(market, portfolio, [{ instrument: perp, size: 3, fee: 7 }])
    expect(after.value - before.value).toBeCloseTo(-7, 9)
    const closed = applyTrades(market, portfolio, [{ instrument: perp, size: -2, price: 3_500 }])
    expect([closed.perp.length, closed.cash]).toEqual([0, 2_000])
  })

  it('refuse what is no trade, with a typed error', () => {
    const refused = (trade: Trade) => codeOf(() => whatIf(market, portfolio, [trade]))
    expect(refused({ instrument: { kind: 'perp', underlying: 'XYZ' }, size: 1 })).toBe(61)
    expect(refused({ instrument: { kind: 'future', underlying: 'ETH', expirySeconds: 5 }, size: 1 })).toBe(61)
    expect(refused({ instrument: { kind: 'collateral', asset: 'XYZ' }, size: 1 })).toBe(61)
    expect(refused({ instrument: { kind: 'collateral', asset: 'WETH' }, size: -1 })).toBe(2)
    expect(refused({ instrument: perp, size: Number.NaN })).toBe(1)
    expect(refused({ instrument: perp, size: 1e16 })).toBe(3)
    expect(refused({ instrument: perp, size: 1, price: -1 })).toBe(2)
    expect(refused({ instrument: perp, size: 1, fee: Number.POSITIVE_INFINITY })).toBe(1)
    expect(refused({ instrument: { kind: 'cash' }, size: -1e300 })).toBe(3)
    const option = { kind: 'option' as const, underlying: 'ETH', expirySeconds: 5, strike: 100, isCall: true }
    expect(refused({ instrument: option, size: 1 })).toBe(61)
    const { expirySeconds } = snapshot.underlyings[1]!.expiries[1]!
    expect(refused({ instrument: { ...option, expirySeconds, strike: -3 }, size: 1 })).toBe(2)
  })

  it('in an option no linear model takes are refused', () => {
    const linear = createRiskMarket(models[4]!, snapshot)
    const { expirySeconds } = snapshot.underlyings[1]!.expiries[1]!
    const instrument = {
      kind: 'option' as const,
      underlying: 'ETH',
      expirySeconds,
      strike: 3_000,
      isCall: true,
    }
    const held = createPortfolio(linear, { cash: 1 })
    expect(codeOf(() => whatIf(linear, held, [{ instrument, size: 1 }]))).toBe(42)
  })
})

describe('the cost of a what-if', () => {
  it('is that of the change, not of the portfolio', () => {
    const draw = drawFrom(3)
    const model = models[0]!
    const snapshot = randomSnapshot(draw)
    const expirySeconds = snapshot.underlyings[0]!.expiries.map((expiry) => expiry.expirySeconds)
    const options = Array.from({ length: 2_000 }, (_, i) => ({
      ...{ underlying: 'BTC', expirySeconds: expirySeconds[i < 20 ? 0 : 1 + (i % 3)]! },
      ...{ strike: 20_000 + 40 * i, isCall: i % 2 === 0, amount: draw() - 0.5 },
    }))
    const market = createRiskMarket(model, snapshot, options)
    const portfolio = createPortfolio(market, { cash: 1, options })
    const base = createWhatIf(market, portfolio)
    const { amount: _amount, ...terms } = options[0]!
    const trades: Trade[] = [{ instrument: { kind: 'option', ...terms }, size: 0.5 }]
    const ofOne = fastest(() => base.after(trades))
    const ofAll = fastest(() => evaluatePortfolio(market, applyTrades(market, portfolio, trades)))
    process.stdout.write(`2,000 options: what-if ${ofOne.toFixed(0)} µs, whole ${ofAll.toFixed(0)} µs\n`)
    expect(ofOne).toBeLessThan(ofAll / 2)
  })
})

function fastest(run: () => unknown): number {
  const rounds = Array.from({ length: 12 }, () => {
    const start = performance.now()
    for (let i = 0; i < 100; i++) run()
    return (performance.now() - start) * 10
  })
  return Math.min(...rounds)
}
