// Nothing but a typed error for unsound input, and never a NaN out.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMarginError } from '../errors.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import { evaluate } from '../requirement/evaluate.ts'
import type { Requirement } from '../requirement/requirement.ts'
import { POSITIONS_MAX, type Account } from './account.ts'
import { accountArbitrary, ethOption, expiryOf, MARKET, ONE, underlyingOf } from './market.fixture.ts'
import type { ExpirySnapshot, MarketSnapshot, UnderlyingSnapshot } from './market-snapshot.ts'
import { createPortfolio } from './portfolio.ts'
import { createRiskMarket } from './risk-market.ts'

const pm2 = readRiskModel('pm2')
const eth = underlyingOf('ETH')
const call = ethOption(2, 3_000, true, 1)

function codeOf(attempt: () => unknown): number {
  try {
    attempt()
    return 0
  } catch (error) {
    if (!isMarginError(error)) throw error
    return error.code
  }
}

const ofMarket = (change: Partial<MarketSnapshot>) =>
  codeOf(() => createRiskMarket(pm2, { ...MARKET, ...change }))
const ofUnderlying = (change: Partial<UnderlyingSnapshot>) =>
  ofMarket({ underlyings: [{ ...eth, ...change }], assets: [] })
const ofExpiry = (change: Partial<ExpirySnapshot>) =>
  ofUnderlying({ expiries: [{ ...expiryOf(3_000, 7), ...change }] })
const ofAccount = (change: Partial<Account>) => codeOf(() => evaluate(pm2, MARKET, { cash: 0, ...change }))

describe('markets', () => {
  it('prices, confidences and times', () => {
    expect(ofMarket({})).toBe(0)
    expect(ofMarket({ timeSeconds: Number.NaN })).toBe(1)
    expect(ofMarket({ stablePrice: 0n })).toBe(4)
    expect(ofMarket({ stablePrice: -1n })).toBe(2)
    expect(ofUnderlying({ spot: Number.NaN })).toBe(1)
    expect(ofUnderlying({ spot: Number.POSITIVE_INFINITY })).toBe(1)
    expect(ofUnderlying({ spot: 0 })).toBe(4)
    expect(ofUnderlying({ spot: -1 })).toBe(2)
    expect(ofUnderlying({ spot: 1e13 })).toBe(3)
    expect(ofUnderlying({ spotConfidence: ONE + 1n })).toBe(3)
    expect(ofUnderlying({ spotConfidence: -1n })).toBe(2)
    expect(ofUnderlying({ perp: { price: Number.NaN, confidence: ONE } })).toBe(1)
    expect(ofUnderlying({ perp: { price: 1, confidence: ONE, openInterest: -1 } })).toBe(2)
    expect(ofExpiry({ expirySeconds: Number.NaN })).toBe(1)
    expect(ofExpiry({ expirySeconds: 1e12 })).toBe(3)
    expect(ofExpiry({ forwardFixed: 0, forwardVariable: 0 })).toBe(4)
    expect(ofExpiry({ forwardFixed: -1 })).toBe(2)
    expect(ofExpiry({ rate: 100 })).toBe(3)
    expect(ofExpiry({ rate: Number.NEGATIVE_INFINITY })).toBe(1)
    expect(ofExpiry({ markVols: [{ strike: 1, isCall: true, volatility: -0.1 }] })).toBe(2)
    expect(ofExpiry({ markVols: [{ strike: 0, isCall: true, volatility: 1 }] })).toBe(4)
  })

  it('surfaces: NaN, negative variance, crossed in time', () => {
    const surface = expiryOf(3_000, 7).surface!
    expect(ofExpiry({ surface: { ...surface, b: Number.NaN } })).toBe(1)
    expect(ofExpiry({ surface: { ...surface, tau: 0 } })).toBe(4)
    expect(ofExpiry({ surface: { ...surface, a: -5 } })).toBe(20)
    const lower = { ...surface, a: -0.01, b: 0.02, m: 0, sigma: 0.51, rho: 0.99 }
    expect(
      codeOf(() =>
        evaluate(
          pm2,
          {
            ...MARKET,
            underlyings: [{ ...eth, expiries: [{ ...expiryOf(3_000, 7), surface: lower }] }],
            assets: [],
          },
          { cash: 0, options: [{ ...call, strike: 10 }] },
        ),
      ),
    ).toBe(20)
    const near = { ...expiryOf(3_000, 7), surface: { ...surface, a: 1 } }
    const crossed = { underlyings: [{ ...eth, expiries: [near, expiryOf(3_000, 30)] }], assets: [] }
    expect(ofMarket(crossed)).toBe(23)
    expect(ofMarket({ ...crossed, allowsCrossedSurfaces: true })).toBe(0)
  })

  it('what stands there twice, what is not there', () => {
    expect(ofMarket({ underlyings: [eth, eth] })).toBe(62)
    expect(ofMarket({ assets: [MARKET.assets[0]!, MARKET.assets[0]!] })).toBe(62)
    expect(ofUnderlying({ expiries: [expiryOf(3_000, 7), expiryOf(3_100, 7)] })).toBe(62)
    const mark = { strike: 1, isCall: true, volatility: 1 }
    expect(ofExpiry({ markVols: [mark, mark] })).toBe(62)
    const asset = MARKET.assets[0]!
    expect(ofMarket({ assets: [{ ...asset, underlying: 'DOGE' }] })).toBe(61)
    expect(ofMarket({ assets: [{ ...asset, cancelsRisk: true }] })).toBe(61)
    expect(ofMarket({ assets: [{ ...asset, maintenanceHaircut: 1.5 }] })).toBe(3)
    expect(ofMarket({ assets: [{ ...asset, price: Number.NaN }] })).toBe(1)
  })
})

