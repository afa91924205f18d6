// What libs/margin is told about the market: oracle prices and surfaces, the markets' marks, what an expiring
// market has already observed. Underlyings and assets go by their asset ids.
import { priceFromE9, sviVolatility } from '@causeway/margin'
import type {
  AssetSnapshot,
  ExpirySnapshot,
  MarketSnapshot,
  MarkVol,
  OptionTerms,
  SviSurface,
  UnderlyingSnapshot,
} from '@causeway/margin'
import type { AssetWeight } from '@causeway/protocol/causeway/risk/v1/risk'
import type { ReadContext } from '../../block/context.ts'
import { countedWeight } from './haircut.ts'
import type { ModelUnderlying } from './model.ts'
import type { RiskMarketTerms, RiskPorts, RiskSurface } from './ports.ts'
import { RISK_STORE, weights } from './state.ts'

/** A snapshot, the options in it, and what the model needs to know. */
export interface BuiltSnapshot {
  readonly snapshot: MarketSnapshot
  readonly options: readonly OptionTerms[]
  readonly underlyings: readonly ModelUnderlying[]
  /** Markets that can be margined, by id. */
  readonly terms: ReadonlyMap<bigint, RiskMarketTerms>
  /** Assets that count as collateral, ascending. */
  readonly weights: readonly AssetWeight[]
  /** Expiries (`<asset>/<seconds>`) whose volatility nobody knows: their options are marked at 100 %. */
  readonly unknownVolatility: ReadonlySet<string>
  /** Expiries to come whose forward or volatility the oracle doesn't tell now: nobody is judged by them. */
  readonly unpricedExpiries: ReadonlySet<string>
}

type Ports = Pick<RiskPorts, 'price' | 'symbol' | 'surface' | 'markets' | 'cash'>

const ONE = 10n ** 18n
const E9 = 10n ** 9n
const BASIS_POINTS = 10_000
const WINDOW_SECONDS = 1_800n
/** libs/margin takes no more: what is voted or traded must not stop a block. */
const RATE_MAX = 20
const AMOUNT_MAX = 1e15
const FORWARD_MAX_E9 = 10n ** 20n
/** Only there so that an option without a surface has a value: nothing trades on it. */
const UNKNOWN_VOLATILITY = 1
/** libs/margin takes no more. */
const VOLATILITY_MAX = 1e6

/** Reads the market. An underlying that was never priced isn't in it, nor what is traded on it. */
export function buildSnapshot(context: ReadContext, ports: Ports): BuiltSnapshot {
  const byUnderlying = new Map<bigint, RiskMarketTerms[]>()
  const terms = new Map<bigint, RiskMarketTerms>()
  for (const market of ports.markets.markets(context)) {
    const { kind, underlying } = market
    if (ports.price(context, underlying).priceE9 === 0n) continue
    terms.set(market.id, market)
    if (kind === 'spot') continue
    const list = byUnderlying.get(underlying)
    if (list === undefined) byUnderlying.set(underlying, [market])
    else list.push(market)
  }
  const unknownVolatility = new Set<string>()
  const unpricedExpiries = new Set<string>()
  const moved = ports.markets.markVolatilities(context)
  const ids = [...byUnderlying.keys()].sort((a, b) => (a < b ? -1 : 1))
  const underlyings = ids.map((id) =>
    underlyingSnapshot(context, ports, {
      id,
      published: ports.surface(context, id),
      markets: byUnderlying.get(id)!,
      unknownVolatility,
      unpricedExpiries,
      moved,
    }),
  )
  const counted = weights(context.store(RISK_STORE))
  const snapshot = {
    timeSeconds: Number(context.timeSeconds),
    stablePrice: ports.cash.stablePrice(context),
    underlyings,
    assets: counted.map((weight) => assetSnapshot(context, ports, byUnderlying, weight)),
    // Each expiry's surface was voted by itself.
    allowsCrossedSurfaces: true,
  }
  const options = [...terms.values()].filter(({ kind }) => kind === 'option').map(optionTerms)
  const model = ids.map((id) => modelUnderlying(context, ports, id, byUnderlying.get(id)!))
  return {
    ...{ snapshot, options, underlyings: model, terms, weights: counted },
    ...{ unknownVolatility, unpricedExpiries },
  }
}

