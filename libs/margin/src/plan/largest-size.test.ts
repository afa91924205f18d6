import { describe, expect, it } from 'vitest'
import { isMarginError } from '../errors.ts'
import { drawFrom, randomCase, type Draw, type RandomCase } from '../explain/random-case.fixture.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { evaluate } from '../requirement/evaluate.ts'
import { largestSize, type SizeQuestion } from './largest-size.ts'
import { withTradedOptions } from './traded-options.ts'
import { createWhatIf } from './what-if.ts'

/** A question about an account that has some initial margin left; lots so coarse that all can be tried. */
function randomQuestion(seed: number): { found: RandomCase; question: SizeQuestion } {
  const draw = drawFrom(seed + 5e6)
  const { account, ...rest } = randomCase(seed, 6)
  const { initialMargin, initialRequirement } = evaluate(rest.model, rest.snapshot, account)
  const spare = initialRequirement * draw()
  const found = { ...rest, account: { ...account, cash: account.cash - initialMargin + spare } }
  return { found, question: questionOf(draw, found) }
}

function questionOf(draw: Draw, { snapshot, model, account }: RandomCase): SizeQuestion {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(draw() * items.length)]!
  const underlying = pick(snapshot.underlyings)
  const { name, spot } = underlying
  const { expirySeconds, forwardFixed, forwardVariable } = pick(underlying.expiries)
  const beside = {
    side: draw() < 0.5 ? ('buy' as const) : ('sell' as const),
    lotE9: BigInt(Math.round((2_000 / spot) * 1e9)),
    fee: draw() * spot * 0.001,
  }
  const near = 1 + (draw() - 0.5) * 0.01
  const kind = draw()
  if (kind < 0.3) return { instrument: { kind: 'perp', underlying: name }, price: spot * near, ...beside }
  if (kind < 0.4 || model.kind === 'linear') {
    const price = (forwardFixed + forwardVariable) * near
    return { instrument: { kind: 'future', underlying: name, expirySeconds }, price, ...beside }
  }
  const held = pick(account.options ?? [])
  if (kind < 0.7 && held) {
    const { amount: _amount, ...terms } = held
    return { instrument: { kind: 'option', ...terms }, ...beside }
  }
  const strike = Math.round(spot * pick([0.8, 0.9, 1, 1.1, 1.3]))
  const instrument = {
    kind: 'option' as const,
    underlying: name,
    expirySeconds,
    strike,
    isCall: draw() < 0.5,
  }
  return { instrument, ...beside }
}

function marginAfter({ model, snapshot, account }: RandomCase, question: SizeQuestion) {
  const market = createRiskMarket(model, snapshot, account.options)
  const trade = { instrument: question.instrument, size: 0 }
  const known = withTradedOptions({ market, portfolio: createPortfolio(market, account) }, [trade])
  const base = createWhatIf(known.market, known.portfolio)
  const sign = question.side === 'buy' ? 1 : -1
  return (lots: number) => {
    if (lots === 0) return base.before.initialMarginE6
    const size = Number(BigInt(lots) * question.lotE9) / 1e9
    const price = question.price === undefined ? {} : { price: question.price }
    const filled = { instrument: question.instrument, size: sign * size, fee: question.fee! * size, ...price }
    return base.after([filled]).initialMarginE6
  }
}

describe('the largest size', () => {
  it('is what trying every number of lots finds', () => {
    let [some, none, interrupted] = [0, 0, 0]
    for (let seed = 0; seed < 400; seed++) {
      const { found, question } = randomQuestion(seed)
      const lotsMax = 300n
      const market = createRiskMarket(found.model, found.snapshot, found.account.options)
      const portfolio = createPortfolio(market, found.account)
      const { lots, sizeE9, after, isLargest } = largestSize(market, portfolio, { ...question, lotsMax })
      const margin = marginAfter(found, question)
      let tried = 0
      while (tried < 300 && margin(tried) >= 0n && margin(tried + 1) >= 0n) tried++
      expect([Number(lots), isLargest], `${seed}`).toEqual([tried, true])
      expect(after.initialMarginE6).toBe(margin(tried))
      expect(sizeE9).toBe(lots * question.lotE9 * (question.side === 'buy' ? 1n : -1n))
      if (tried > 0) some++
      else none++
      if (tried < 250 && margin(tried + 50) >= 0n) interrupted++
    }
    process.stdout.write(
      `largest sizes: ${some} above 0, ${none} are 0, ${interrupted} with larger ones beyond\n`,
    )
    expect(some).toBeGreaterThan(200)
  })

  it('goes by the finest lot without trying them all', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { found, question } = randomQuestion(seed)
      const market = createRiskMarket(found.model, found.snapshot, found.account.options)
      const fine = { ...question, lotE9: 1_000n }
      const { lots, isLargest } = largestSize(market, createPortfolio(market, found.account), fine)
      const margin = marginAfter(found, fine)
      if (margin(0) < 0n) continue
      expect([isLargest, margin(Number(lots)) >= 0n], `${seed}`).toEqual([true, true])
      if (lots < 10n ** 14n) expect(margin(Number(lots) + 1) < 0n, `${seed}`).toBe(true)
    }
  })

  it('is 0 for an account that falls short, and refuses what is no question', () => {
    const { found, question } = randomQuestion(1)
    const account = { ...found.account, cash: -1e9 }
    const market = createRiskMarket(found.model, found.snapshot, account.options)
    const portfolio = createPortfolio(market, account)
    expect(largestSize(market, portfolio, question)).toMatchObject({ lots: 0n, sizeE9: 0n, isLargest: true })
    const codeOf = (changes: Partial<SizeQuestion>) => {
      try {
        largestSize(market, portfolio, { ...question, ...changes })
      } catch (error) {
        return isMarginError(error) ? error.code : error
      }
    }
    expect(codeOf({ lotE9: 0n })).toBe(4)
    expect(codeOf({ price: Number.NaN })).toBe(1)
    expect(codeOf({ fee: -1 })).toBe(2)
    expect(codeOf({ instrument: { kind: 'perp', underlying: 'XYZ' } })).toBe(61)
  })
})
