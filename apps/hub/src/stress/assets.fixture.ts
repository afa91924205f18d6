// What is traded under stress: a dollar, and four underlyings of three tiers with a perpetual, a future and
// ten options each.
import { symbolOf } from '../modules/markets/pure/symbols.ts'
import type { Market } from '../modules/markets/market.ts'
import type { Tier } from '../modules/markets/pure/types.ts'

/** An asset and its first price. */
export interface StressAsset {
  readonly id: bigint
  readonly name: string
  readonly price: number
  readonly isStable: boolean
  readonly tier: Tier
  /** Annual, at the money. */
  readonly volatility: number
}

const E9 = 1_000_000_000n
const DAY = 86_400n

/** The dollar. */
export const USD = 2n
/** All assets but the hub's own. */
export const ASSETS: readonly StressAsset[] = [
  { id: USD, name: 'USDZ', price: 1, isStable: true, tier: 1, volatility: 0 },
  { id: 3n, name: 'BTC', price: 60_000, isStable: false, tier: 1, volatility: 0.5 },
  { id: 4n, name: 'ETH', price: 3_000, isStable: false, tier: 1, volatility: 0.6 },
  { id: 5n, name: 'SOL', price: 150, isStable: false, tier: 2, volatility: 0.8 },
  { id: 6n, name: 'HYPE', price: 40, isStable: false, tier: 3, volatility: 0.8 },
]
/** What can be traded. */
export const UNDERLYINGS = ASSETS.filter(({ isStable }) => !isStable)
/** A cent, and a ten-thousandth. */
export const GRID = { tickE9: 10_000_000n, lotE9: 100_000n } as const
/** Terms of every underlying. */
export const TERMS = {
  perpetual: GRID,
  future: GRID,
  option: GRID,
  spot: undefined,
  ownerCapE9: 10_000_000n * E9,
  openInterestCapE9: 1_000_000_000n * E9,
  openNotionalLowerE6: 10n ** 15n,
  openNotionalUpperE6: 10n ** 16n,
} as const
const STRIKE_PERCENT = [70n, 85n, 100n, 115n, 130n]

/** The one expiry, after everything that is simulated: thirty days on, 08:00 UTC. */
export function expiryAfter(nowSeconds: bigint): bigint {
  const then = nowSeconds + 30n * DAY
  return then - (then % DAY) + 8n * 3_600n
}

/** Twelve markets an underlying. */
export function stressMarkets(nowSeconds: bigint): Market[] {
  const expirySeconds = expiryAfter(nowSeconds)
  return UNDERLYINGS.flatMap((asset, i) => marketsOf(asset, expirySeconds, BigInt(i * 12 + 1)))
}

function marketsOf({ id: underlying, name, price, tier }: StressAsset, expirySeconds: bigint, first: bigint) {
  const priceE9 = BigInt(Math.round(price * 1e9))
  const options = STRIKE_PERCENT.flatMap((percent) =>
    [true, false].map((isCall) => ({
      kind: 'option' as const,
      expirySeconds,
      strikeE9: (priceE9 * percent) / 100n,
      isCall,
    })),
  )
  const none = { strikeE9: 0n, isCall: false }
  const all = [
    { kind: 'perpetual' as const, expirySeconds: 0n, ...none },
    { kind: 'future' as const, expirySeconds, ...none },
    ...options,
  ]
  const { ownerCapE9, openInterestCapE9, openNotionalLowerE6, openNotionalUpperE6 } = TERMS
  return all.map((terms, i): Market => ({
    ...terms,
    id: first + BigInt(i),
    symbol: symbolOf({ ...terms, underlying: name }),
    underlying,
    ...GRID,
    tier,
    status: 'open',
    ...{ ownerCapE9, openInterestCapE9, openNotionalLowerE6, openNotionalUpperE6 },
    statusUntilSeconds: 0n,
  }))
}
