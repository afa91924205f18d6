// One subaccount as libs/margin sees it.
import { amountFromBaseUnits, cashFromE6, priceFromE9, sizeFromE9 } from '@causeway/margin'
import type { Account, OpenOrder, Portfolio } from '@causeway/margin'
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import type { MarginedMarket } from './market-memory.ts'
import type { HeldAsset, RiskMarketTerms, RiskOrder, RiskPorts, RiskPosition } from './ports.ts'
import { optionTerms } from './snapshot.ts'
import { RISK_STORE, isIsolated } from './state.ts'

/** libs/margin takes no more; nobody has it, and a stranger's deposit must not stop a block. */
const AMOUNT_MAX = 1e15

/** What a subaccount has, laid out over a market. */
export function portfolioOf<Position extends RiskPosition>(
  context: ReadContext,
  ports: RiskPorts<Position>,
  margined: MarginedMarket,
  holder: Holder,
): Portfolio {
  const positions = ports.markets.positions(context, holder)
  const columns = margined.layout.columns(positions)
  const { perpetuals } = columns
  const perpUnsettled = perpetuals.length === 0 ? NO_AMOUNTS : new Float64Array(perpetuals.length)
  for (const [i, position] of perpetuals.entries())
    perpUnsettled[i] = bounded(cashFromE6(ports.markets.fundingE6(context, position)))
  const held = countedAssets(context, ports, margined, holder)
  return {
    cash: bounded(cashFromE6(ports.cash.balanceE6(context, holder))),
    pendingCredit: bounded(cashFromE6(ports.pendingE6(context, holder))),
    perp: columns.perp,
    perpSize: columns.perpSize,
    perpQuote: columns.perpQuote,
    perpUnsettled,
    future: columns.future,
    futureSize: columns.futureSize,
    futureQuote: columns.futureQuote,
    option: columns.option,
    optionAmount: columns.optionAmount,
    ...(held.length === 0 ? NO_ASSETS : assetColumns(margined, held)),
  }
}

/** The same ports, by which nothing is pending. */
export function withoutPending<Position extends RiskPosition>(
  ports: RiskPorts<Position>,
): RiskPorts<Position> {
  return { ...ports, pendingE6: () => 0n }
}

const NO_AMOUNTS = new Float64Array(0)
const NO_ASSETS = { asset: new Int32Array(0), assetAmount: NO_AMOUNTS }

function assetColumns({ market }: MarginedMarket, held: readonly HeldAsset[]): typeof NO_ASSETS {
  const { indexOf } = market.assets
  const rows = held
    .map(({ asset, amount, decimals }) => ({
      index: indexOf.get(asset.toString())!,
      amount: bounded(amountFromBaseUnits(amount, decimals)),
    }))
    .sort((a, b) => a.index - b.index)
  return {
    asset: Int32Array.from(rows, ({ index }) => index),
    assetAmount: Float64Array.from(rows, ({ amount }) => amount),
  }
}

/**
 * What a subaccount has: positions, collateral with a weight, cash, pending deposits. The long way round to
 * `portfolioOf`, which tests hold it against.
 */
export function accountOf<Position extends RiskPosition>(
  context: ReadContext,
  ports: RiskPorts<Position>,
  margined: Pick<MarginedMarket, 'terms' | 'weights' | 'snapshot'>,
  holder: Holder,
): Account {
  const { terms } = margined
  const perps = []
  const futures = []
  const options = []
  for (const position of ports.markets.positions(context, holder)) {
    const market = terms.get(position.market)
    if (market === undefined) throw errors.notMargined({ market: position.market })
    const underlying = market.underlying.toString()
    const size = sizeFromE9(position.sizeE9)
    if (market.kind === 'option') {
      options.push({ ...optionTerms(market), amount: size })
      continue
    }
    const quote = bounded(cashFromE6(position.quoteE6))
    if (market.kind === 'future')
      futures.push({ underlying, expirySeconds: Number(market.expirySeconds), size, quote })
    else {
      const unsettled = bounded(cashFromE6(ports.markets.fundingE6(context, position)))
      perps.push({ underlying, size, quote, unsettled })
    }
  }
  return {
    cash: bounded(cashFromE6(ports.cash.balanceE6(context, holder))),
    pendingCredit: bounded(cashFromE6(ports.pendingE6(context, holder))),
    perps,
    futures,
    options,
    collateral: countedAssets(context, ports, margined, holder).map(({ asset, amount, decimals }) => ({
      asset: asset.toString(),
      amount: bounded(amountFromBaseUnits(amount, decimals)),
    })),
  }
}

/**
 * Balances that cover requirements: listed assets only, so that what strangers send in makes nothing dearer;
 * of an isolated subaccount none that is another underlying than its own.
 */
export function countedAssets<Position extends RiskPosition>(
  context: ReadContext,
  ports: RiskPorts<Position>,
  { weights, snapshot }: Pick<MarginedMarket, 'weights' | 'snapshot'>,
  holder: Holder,
): HeldAsset[] {
  const held = weights.flatMap(({ asset }) => ports.balance(context, holder, asset) ?? [])
  if (held.length === 0 || !isIsolated(context.store(RISK_STORE), holder)) return held
  const own = ownUnderlying(context, ports, holder)?.toString()
  if (own === undefined) return held
  const traded = new Set(snapshot.underlyings.map(({ name }) => name))
  return held.filter(({ asset }) => asset.toString() === own || !traded.has(asset.toString()))
}

/** The underlying that an isolated subaccount has positions or orders in. */
export function ownUnderlying<Position extends RiskPosition>(
  context: ReadContext,
  { markets }: Pick<RiskPorts<Position>, 'markets'>,
  holder: Holder,
): bigint | undefined {
  const first = markets.positions(context, holder)[0] ?? markets.orders(context, holder)[0]
  return first === undefined ? undefined : markets.market(context, first.market)?.underlying
}

/** What is traded, as libs/margin names it, and where it stands there if that is known. */
export type Place = Pick<OpenOrder, 'instrument' | 'index'>

/** An order for anything but spot, as libs/margin sees it. */
export function openOrder(
  { market, sizeE9, limitE9, feeE6 }: RiskOrder,
  place: Place = { instrument: instrumentOf(market) },
): OpenOrder {
  return {
    ...place,
    size: sizeFromE9(sizeE9),
    limit: priceFromE9(limitE9),
    fee: cashFromE6(feeE6),
  }
}

/** A market as libs/margin names its instrument. */
export function instrumentOf(market: RiskMarketTerms): OpenOrder['instrument'] {
  const underlying = market.underlying.toString()
  if (market.kind === 'option') return { kind: 'option', ...optionTerms(market) }
  if (market.kind === 'perpetual') return { kind: 'perp', underlying }
  return { kind: 'future', underlying, expirySeconds: Number(market.expirySeconds) }
}

/** Within what libs/margin takes. */
export function bounded(amount: number): number {
  return Math.max(-AMOUNT_MAX, Math.min(AMOUNT_MAX, amount))
}
