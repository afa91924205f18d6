import { bounded, RATE_MAX } from '../portfolio/bounded.ts'
import type { RiskModel } from '../model/risk-model.ts'
import type { Account } from '../portfolio/account.ts'
import { checkAccount } from '../portfolio/check-account.ts'
import { toMicroCashDown } from '../portfolio/ledger-units.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { noMargins, valueAccount } from '../requirement/value-account.ts'
import { createWorkspace } from '../requirement/workspace.ts'
import { movedSnapshot, type MarketMove } from './moved-snapshot.ts'

/**
 * Changes at distance 1, as shares: spots −1 to 20 each (−1: all of it), volatilities alike. At t they are
 * t times that.
 */
export interface JointMove {
  readonly spots: Readonly<Record<string, number>>
  readonly vol?: number
}

/** Where an account's maintenance margin is 0 when one spot alone moves. */
export interface LiquidationPrice {
  readonly underlying: string
  readonly spot: number
  /** The nearest such spot below and above today's, within a thousandth and a thousand times of it. */
  readonly down: number | 'none'
  readonly up: number | 'none'
}

/**
 * The liquidation prices of an account, for each underlying whose spot it depends on. An account that fails
 * already gets the nearest spots where it would be healthy. What moves along: `movedSnapshot`.
 */
export function liquidationPrices(
  model: RiskModel,
  snapshot: MarketSnapshot,
  account: Account,
): LiquidationPrice[] {
  const exposed = exposedTo(snapshot, checkAccount(account))
  return snapshot.underlyings
    .filter(({ name }) => exposed.has(name))
    .map(({ name, spot }) => {
      const at = (change: number) => {
        const distance = liquidationDistance(model, snapshot, account, { spots: { [name]: change } })
        return distance === 'none' ? distance : spot * (1 + change * distance)
      }
      return { underlying: name, spot, down: at(-1), up: at(1) }
    })
}

/**
 * How far along a joint move an account's maintenance margin reaches 0: at distance t every spot has
 * changed by t times its share. Found on the real valuation, in steps that move nothing by more than 0.5 %
 * (5 % far out) and then by halving, to the nearest double; always on the healthy side. `none` where it
 * stays healthy (or stays failing) until a spot or the volatilities have come to a thousandth or a thousand
 * times of today's.
 */
export function liquidationDistance(
  model: RiskModel,
  snapshot: MarketSnapshot,
  account: Account,
  move: JointMove,
): number | 'none' {
  const shares = [...Object.entries(move.spots), ['volatilities', move.vol ?? 0] as const]
  for (const [name, share] of shares) bounded(name, 'change', share, -1, RATE_MAX)
  const changes = shares.map(([, share]) => share).filter((share) => share !== 0)
  if (changes.length === 0) return 'none'
  const isHealthy = healthAlong(model, snapshot, account, move)
  const started = isHealthy(0)
  for (let t = 0; ;) {
    const next = t + step(changes, t)
    if (changes.some((share) => !isWithin(1 + share * next))) return 'none'
    if (isHealthy(next) !== started) return crossing(isHealthy, t, next)
    t = next
  }
}

/** Whether the account is healthy at a distance. */
function healthAlong(
  model: RiskModel,
  snapshot: MarketSnapshot,
  account: Account,
  move: JointMove,
): (distance: number) => boolean {
  const market = createRiskMarket(model, snapshot, checkAccount(account).options)
  const portfolio = createPortfolio(market, account)
  const workspace = createWorkspace(market)
  const margins = noMargins()
  return (distance) => {
    const moved = createRiskMarket(model, movedSnapshot(snapshot, moveAt(move, distance)), account.options)
    valueAccount(moved, portfolio, workspace, margins)
    return toMicroCashDown(margins.maintenanceMargin, workspace.totals.gross) >= 0n
  }
}

function moveAt({ spots, vol = 0 }: JointMove, distance: number): MarketMove {
  const factors = Object.entries(spots).map(([name, share]) => [name, 1 + share * distance] as const)
  return { spots: Object.fromEntries(factors), vol: 1 + vol * distance }
}

const LEAST_FACTOR = 1e-3
const MOST_FACTOR = 1e3

function isWithin(factor: number): boolean {
  return factor >= LEAST_FACTOR && factor <= MOST_FACTOR
}

/** The step at which the fastest factor changes by 0.5 %, 1 % beyond a tenth, 5 % beyond three tenths. */
function step(changes: readonly number[], t: number): number {
  return changes.reduce((least, share) => {
    const factor = 1 + share * t
    const gone = Math.abs(factor - 1)
    const share0 = gone < 0.1 ? 0.005 : gone < 0.3 ? 0.01 : 0.05
    return Math.min(least, (factor * share0) / Math.abs(share))
  }, Number.MAX_VALUE)
}

/** Halves until no double lies between; the healthy end. */
function crossing(isHealthy: (distance: number) => boolean, from: number, to: number): number {
  let [near, far] = [from, to]
  const started = isHealthy(from)
  for (;;) {
    const middle = near + (far - near) / 2
    if (!(middle > near && middle < far)) return started ? near : far
    if (isHealthy(middle) === started) near = middle
    else far = middle
  }
}

function exposedTo(snapshot: MarketSnapshot, account: Account): Set<string> {
  const { perps = [], futures = [], options = [], collateral = [] } = account
  const held = [...perps, ...futures, ...options].map(({ underlying }) => underlying)
  const assets = new Set(collateral.filter(({ amount }) => amount > 0).map(({ asset }) => asset))
  for (const { name, underlying, cancelsRisk } of snapshot.assets)
    if (cancelsRisk === true && underlying !== undefined && assets.has(name)) held.push(underlying)
  return new Set(held)
}
