// A market and accounts for tests: two underlyings with surfaces, dated expiries, collateral.
import fc from 'fast-check'
import type { Account, OptionPosition } from './account.ts'
import type { ExpirySnapshot, MarketSnapshot, UnderlyingSnapshot } from './market-snapshot.ts'
import { splitForward } from './market-snapshot.ts'

/** Full confidence, and 1.0 of a stable price. */
export const ONE = 10n ** 18n
const DAY = 86_400

/** Days to expiry of the market's expiries; the first is within the settlement window. */
export const EXPIRY_DAYS = [1_200 / DAY, 2, 7, 30, 180] as const

/** Spot by underlying. */
export const SPOTS = { BTC: 60_000, ETH: 3_000 } as const

/** One expiry of the market, `days` away. */
export function expiryOf(spot: number, days: number): ExpirySnapshot {
  const forward = spot * (1 + 0.0002 * days)
  const years = days / 365
  return {
    expirySeconds: Math.round(days * DAY),
    ...splitForward(forward, Math.round(days * DAY)),
    forwardConfidence: ONE,
    rate: 0.04,
    rateConfidence: ONE,
    volConfidence: ONE,
    surface: { a: 0.2 * years, b: 0.3 * years, rho: -0.2, m: 0, sigma: 0.2, forward, tau: years },
  }
}

/** An underlying of the market. */
export function underlyingOf(name: keyof typeof SPOTS): UnderlyingSnapshot {
  const spot = SPOTS[name]
  return {
    name,
    spot,
    spotConfidence: ONE,
    perp: { price: spot * 1.001, confidence: ONE },
    expiries: EXPIRY_DAYS.map((days) => expiryOf(spot, days)),
  }
}

/** The market: BTC and ETH, a stable coin, and wrapped ETH that cancels risk. */
export const MARKET: MarketSnapshot = {
  timeSeconds: 0,
  stablePrice: ONE,
  underlyings: [underlyingOf('BTC'), underlyingOf('ETH')],
  assets: [
    { name: 'USDT', price: 0.999, confidence: ONE, maintenanceHaircut: 0.02, initialHaircut: 0.01 },
    {
      name: 'WETH',
      price: 3_000,
      confidence: ONE,
      maintenanceHaircut: 0.05,
      initialHaircut: 0.05,
      underlying: 'ETH',
      cancelsRisk: true,
    },
  ],
}

/** A call or put on ETH at one of the market's expiries. */
export function ethOption(day: number, strike: number, isCall: boolean, amount: number): OptionPosition {
  return { underlying: 'ETH', expirySeconds: Math.round(EXPIRY_DAYS[day]! * DAY), strike, isCall, amount }
}

/** Sizes in lots of 0.01, so that sums are of a kind that a ledger holds. */
export function sizeWithin(lots: number): fc.Arbitrary<number> {
  return fc.integer({ min: -lots, max: lots }).map((lot) => lot / 100)
}

/** Options on either underlying, each at most once. */
export const optionsArbitrary: fc.Arbitrary<OptionPosition[]> = fc
  .uniqueArray(
    fc.record({
      underlying: fc.constantFrom('BTC' as const, 'ETH' as const),
      day: fc.nat({ max: EXPIRY_DAYS.length - 1 }),
      strikeStep: fc.integer({ min: 4, max: 18 }),
      isCall: fc.boolean(),
      amount: sizeWithin(500),
    }),
    { maxLength: 12, selector: ({ amount: _, ...terms }) => JSON.stringify(terms) },
  )
  .map((options) =>
    options.map(({ day, strikeStep, underlying, ...rest }) => ({
      ...rest,
      underlying,
      expirySeconds: Math.round(EXPIRY_DAYS[day]! * DAY),
      strike: (SPOTS[underlying] * strikeStep) / 10,
    })),
  )

const quoteOf = (size: number, mark: number, gain: number) => -size * mark * (1 + gain)

/** Accounts of all kinds of positions over `MARKET`. */
export const accountArbitrary: fc.Arbitrary<Account> = fc
  .record({
    cash: fc.integer({ min: -500_000, max: 1_000_000 }),
    btc: sizeWithin(300),
    eth: sizeWithin(5_000),
    future: sizeWithin(2_000),
    gain: fc.integer({ min: -20, max: 20 }).map((percent) => percent / 100),
    options: optionsArbitrary,
    usdt: fc.nat({ max: 100_000 }),
    weth: fc.nat({ max: 50 }),
  })
  .map(({ cash, btc, eth, future, gain, options, usdt, weth }) => ({
    cash,
    perps: [
      { underlying: 'BTC', size: btc, quote: quoteOf(btc, SPOTS.BTC, gain) },
      { underlying: 'ETH', size: eth, quote: quoteOf(eth, SPOTS.ETH, gain), unsettled: gain * 10 },
    ],
    futures: [
      { underlying: 'ETH', expirySeconds: 7 * DAY, size: future, quote: quoteOf(future, SPOTS.ETH, gain) },
    ],
    options,
    collateral: [
      { asset: 'USDT', amount: usdt },
      { asset: 'WETH', amount: weth },
    ],
  }))