describe('accounts', () => {
  it('numbers', () => {
    for (const [value, code] of [
      [Number.NaN, 1],
      [Number.POSITIVE_INFINITY, 1],
      [1e16, 3],
    ] as const) {
      expect(ofAccount({ cash: value })).toBe(code)
      expect(ofAccount({ pendingCredit: value })).toBe(code)
      expect(ofAccount({ perps: [{ underlying: 'ETH', size: value, quote: 0 }] })).toBe(code)
      expect(ofAccount({ perps: [{ underlying: 'ETH', size: 0, quote: value }] })).toBe(code)
      expect(ofAccount({ perps: [{ underlying: 'ETH', size: 0, quote: 0, unsettled: value }] })).toBe(code)
      expect(ofAccount({ options: [{ ...call, amount: value }] })).toBe(code)
      expect(ofAccount({ collateral: [{ asset: 'USDT', amount: value }] })).toBe(code)
    }
    expect(ofAccount({ collateral: [{ asset: 'USDT', amount: -1 }] })).toBe(2)
    expect(ofAccount({ pendingCredit: -1 })).toBe(2)
    expect(ofAccount({ options: [{ ...call, strike: -1 }] })).toBe(2)
    expect(ofAccount({ options: [{ ...call, strike: Number.NaN }] })).toBe(1)
  })

  it('instruments that are unknown or named twice', () => {
    expect(ofAccount({ perps: [{ underlying: 'DOGE', size: 1, quote: 0 }] })).toBe(61)
    expect(ofAccount({ options: [{ ...call, expirySeconds: 5 }] })).toBe(61)
    expect(ofAccount({ futures: [{ underlying: 'ETH', expirySeconds: 5, size: 1, quote: 0 }] })).toBe(61)
    expect(ofAccount({ collateral: [{ asset: 'DOGE', amount: 1 }] })).toBe(61)
    expect(ofAccount({ options: [call, call] })).toBe(62)
    const perp = { underlying: 'ETH', size: 1, quote: 0 }
    expect(ofAccount({ perps: [perp, perp] })).toBe(62)
    const { perp: _, ...noPerp } = eth
    expect(
      codeOf(() =>
        evaluate(pm2, { ...MARKET, underlyings: [noPerp], assets: [] }, { cash: 0, perps: [perp] }),
      ),
    ).toBe(61)
    const { surface: __, ...noSurface } = expiryOf(3_000, 7)
    const flat = { ...MARKET, underlyings: [{ ...eth, expiries: [noSurface] }], assets: [] }
    expect(codeOf(() => evaluate(pm2, flat, { cash: 0, options: [call] }))).toBe(24)
    expect(codeOf(() => evaluate(readRiskModel('linear'), MARKET, { cash: 0, options: [call] }))).toBe(42)
    const market = createRiskMarket(pm2, MARKET)
    expect(codeOf(() => createPortfolio(market, { cash: 0, options: [call] }))).toBe(61)
  })

  it('an isolated account holds one underlying', () => {
    const perp = (underlying: string) => ({ underlying, size: 1, quote: 0 })
    expect(ofAccount({ isolated: true, perps: [perp('ETH')], options: [call] })).toBe(0)
    expect(ofAccount({ isolated: true, perps: [perp('ETH'), perp('BTC')] })).toBe(63)
    expect(ofAccount({ isolated: true, perps: [perp('BTC')], options: [call] })).toBe(63)
    expect(
      ofAccount({ isolated: true, perps: [perp('BTC')], collateral: [{ asset: 'WETH', amount: 1 }] }),
    ).toBe(63)
    expect(
      ofAccount({ isolated: true, perps: [perp('BTC')], collateral: [{ asset: 'USDT', amount: 1 }] }),
    ).toBe(0)
    expect(ofAccount({ perps: [perp('ETH'), perp('BTC')] })).toBe(0)
  })

  it('10,000 positions are valued, one more is refused', () => {
    const options = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        ethOption(2, 1_000 + (i >> 1), i % 2 === 0, i % 3 === 0 ? -1 : 1),
      )
    for (const model of ['pm2', 'standard']) {
      const result = evaluate(readRiskModel(model), MARKET, { cash: 0, options: options(POSITIONS_MAX) })
      expect(numbersOf(result).every(Number.isFinite)).toBe(true)
    }
    expect(ofAccount({ options: options(POSITIONS_MAX + 1) })).toBe(60)
  })
})

