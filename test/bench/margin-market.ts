// A market as a large options venue lists it, and random accounts over it.
import {
  createBook,
  createPortfolio,
  createRiskMarket,
  createWorkspace,
  noMargins,
  putAccount,
  readRiskModel,
  splitForward,
  valueAccount,
} from '@causeway/margin'
import type {
  Account,
  Book,
  MarketSnapshot,
  OptionPosition,
  OptionTerms,
  RiskMarket,
  ScenarioModel,
} from '@causeway/margin'

const ONE = 10n ** 18n
const DAY_SECONDS = 86_400
const EXPIRY_DAYS = [1, 2, 3, 7, 14, 30, 60, 90, 180, 330]
const SPOTS = { BTC: 60_000, ETH: 3_000 }
const STRIKES = 40

/** Portfolio margin with 33 scenarios. */
export const model = readRiskModel('pm2') as ScenarioModel

/** All listed options: 2 underlyings × 10 expiries × 40 strikes × calls and puts. */
export const listedOptions: readonly OptionTerms[] = Object.entries(SPOTS).flatMap(([underlying, spot]) =>
  EXPIRY_DAYS.flatMap((days) =>
    Array.from({ length: 2 * STRIKES }, (_, i) => ({
      underlying,
      expirySeconds: days * DAY_SECONDS,
      strike: spot * (0.5 + 0.025 * (i >> 1)),
      isCall: i % 2 === 0,
    })),
  ),
)

/** The market after all prices were multiplied with `prices`, all volatilities with `volatilities`. */
export function snapshotAt(prices: number, volatilities: number, seconds = 0): MarketSnapshot {
  const confidence = ONE
  return {
    timeSeconds: seconds,
    stablePrice: ONE,
    underlyings: Object.entries(SPOTS).map(([name, price]) => ({
      ...{ name, spot: price * prices, spotConfidence: confidence },
      perp: { price: price * prices * 1.001, confidence },
      expiries: EXPIRY_DAYS.map((days) => expiryAt(price * prices, volatilities, days, seconds)),
    })),
    assets: [
      { name: 'USDT', price: 0.999, confidence, maintenanceHaircut: 0.02, initialHaircut: 0.01 },
      {
        ...{ name: 'WETH', price: SPOTS.ETH * prices, confidence, maintenanceHaircut: 0.05 },
        ...{ initialHaircut: 0.05, underlying: 'ETH', cancelsRisk: true },
      },
    ],
  }
}

function expiryAt(spot: number, volatilities: number, days: number, seconds: number) {
  const [tau, square] = [days / 365, volatilities ** 2]
  const forward = spot * (1 + 0.0002 * days)
  return {
    ...{ expirySeconds: days * DAY_SECONDS, rate: 0.04 },
    ...splitForward(forward, days * DAY_SECONDS - seconds),
    ...{ forwardConfidence: ONE, rateConfidence: ONE, volConfidence: ONE },
    surface: {
      ...{ a: 0.2 * tau * square, b: 0.3 * tau * square, rho: -0.2, m: 0, sigma: 0.2 },
      ...{ forward, tau },
    },
  }
}

/** The whole market under the model. */
export function marketAt(prices: number, volatilities: number, seconds = 0): RiskMarket {
  return createRiskMarket(model, snapshotAt(prices, volatilities, seconds), listedOptions)
}

/** How an account's positions belong together: at random, or as spreads. */
export type Style = 'random' | 'spreads'

/** A random account of 10 positions: two perpetuals, then seven options and collateral, or four spreads. */
export function accountOf(draw: () => number, style: Style): Account {
  const size = (underlying: string) => (draw() - 0.5) * (underlying === 'BTC' ? 4 : 80)
  const perp = (underlying: string, share: number) => ({
    ...{ underlying, size: size(underlying) * share, quote: 0 },
  })
  if (style === 'random') {
    const options = distinct(draw, 7).map((index) => held(index, size(listedOptions[index]!.underlying)))
    const collateral = [{ asset: 'USDT', amount: 10_000 * draw() }]
    return { cash: 0, perps: [perp('BTC', 1), perp('ETH', 1)], options, collateral }
  }
  const amounts = new Map<number, number>()
  for (const index of distinct(draw, 4)) {
    const amount = size(listedOptions[index]!.underlying)
    const other = (index % (2 * STRIKES)) + SPREAD < 2 * STRIKES ? index + SPREAD : index - SPREAD
    amounts.set(index, amount)
    amounts.set(other, -amount)
  }
  const options = [...amounts].map(([index, amount]) => held(index, amount))
  return { cash: 0, perps: [perp('BTC', 0.1), perp('ETH', 0.1)], options }
}

/** So many further down the list is the same kind of option, 10 % of the spot away. */
const SPREAD = 8

/** An option of the list that is held. */
export function held(index: number, amount: number): OptionPosition {
  return { ...listedOptions[index]!, amount }
}

/** Places of different options in the list. */
export function distinct(draw: () => number, count: number): number[] {
  const found = new Set<number>()
  while (found.size < count) found.add(Math.floor(draw() * listedOptions.length))
  return [...found]
}

/**
 * A book of accounts of which 5 % have up to 10 % more than their maintenance requirement, the others evenly
 * 10 to 200 % more.
 */
export function bookAt(market: RiskMarket, count: number, style: Style): Book {
  const draw = generator(76)
  const book = createBook(market)
  const [workspace, margins] = [createWorkspace(market), noMargins()]
  for (let account = 0; account < count; account++) {
    const portfolio = createPortfolio(market, accountOf(draw, style))
    valueAccount(market, portfolio, workspace, margins)
    const requirement = margins.value - margins.maintenanceMargin
    const more = draw() < 0.05 ? 0.1 * draw() : 0.1 + 1.9 * draw()
    putAccount(book, account, { ...portfolio, cash: more * requirement - margins.maintenanceMargin })
  }
  return book
}

/** Numbers within 0 to 1 from a seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
