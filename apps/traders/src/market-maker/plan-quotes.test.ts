import { describe, expect, it } from 'vitest'
import { createSeededSurfaceSource } from '../../../hub/src/modules/oracle/seeded-surfaces.ts'
import { chooseMarkets } from './choose-markets.ts'
import type { SeenMarket } from './choose-markets.ts'
import { optionFairE9 } from './option-fair.ts'
import { hasMoved, planQuotes } from './plan-quotes.ts'
import type { Seen, SeenUnderlying } from './plan-quotes.ts'
import type { MakerStyle } from './quote-rule.ts'

const E9 = 1_000_000_000n
const DAY = 86_400n
/** 2027-01-15 08:00:00 UTC, a Friday. */
const NOW = 1_800_000_000n
const style: MakerStyle = {
  ...{ linearBps: 10n, optionBps: 200n, quoteNotional: 15_000_000_000n, quotesHeldMax: 10 },
  ...{ strikesBeside: 1, expiryDaysMin: 7 },
}
const EXPIRIES = [NOW + 6n * DAY, NOW + 14n * DAY, NOW + 42n * DAY]

const market = (symbol: string, more: Partial<SeenMarket>): SeenMarket => ({
  ...{ symbol, kind: 'perpetual', status: 'open', tickE9: E9 / 10n, lotE9: E9 / 100n },
  ...{ expirySeconds: 0n, strikeE9: 0n, isCall: false },
  ...more,
})
const options = EXPIRIES.flatMap((expirySeconds, i) =>
  Array.from({ length: 21 }, (_, j) =>
    [true, false].map((isCall) =>
      market(`ETH-${i}-${j}-${isCall ? 'C' : 'P'}`, {
        ...{ kind: 'option', expirySeconds, strikeE9: (2_500n + 50n * BigInt(j)) * E9, isCall },
      }),
    ),
  ).flat(),
)
const perpetual = market('ETH-PERP', {})
const future = market('ETH-1', { kind: 'future', expirySeconds: EXPIRIES[0]! })
const spot = market('ETH-SPOT', { kind: 'spot' })
const all = [perpetual, future, spot, ...options]

const terms = [{ asset: 4n, priceE9: 3_000n * E9, volatilityBps: 6_500 }]
const smiles = createSeededSurfaceSource(terms, () => EXPIRIES)(1n, NOW)[0]!.smiles
const ether: SeenUnderlying = {
  name: 'ETH',
  hasOptions: true,
  indexE9: 3_000n * E9,
  isFresh: true,
  smiles,
  markets: all,
}
const seen = (more: Partial<SeenUnderlying> = {}): Seen => ({
  timeSeconds: NOW,
  underlyings: [{ ...ether, ...more }],
  positions: new Map(),
})

describe('what is quoted', () => {
  const at = { indexE9: 3_000n * E9, nowSeconds: NOW }

  it('is the perpetual and the three strikes next to the index, of the first expiry a week away', () => {
    const chosen = chooseMarkets(all, at, style)
    expect(chosen[0]).toBe(perpetual)
    const quoted = chosen.slice(1)
    expect(new Set(quoted.map(({ expirySeconds }) => expirySeconds))).toEqual(new Set([EXPIRIES[1]]))
    const strikes = quoted.map(({ strikeE9 }) => strikeE9 / E9)
    expect([...new Set(strikes)]).toEqual([2_950n, 3_000n, 3_050n])
    expect(quoted).toHaveLength(6)
    expect(chooseMarkets(all, at, { ...style, strikesBeside: 0 })).toHaveLength(3)
    expect(chooseMarkets(all, at, { ...style, strikesBeside: -1 })).toEqual([perpetual])
    const soon = chooseMarkets(all, at, { ...style, expiryDaysMin: 0 }).slice(1)
    expect(new Set(soon.map(({ expirySeconds }) => expirySeconds))).toEqual(new Set([EXPIRIES[0]]))
  })

  it('leaves out what is not open, and does without options', () => {
    expect(chooseMarkets([{ ...perpetual, status: 'reduceOnly' }, future, spot], at, style)).toEqual([])
    expect(chooseMarkets([perpetual], at, style)).toEqual([perpetual])
  })
})

describe('the fair value of an option', () => {
  const [, smile] = smiles
  const fair = (strike: bigint, isCall: boolean, nowSeconds = NOW) =>
    optionFairE9({ strikeE9: strike * E9, isCall, indexE9: 3_000n * E9, smile: smile!, nowSeconds })

  it('keeps put-call parity: the rate is 0 and the forward the index', () => {
    for (const strike of [2_500n, 3_000n, 3_500n]) {
      const parity = fair(strike, true) - fair(strike, false) - (3_000n - strike) * E9
      expect(parity >= -1_000n && parity <= 1_000n).toBe(true)
    }
  })

  it('at the money is what Black-76 says: 65 % for 14 days', () => {
    // F·(2·N(σ√T / 2) − 1), σ√T = 0.65·√(14/365) = 0.127300…
    expect(Number(fair(3_000n, true)) / 1e9).toBeCloseTo(152.25, 1)
  })

  it('is 0 when it has expired', () => {
    expect(fair(2_500n, true, smile!.expirySeconds)).toBe(0n)
  })
})

describe('a plan', () => {
  it('has a quote for each market, the same for the same sight', () => {
    const plan = planQuotes(seen(), style)
    expect(plan.map(({ name, quotes }) => [name, quotes.length])).toEqual([['ETH', 7]])
    expect(planQuotes(seen(), style)).toEqual(plan)
  })

  it('counts what is held', () => {
    const [flat] = planQuotes(seen(), style)
    const [long] = planQuotes({ ...seen(), positions: new Map([['ETH-PERP', 10n * E9]]) }, style)
    expect(long!.quotes[0]!.bidE9).toBeLessThan(flat!.quotes[0]!.bidE9)
    expect(long!.quotes.slice(1)).toEqual(flat!.quotes.slice(1))
  })

  it('quotes nothing on prices that are not fresh, and no option without its smile', () => {
    expect(planQuotes(seen({ isFresh: false }), style)).toEqual([{ name: 'ETH', quotes: [], isWhole: false }])
    const [unsmiling] = planQuotes(seen({ smiles: [] }), style)
    expect(unsmiling!.quotes.map(({ market }) => market)).toEqual(['ETH-PERP'])
    expect(unsmiling!.isWhole).toBe(false)
  })
})

describe('quotes are made anew', () => {
  const at = (price: bigint, isFresh = true) => ({ indexE9: price * E9, isFresh })

  it('when the price has moved by so much, or is not fresh any more, or is again', () => {
    expect(hasMoved(undefined, at(3_000n), 10n)).toBe(true)
    expect(hasMoved(at(3_000n), at(3_002n), 10n)).toBe(false)
    expect([hasMoved(at(3_000n), at(3_003n), 10n), hasMoved(at(3_000n), at(2_997n), 10n)]).toEqual([
      true,
      true,
    ])
    expect([
      hasMoved(at(3_000n), at(3_000n, false), 10n),
      hasMoved(at(3_000n, false), at(3_000n), 10n),
    ]).toEqual([true, true])
    expect(hasMoved(at(3_000n, false), at(1_000n, false), 10n)).toBe(false)
  })
})