/** An option's terms as libs/margin names them. */
export function optionTerms({ underlying, expirySeconds, strikeE9, isCall }: RiskMarketTerms): OptionTerms {
  return {
    underlying: underlying.toString(),
    expirySeconds: Number(expirySeconds),
    strike: priceFromE9(strikeE9),
    isCall,
  }
}

/** Names an expiry. */
export function expiryName(underlying: bigint, expirySeconds: bigint): string {
  return `${underlying}/${expirySeconds}`
}

function modelUnderlying(
  context: ReadContext,
  ports: Ports,
  asset: bigint,
  markets: readonly RiskMarketTerms[],
): ModelUnderlying {
  const perpetual = markets.find(({ kind }) => kind === 'perpetual')
  const openNotional = perpetual && {
    lowerE6: perpetual.openNotionalLowerE6,
    upperE6: perpetual.openNotionalUpperE6,
  }
  return { asset, symbol: ports.symbol(context, asset), openNotional }
}

interface Traded {
  readonly id: bigint
  readonly published: RiskSurface
  readonly markets: readonly RiskMarketTerms[]
  readonly unknownVolatility: Set<string>
  readonly unpricedExpiries: Set<string>
  /** From the oracle's volatility to the mark's, of options whose quotes move it. */
  readonly moved: ReadonlyMap<bigint, (oracleE9: bigint) => bigint>
}

function underlyingSnapshot(context: ReadContext, ports: Ports, traded: Traded): UnderlyingSnapshot {
  const { id, markets } = traded
  const price = ports.price(context, id)
  const spotConfidence = confidenceOf(price)
  const perpetual = markets.find(({ kind }) => kind === 'perpetual')
  const expiries = new Set(markets.flatMap((m) => (m.expirySeconds === 0n ? [] : m.expirySeconds)))
  return {
    name: id.toString(),
    spot: priceFromE9(price.priceE9),
    spotConfidence,
    ...(perpetual === undefined ? {} : { perp: perpSnapshot(context, ports, perpetual.id, price) }),
    expiries: [...expiries].map((expiry) => expirySnapshot(context, ports, traded, expiry)),
  }
}

function perpSnapshot(
  context: ReadContext,
  { markets }: Ports,
  id: bigint,
  index: ReturnType<Ports['price']>,
) {
  const { markE9, openInterestE9 } = markets.figures(context, id)
  const price = priceFromE9(markE9 === 0n ? index.priceE9 : markE9)
  const openInterest = within((Number(openInterestE9) / 1e9) * price, AMOUNT_MAX)
  return { price, confidence: confidenceOf(index), openInterest }
}

function expirySnapshot(
  context: ReadContext,
  ports: Ports,
  { id, published, markets, unknownVolatility, unpricedExpiries, moved }: Traded,
  expirySeconds: bigint,
): ExpirySnapshot {
  const here = markets.filter((market) => market.expirySeconds === expirySeconds)
  const options = here.filter(({ kind }) => kind === 'option')
  const future = here.find(({ kind }) => kind === 'future')
  const index = ports.price(context, id)
  const expiry = published.expiries.find((each) => each.expirySeconds === expirySeconds)
  const votedE9 = expiry === undefined || expiry.forwardE9 === 0n ? index.priceE9 : expiry.forwardE9
  const forwardE9 = votedE9 < FORWARD_MAX_E9 ? votedE9 : FORWARD_MAX_E9
  const surface = expiry !== undefined && isSound(expiry.surface) ? expiry.surface : undefined
  if (options.length > 0 && surface === undefined) unknownVolatility.add(expiryName(id, expirySeconds))
  const isTold = published.state === 'fresh' && expiry !== undefined && surface !== undefined
  // Where no surface was ever voted, or the fresh one leaves the expiry out, a future's forward is the index.
  const isLeftOut = published.state === 'fresh' && expiry === undefined
  const isIndexed = options.length === 0 && (published.state === 'none' || isLeftOut)
  if (!isTold && !isIndexed && expirySeconds > context.timeSeconds)
    unpricedExpiries.add(expiryName(id, expirySeconds))
  const markVols = surface === undefined ? unknownVols(options) : movedVols(surface, options, moved)
  return {
    expirySeconds: Number(expirySeconds),
    ...forwardParts(context, ports, { id, expirySeconds, forwardE9 }),
    forwardConfidence: expiry === undefined ? confidenceOf(index) : ifFresh(published.state),
    rate: within(Number(expiry?.rateE9 ?? 0n) / 1e9, RATE_MAX),
    rateConfidence: expiry === undefined ? ONE : ifFresh(published.state),
    volConfidence: surface === undefined ? 0n : ifFresh(published.state),
    ...(surface === undefined ? {} : { surface }),
    ...(markVols.length === 0 ? {} : { markVols }),
    ...(future === undefined ? {} : { openInterest: openNotional(context, ports, future.id, forwardE9) }),
  }
}

