// Random markets and accounts from a seed: the same seed gives the same case everywhere.
import type { LinearModel, RiskModel, ScenarioModel, StandardModel } from '../model/risk-model.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { Account, OptionPosition } from '../portfolio/account.ts'
import type { ExpirySnapshot, MarketSnapshot, UnderlyingSnapshot } from '../portfolio/market-snapshot.ts'
import { splitForward } from '../portfolio/market-snapshot.ts'

/** One random case. */
export interface RandomCase {
  readonly seed: number
  readonly model: RiskModel
  readonly snapshot: MarketSnapshot
  readonly account: Account
}

/** A random number within 0 to 1 by call. */
export type Draw = () => number

/** A generator (mulberry32). */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The models that tests run through: the presets, and variants that reach what no preset does. */
export const models: readonly RiskModel[] = [
  readRiskModel('pm2') as ScenarioModel,
  readRiskModel('pm1') as ScenarioModel,
  readRiskModel('standard') as StandardModel,
  {
    ...(readRiskModel('pm2') as ScenarioModel),
    name: 'pm2 with open interest',
    offsetGroups: [{ underlyings: ['BTC', 'ETH', 'SOL'], lambda: 0.8 }],
    openInterest: [{ underlying: '*', base: 0.1, lower: 1e6, upper: 1e8 }],
    contingencies: { ...(readRiskModel('pm2') as ScenarioModel).contingencies, scaledByLossFactor: true },
  },
  readRiskModel('linear') as LinearModel,
]

const DAY = 86_400
const NOW = 1_767_225_600
const UNDERLYINGS = [
  { name: 'BTC', spot: 65_000 },
  { name: 'ETH', spot: 3_100 },
  { name: 'SOL', spot: 140 },
]

/** The case of a seed; models take turns. */
export function randomCase(seed: number, positions = 12): RandomCase {
  const draw = drawFrom(seed)
  const model = models[seed % models.length]!
  const snapshot = randomSnapshot(draw)
  return { seed, model, snapshot, account: randomAccount(draw, snapshot, model, positions) }
}

/**
 * A random market: confidences and pegs below their thresholds now and then, expiries inside the window
 * too.
 */
export function randomSnapshot(draw: Draw): MarketSnapshot {
  return {
    timeSeconds: NOW,
    stablePrice: draw() < 0.2 ? e18(0.95 + draw() * 0.05) : e18(1),
    underlyings: UNDERLYINGS.map(({ name, spot }) =>
      randomUnderlying(draw, name, spot * (0.7 + draw() * 0.6)),
    ),
    assets: [
      { name: 'USDX', price: 0.99 + draw() * 0.02, maintenanceHaircut: 0.02, initialHaircut: 0.03 },
      { name: 'WBTC', price: 65_000, maintenanceHaircut: 0.1, initialHaircut: 0.05, underlying: 'BTC' },
      { name: 'WETH', price: 3_100, maintenanceHaircut: 0.1, initialHaircut: 0.05, underlying: 'ETH' },
    ].map((asset) => ({
      ...asset,
      confidence: confidence(draw),
      ...(asset.underlying === undefined ? {} : { cancelsRisk: draw() < 0.7 }),
    })),
    allowsCrossedSurfaces: true,
  }
}

function randomUnderlying(draw: Draw, name: string, spot: number): UnderlyingSnapshot {
  const seconds = [600, 2 * DAY, 30 * DAY, 200 * DAY].map((left) => Math.floor(left * (0.6 + draw() * 0.8)))
  return {
    name,
    spot,
    spotConfidence: confidence(draw),
    perp: {
      price: spot * (0.998 + draw() * 0.004),
      confidence: confidence(draw),
      openInterest: draw() * 3e7,
    },
    expiries: seconds.map((left): ExpirySnapshot => {
      const forward = spot * (0.97 + draw() * 0.06)
      const level = 0.3 + draw() * 0.8
      const tau = left / (365 * DAY)
      return {
        expirySeconds: NOW + left,
        ...splitForward(forward, left),
        forwardConfidence: confidence(draw),
        rate: draw() * 0.12 - 0.02,
        rateConfidence: confidence(draw),
        volConfidence: confidence(draw),
        surface: { a: level * level * tau * 0.8, b: 0.05 * tau, rho: -0.2, m: 0, sigma: 0.4, forward, tau },
        openInterest: draw() * 3e7,
      }
    }),
  }
}

/** An account of up to so many positions: some hedged, some of size 0. */
export function randomAccount(
  draw: Draw,
  snapshot: MarketSnapshot,
  model: RiskModel,
  positions: number,
): Account {
  const size = (spot: number) =>
    draw() < 0.05 ? 0 : Math.round((draw() - 0.5) * (400_000 / spot) * 1e4) / 1e4
  const options: OptionPosition[] = []
  const perps: NonNullable<Account['perps']>[number][] = []
  const futures: NonNullable<Account['futures']>[number][] = []
  for (const { name, spot, perp, expiries } of snapshot.underlyings) {
    if (draw() < 0.3) continue
    if (draw() < 0.7) {
      const held = size(spot)
      const quote = -held * (perp?.price ?? 0) * (0.9 + draw() * 0.2)
      perps.push({ underlying: name, size: held, quote, unsettled: draw() * 20 - 10 })
    }
    for (const { expirySeconds, forwardFixed, forwardVariable } of expiries) {
      const forward = forwardFixed + forwardVariable
      if (draw() < 0.3) {
        const held = size(spot)
        futures.push({ underlying: name, expirySeconds, size: held, quote: -held * forward })
      }
      if (model.kind === 'linear') continue
      for (const share of [0.7, 0.9, 1, 1.1, 1.4])
        for (const isCall of [true, false])
          if (draw() < positions / 60) {
            const strike = Math.round(spot * share)
            options.push({ underlying: name, expirySeconds, strike, isCall, amount: size(spot) })
          }
    }
  }
  return {
    cash: Math.round(draw() * 400_000 * 1e6 - 100_000 * 1e6) / 1e6,
    ...(draw() < 0.3 ? { pendingCredit: Math.round(draw() * 1e10) / 1e6 } : {}),
    ...{ perps, futures, options },
    collateral: snapshot.assets
      .filter(() => draw() < 0.6)
      .map(({ name, price }) => ({ asset: name, amount: Math.round((draw() * 1e11) / price) / 1e6 })),
  }
}

function confidence(draw: Draw): bigint {
  return e18(draw() < 0.15 ? draw() * 0.6 : 0.9 + draw() * 0.1)
}

function e18(value: number): bigint {
  return BigInt(Math.round(value * 1e9)) * 10n ** 9n
}
