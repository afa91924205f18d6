import { createSeededSurfaceSource } from '@causeway/hub'
import { Market } from '@causeway/protocol/causeway/markets/v1/markets'
import { describe, expect, it } from 'vitest'
import { KIND, chooseMarkets } from './choose-markets.ts'
import { optionFairE9 } from './option-fair.ts'
import { planQuotes } from './plan-quotes.ts'
import type { Seen, SeenUnderlying } from './plan-quotes.ts'
import type { MakerStyle } from './quote-rule.ts'

const E9 = 1_000_000_000n
const DAY = 86_400n
/** 2027-01-15 08:00:00 UTC, a Friday. */
const NOW = 1_800_000_000n
const style: MakerStyle = { linearBps: 10n, optionBps: 200n, quoteNotional: 15_000n, quotesHeldMax: 10n }
const EXPIRIES = [NOW + 6n * DAY, NOW + 14n * DAY, NOW + 42n * DAY]

const market = (id: bigint, more: Partial<Market>): Market =>
  Market.fromPartial({ id, status: 1, tickE9: E9 / 10n, lotE9: E9 / 100n, underlying: 4n, ...more })
const options = EXPIRIES.flatMap((expirySeconds, i) =>
  Array.from({ length: 21 }, (_, j) =>
    [true, false].map((isCall) =>
      market(BigInt(100 + i * 100 + j * 2 + (isCall ? 0 : 1)), {
        ...{ kind: KIND.option, expirySeconds, strikeE9: (2_500n + 50n * BigInt(j)) * E9, isCall },
      }),
    ),
  ).flat(),
)
const perpetual = market(1n, { kind: KIND.perpetual })
const future = market(2n, { kind: KIND.future, expirySeconds: EXPIRIES[0]! })
const spot = market(3n, { kind: KIND.spot })
const all = [perpetual, future, spot, ...options]

const terms = [{ asset: 4n, priceE9: 3_000n * E9, volatilityBps: 6_500 }]
const smiles = createSeededSurfaceSource(terms, () => EXPIRIES)(1n, NOW)[0]!.smiles
const ether: SeenUnderlying = { asset: 4n, indexE9: 3_000n * E9, isFresh: true, smiles, markets: all }
const seen = (more: Partial<SeenUnderlying> = {}): Seen => ({
  height: 7n,
  timeSeconds: NOW,
  underlyings: [{ ...ether, ...more }],
  positions: new Map(),
})

describe('what is quoted', () => {
  const at = { indexE9: 3_000n * E9, nowSeconds: NOW }

  it('is the perpetual and the three strikes next to the index, of the first expiry a week away', () => {
    const chosen = chooseMarkets(all, at)
    expect(chosen[0]).toBe(perpetual)
    const quoted = chosen.slice(1)
    expect(new Set(quoted.map(({ expirySeconds }) => expirySeconds))).toEqual(new Set([EXPIRIES[1]]))
    const strikes = quoted.map(({ strikeE9 }) => strikeE9 / E9)
    expect([...new Set(strikes)]).toEqual([2_950n, 3_000n, 3_050n])
    expect(quoted).toHaveLength(6)
  })

  it('leaves out what is not open, and does without options', () => {
    expect(chooseMarkets([{ ...perpetual, status: 2 }, future, spot], at)).toEqual([])
    expect(chooseMarkets([perpetual], at)).toEqual([perpetual])
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
    expect(plan.map(({ asset, quotes }) => [asset, quotes.length])).toEqual([[4n, 7]])
    expect(planQuotes(seen(), style)).toEqual(plan)
  })

  it('counts what is held', () => {
    const [flat] = planQuotes(seen(), style)
    const [long] = planQuotes({ ...seen(), positions: new Map([[1n, 10n * E9]]) }, style)
    expect(long!.quotes[0]!.bidE9).toBeLessThan(flat!.quotes[0]!.bidE9)
    expect(long!.quotes.slice(1)).toEqual(flat!.quotes.slice(1))
  })

  it('quotes nothing on prices that are not fresh, and no option without its smile', () => {
    expect(planQuotes(seen({ isFresh: false }), style)).toEqual([{ asset: 4n, quotes: [] }])
    expect(planQuotes(seen({ smiles: [] }), style)[0]!.quotes.map(({ market }) => market)).toEqual([1n])
  })
})