function unknownVols(options: readonly RiskMarketTerms[]): MarkVol[] {
  return options.map((option) => markVol(option, UNKNOWN_VOLATILITY))
}

/** Marks that options' own quotes have moved off the surface. */
function movedVols(
  surface: SviSurface,
  options: readonly RiskMarketTerms[],
  moved: Traded['moved'],
): MarkVol[] {
  return options.flatMap((option) => {
    const markOf = moved.get(option.id)
    if (markOf === undefined) return []
    const oracle = Math.min(sviVolatility(surface, priceFromE9(option.strikeE9)), VOLATILITY_MAX)
    return [markVol(option, Number(markOf(BigInt(Math.round(oracle * 1e9)))) / 1e9)]
  })
}

function markVol({ strikeE9, isCall }: RiskMarketTerms, volatility: number): MarkVol {
  return { strike: priceFromE9(strikeE9), isCall, volatility: Math.min(volatility, VOLATILITY_MAX) }
}

/**
 * Within the last half hour what the settlement average has seen is fixed. DIFFERS FROM SPEC: the mean of
 * what was seen stands for the whole time that has passed, so that a gap in the samples is no loss.
 */
function forwardParts(
  context: ReadContext,
  { markets }: Ports,
  { id, expirySeconds, forwardE9 }: { id: bigint; expirySeconds: bigint; forwardE9: bigint },
): Pick<ExpirySnapshot, 'forwardFixed' | 'forwardVariable'> {
  const left = expirySeconds > context.timeSeconds ? expirySeconds - context.timeSeconds : 0n
  if (left >= WINDOW_SECONDS) return { forwardFixed: 0, forwardVariable: priceFromE9(forwardE9) }
  const { sum, coveredNanoseconds } = markets.observedIndex(context, id, expirySeconds)
  const mean = coveredNanoseconds === 0n ? forwardE9 : sum / coveredNanoseconds
  // In doubles: of a price of a few nano-cash whole nano-cash would leave nothing, which is no forward.
  const [window, ahead] = [Number(WINDOW_SECONDS), Number(left)]
  return {
    forwardFixed: (priceFromE9(mean) * (window - ahead)) / window,
    forwardVariable: (priceFromE9(forwardE9) * ahead) / window,
  }
}

function openNotional(context: ReadContext, { markets }: Ports, id: bigint, forwardE9: bigint): number {
  const size = Number(markets.figures(context, id).openInterestE9) / 1e9
  return within(size * priceFromE9(forwardE9), AMOUNT_MAX)
}

function assetSnapshot(
  context: ReadContext,
  ports: Ports,
  underlyings: ReadonlyMap<bigint, unknown>,
  weight: AssetWeight,
): AssetSnapshot {
  const { asset, initialWeightBps, maintenanceWeightBps, cancelsRisk } = countedWeight(weight)
  const price = ports.price(context, asset)
  const name = asset.toString()
  return {
    name,
    price: priceFromE9(price.priceE9),
    confidence: confidenceOf(price),
    maintenanceHaircut: (BASIS_POINTS - maintenanceWeightBps) / BASIS_POINTS,
    initialHaircut: (maintenanceWeightBps - initialWeightBps) / BASIS_POINTS,
    ...(underlyings.has(asset) ? { underlying: name, cancelsRisk } : {}),
  }
}

/** A smile whose variance is nowhere negative: else it prices nothing. */
function isSound({ a, b, rho, sigma, forward, tau }: SviSurface): boolean {
  const slope = 1 - rho * rho
  return b >= 0 && sigma > 0 && slope >= 0 && forward > 0 && tau > 0 && a + b * sigma * Math.sqrt(slope) >= 0
}

function confidenceOf({ state, confidenceE9 }: ReturnType<Ports['price']>): bigint {
  if (state !== 'fresh') return 0n
  return confidenceE9 === undefined || confidenceE9 > E9 ? ONE : confidenceE9 * E9
}

function ifFresh(state: string): bigint {
  return state === 'fresh' ? ONE : 0n
}

function within(value: number, max: number): number {
  return Math.max(-max, Math.min(max, value))
}
