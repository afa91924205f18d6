// Random books and moves of the market, made to break the bound.
import { drawFrom, models, randomAccount, randomSnapshot, type Draw } from '../explain/random-case.fixture.ts'
import type { RiskModel, ScenarioModel } from '../model/risk-model.ts'
import type { Account, OptionTerms } from '../portfolio/account.ts'
import type { ExpirySnapshot, MarketSnapshot, UnderlyingSnapshot } from '../portfolio/market-snapshot.ts'
import { splitForward } from '../portfolio/market-snapshot.ts'
import { createRiskMarket, type RiskMarket } from '../portfolio/risk-market.ts'

const pm2 = models.find(({ name }) => name === 'pm2') as ScenarioModel

/** All presets, and models that no preset resembles: every branch of the bound is taken. */
export const movedModels: readonly RiskModel[] = [
  ...models,
  {
    // The order of the discounts depends on the rate
    ...pm2,
    name: 'crossing discounts',
    staticDiscount: {
      long: { base: 1.1, rateMultiplier: 3, rateAddend: 0 },
      short: { base: 1, rateMultiplier: 0, rateAddend: 0 },
    },
    discountsOptions: false,
  },
  {
    ...pm2,
    name: 'basis and skews weigh most',
    scenarios: pm2.scenarios.map((each) => ({ ...each, dampening: each.spot === 1 ? 5 : 0.1 })),
    basis: { spotUp: 2, spotDown: 0.2, addend: 4, timeFactor: 3 },
    contingencies: { ...pm2.contingencies, nakedOption: { maintenance: 1, initial: 0 } },
    lossFactors: { maintenance: 2.5, initial: 1 },
    offsetGroups: [{ underlyings: ['ETH', 'SOL'], lambda: 1 }],
  },
]

/** A book's worth of accounts and a move, worked out at both ends. */
export interface RandomMove {
  readonly seed: number
  readonly model: RiskModel
  readonly before: MarketSnapshot
  readonly after: MarketSnapshot
  readonly from: RiskMarket
  readonly to: RiskMarket
  readonly accounts: readonly Account[]
}

/** The move of a seed; models take turns. */
export function randomMove(seed: number, accountCount: number): RandomMove {
  const draw = drawFrom(seed)
  const model = movedModels[seed % movedModels.length]!
  const before = randomSnapshot(draw)
  const accounts = Array.from({ length: accountCount }, () => {
    const account = randomAccount(draw, before, model, 2 + draw() * 30)
    // Now and then next to nothing, or a whale
    return scaled(account, [1, 1, 1, 1e-5, 1e6][Math.floor(draw() * 5)]!)
  })
  const after = movedSnapshot(draw, before)
  const options = listed(accounts)
  return {
    ...{ seed, model, before, after },
    from: createRiskMarket(model, before, options),
    to: createRiskMarket(model, after, options),
    accounts,
  }
}

/** All options that any of the accounts holds. */
export function listed(accounts: readonly Account[]): OptionTerms[] {
  const terms = new Map<string, OptionTerms>()
  for (const { underlying, expirySeconds, strike, isCall } of accounts.flatMap(({ options = [] }) => options))
    terms.set([underlying, expirySeconds, strike, isCall].join(), {
      underlying,
      expirySeconds,
      strike,
      isCall,
    })
  return [...terms.values()]
}

/**
 * A small move most of the time; else prices, volatilities, rates, time and confidence jump, each by itself.
 */
export function movedSnapshot(draw: Draw, snapshot: MarketSnapshot): MarketSnapshot {
  const reach = [0.001, 0.01, 0.1, 1][Math.floor(draw() * 4)]!
  const some = (spread: number) => (draw() < 0.3 ? 1 : 2 ** ((draw() - 0.5) * 2 * reach * spread))
  // Into the settlement window, within it, past the first expiry, past two: its expiries are 600 s away or so
  const seconds = [0, 6, 300, 1_000, 86_400, 3 * 86_400][Math.floor(draw() * 6)]! * draw()
  const timeSeconds = snapshot.timeSeconds + Math.floor(seconds)
  return {
    ...snapshot,
    timeSeconds,
    stablePrice: draw() < 0.5 ? snapshot.stablePrice : e18(0.9 + draw() * 0.2),
    underlyings: snapshot.underlyings.map((each) => movedUnderlying(draw, some, each, timeSeconds)),
    assets: snapshot.assets.map((asset) => ({
      ...asset,
      price: asset.price * some(3),
      confidence: draw() < 0.5 ? asset.confidence : e18(draw()),
      maintenanceHaircut: draw() < 0.9 ? asset.maintenanceHaircut : draw() * 0.5,
    })),
  }
}

type Some = (spread: number) => number

function movedUnderlying(
  draw: Draw,
  some: Some,
  { name, spot, spotConfidence, perp, expiries }: UnderlyingSnapshot,
  timeSeconds: number,
): UnderlyingSnapshot {
  const factor = some(3)
  return {
    name,
    spot: spot * factor,
    spotConfidence: draw() < 0.5 ? spotConfidence : e18(draw()),
    ...(perp ? { perp: { ...perp, price: perp.price * factor * some(0.3), confidence: e18(draw()) } } : {}),
    expiries: expiries.map((expiry) => movedExpiry(draw, some, factor, expiry, timeSeconds)),
  }
}

function movedExpiry(
  draw: Draw,
  some: Some,
  factor: number,
  expiry: ExpirySnapshot,
  timeSeconds: number,
): ExpirySnapshot {
  const forward = (expiry.forwardFixed + expiry.forwardVariable) * factor * some(0.3)
  const { surface } = expiry
  const volatility = some(2)
  return {
    ...expiry,
    ...splitForward(forward, expiry.expirySeconds - timeSeconds),
    rate: draw() < 0.5 ? expiry.rate : draw() * 2 - 0.5,
    forwardConfidence: draw() < 0.5 ? expiry.forwardConfidence : e18(draw()),
    volConfidence: e18(draw()),
    ...(surface
      ? {
          surface: {
            ...surface,
            a: surface.a * volatility ** 2,
            b: surface.b * some(3),
            rho: draw() < 0.7 ? surface.rho : draw() - 0.5,
            forward: surface.forward * factor,
          },
        }
      : {}),
  }
}

function scaled(account: Account, by: number): Account {
  const { cash, perps = [], futures = [], options = [], collateral = [] } = account
  return {
    ...account,
    cash: cash * by,
    perps: perps.map((perp) => ({ ...perp, size: perp.size * by, quote: perp.quote * by })),
    futures: futures.map((future) => ({ ...future, size: future.size * by, quote: future.quote * by })),
    options: options.map((option) => ({ ...option, amount: option.amount * by })),
    collateral: collateral.map((held) => ({ ...held, amount: held.amount * by })),
  }
}

function e18(value: number): bigint {
  return BigInt(Math.round(value * 1e9)) * 10n ** 9n
}
