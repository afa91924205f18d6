import { finite, marginErrors } from '../errors.ts'
import type { E18 } from '../model/risk-model.ts'
import { malformed, objectOf, objectsOf } from '../model/shape.ts'
import { checkSvi, sviVariance, type SviSurface } from '../pricing/svi.ts'
import {
  AMOUNT_MAX,
  bounded,
  boundedNonNegative,
  boundedPrice,
  PRICE_MAX,
  RATE_MAX,
  VOLATILITY_MAX,
} from './bounded.ts'
import type { AssetSnapshot, ExpirySnapshot, MarketSnapshot, UnderlyingSnapshot } from './market-snapshot.ts'

const ONE: E18 = 10n ** 18n
const STABLE_PRICE_MAX = 1_000_000n * ONE
/** Log-moneyness at which surfaces of one underlying are compared. */
const CHECKED_LOG_MONEYNESS = [-1, -0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 1]
/** Fitted surfaces meet within rounding. */
const VARIANCE_TOLERANCE = 1e-9

/**
 * Throws `MarginError` unless every list is one (80), every number is finite and within its bounds, every
 * name, expiry and mark stands there once, and (unless the snapshot allows it) no total variance falls with
 * time at the log-moneynesses above.
 */
export function checkSnapshot(snapshot: MarketSnapshot): void {
  objectOf(snapshot, 'snapshot')
  objectsOf(snapshot.underlyings, 'snapshot.underlyings')
  objectsOf(snapshot.assets, 'snapshot.assets')
  finite('timeSeconds', snapshot.timeSeconds)
  e18('stable', 'price', snapshot.stablePrice, STABLE_PRICE_MAX)
  if (snapshot.stablePrice === 0n) throw marginErrors.notPositive({ name: 'stablePrice', value: 0 })
  checkUnique(
    'underlying',
    snapshot.underlyings.map(({ name }) => name),
  )
  checkUnique(
    'asset',
    snapshot.assets.map(({ name }) => name),
  )
  for (const underlying of snapshot.underlyings) {
    checkUnderlying(underlying)
    if (snapshot.allowsCrossedSurfaces !== true) checkCalendar(underlying)
  }
  const names = new Set(snapshot.underlyings.map(({ name }) => name))
  for (const asset of snapshot.assets) checkAsset(asset, names)
}

/** Throws `MarginError` 62 when a key stands there twice. */
export function checkUnique(what: string, keys: readonly (string | number)[]): void {
  if (new Set(keys).size === keys.length) return
  const seen = new Set<string | number>()
  for (const key of keys) {
    if (seen.has(key)) throw marginErrors.duplicate({ what, key: String(key) })
    seen.add(key)
  }
}

function checkUnderlying({ name, spot, spotConfidence, perp, expiries }: UnderlyingSnapshot): void {
  boundedPrice(name, 'spot', spot)
  confidence(name, 'spot confidence', spotConfidence)
  if (perp) {
    boundedPrice(name, 'perp', perp.price)
    confidence(name, 'perp confidence', perp.confidence)
    boundedNonNegative(name, 'open interest', perp.openInterest ?? 0, AMOUNT_MAX)
  }
  objectsOf(expiries, `${name} expiries`)
  checkUnique(
    `${name} expiry`,
    expiries.map(({ expirySeconds }) => expirySeconds),
  )
  for (const expiry of expiries) checkExpiry(name, expiry)
}

function checkExpiry(underlying: string, expiry: ExpirySnapshot): void {
  const name = `${underlying} ${expiry.expirySeconds}`
  finite('expirySeconds', expiry.expirySeconds)
  boundedNonNegative(name, 'fixed forward', expiry.forwardFixed, PRICE_MAX)
  boundedNonNegative(name, 'variable forward', expiry.forwardVariable, PRICE_MAX)
  boundedPrice(name, 'forward', expiry.forwardFixed + expiry.forwardVariable)
  bounded(name, 'rate', expiry.rate, -RATE_MAX, RATE_MAX)
  confidence(name, 'forward confidence', expiry.forwardConfidence)
  confidence(name, 'rate confidence', expiry.rateConfidence)
  confidence(name, 'vol confidence', expiry.volConfidence)
  boundedNonNegative(name, 'open interest', expiry.openInterest ?? 0, AMOUNT_MAX)
  if (expiry.surface) checkSvi(expiry.surface)
  const marks = objectsOf(expiry.markVols ?? [], `${name} mark volatilities`)
  for (const { strike, volatility } of marks) {
    boundedPrice(name, 'strike', strike)
    boundedNonNegative(name, 'mark volatility', volatility, VOLATILITY_MAX)
  }
  checkUnique(
    `${name} mark volatility`,
    marks.map(({ strike, isCall }) => `${strike} ${isCall ? 'C' : 'P'}`),
  )
}

/** Calendar arbitrage: at the same log-moneyness total variance does not fall with time. */
function checkCalendar({ name, expiries }: UnderlyingSnapshot): void {
  const surfaces = expiries
    .filter((expiry): expiry is ExpirySnapshot & { surface: SviSurface } => expiry.surface !== undefined)
    .sort((a, b) => a.expirySeconds - b.expirySeconds)
  for (const [index, { surface: far }] of surfaces.entries()) {
    const near = surfaces[index - 1]?.surface
    if (!near) continue
    for (const k of CHECKED_LOG_MONEYNESS) {
      const [before, after] = [sviVariance(near, k), sviVariance(far, k)]
      if (after < before - VARIANCE_TOLERANCE)
        throw marginErrors.crossedSurfaces({ underlying: name, k, near: before, far: after })
    }
  }
}

function checkAsset(asset: AssetSnapshot, underlyings: ReadonlySet<string>): void {
  const { name, underlying, maintenanceHaircut, initialHaircut } = asset
  boundedNonNegative(name, 'price', asset.price, PRICE_MAX)
  confidence(name, 'confidence', asset.confidence)
  bounded(name, 'maintenance haircut', maintenanceHaircut, 0, 1)
  bounded(name, 'initial haircut', initialHaircut, -1, 1)
  if (underlying !== undefined && !underlyings.has(underlying))
    throw marginErrors.unknownInstrument({ instrument: underlying })
  if (asset.cancelsRisk === true && underlying === undefined)
    throw marginErrors.unknownInstrument({ instrument: `the underlying of ${name}` })
}

function confidence(owner: string, field: string, value: E18): void {
  e18(owner, field, value, ONE)
}

function e18(owner: string, field: string, value: E18, max: bigint): void {
  const name = `${owner} ${field}`
  if (typeof value !== 'bigint') throw malformed(name, 'a bigint in units of 10⁻¹⁸', value)
  if (value >= 0n && value <= max) return
  const number = Number(value) / 1e18
  if (value < 0n) throw marginErrors.negative({ name, value: number })
  throw marginErrors.outOfRange({ name, value: number, min: 0, max: Number(max) / 1e18 })
}