describe('never a NaN out', () => {
  const extreme = fc.constantFrom(0, 5e-324, 1e-300, 1e-9, 1, 1e6, 1e12, -1e12, -1e-300)
  const positive = fc.constantFrom(5e-324, 1e-12, 1e-9, 0.5, 1, 3_000, 1e6, 1e12)
  const confidence = fc.constantFrom(0n, 1n, ONE / 2n, ONE)

  it('at the ends of the ranges of everything', () => {
    const expiry = fc.record({
      expirySeconds: fc.constantFrom(-1, 0, 1, 900, 1_800, 1_801, 86_400, 31_536_000, 630_720_000),
      forwardFixed: fc.constantFrom(0, 1e-300, 1_000),
      forwardVariable: positive,
      forwardConfidence: confidence,
      rate: fc.constantFrom(-20, -0.1, 0, 0.05, 20),
      rateConfidence: confidence,
      volConfidence: confidence,
      volatility: fc.constantFrom(0, 5e-324, 1e-9, 0.5, 24, 1e6),
    })
    const scene = fc.record({
      expiry,
      spot: positive,
      perp: positive,
      strike: positive,
      amounts: fc.array(extreme, { minLength: 5, maxLength: 5 }),
    })
    let [valued, refused] = [0, 0]
    fc.assert(
      fc.property(scene, fc.constantFrom('pm2', 'pm1', 'standard'), (s, name) => {
        const { volatility, ...rest } = s.expiry
        const [cash = 0, size = 0, quote = 0, first = 0, second = 0] = s.amounts
        const marks = [true, false].map((isCall) => ({ strike: s.strike, isCall, volatility }))
        const terms = { underlying: 'X', expirySeconds: rest.expirySeconds, strike: s.strike }
        const snapshot: MarketSnapshot = {
          timeSeconds: 0,
          stablePrice: 1n,
          underlyings: [
            {
              name: 'X',
              spot: s.spot,
              spotConfidence: 0n,
              perp: { price: s.perp, confidence: ONE },
              expiries: [{ ...rest, markVols: marks }],
            },
          ],
          assets: [],
        }
        const account = {
          cash,
          perps: [{ underlying: 'X', size, quote }],
          options: [
            { ...terms, isCall: true, amount: first },
            { ...terms, isCall: false, amount: second },
          ],
        }
        try {
          const result = evaluate(readRiskModel(name), snapshot, account)
          valued++
          expect(numbersOf(result).filter((each) => !Number.isFinite(each))).toEqual([])
        } catch (error) {
          if (!isMarginError(error)) throw error
          refused++
        }
      }),
      { numRuns: 2_000 },
    )
    expect(valued).toBeGreaterThan(refused)
  })

  it('any one number of a sound account replaced by NaN is refused', () => {
    fc.assert(
      fc.property(accountArbitrary, fc.nat(), (account, seed) => {
        const places: ((value: number) => Account)[] = [
          (cash) => ({ ...account, cash }),
          ...account.perps!.map((perp, i) => (size: number) => ({
            ...account,
            perps: account.perps!.with(i, { ...perp, size }),
          })),
          ...account.options!.map((option, i) => (amount: number) => ({
            ...account,
            options: account.options!.with(i, { ...option, amount }),
          })),
        ]
        const broken = places[seed % places.length]!(Number.NaN)
        expect(codeOf(() => evaluate(pm2, MARKET, broken))).toBe(1)
      }),
      { numRuns: 40 },
    )
  })
})

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (value instanceof Float64Array) return [...value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value as Requirement).flatMap(numbersOf)
}
