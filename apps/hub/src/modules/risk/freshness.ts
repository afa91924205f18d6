// Whether what margin goes by is known now.
import type { ReadContext } from '../../block/context.ts'
import { GAS } from '../../block/gas.ts'
import type { Holder } from '../../identifiers.ts'
import { countedAssets } from './account.ts'
import { errors } from './errors.ts'
import type { MarketMemory } from './market-memory.ts'
import type { RestingOrder, RiskMarketTerms, RiskPorts, RiskPosition } from './ports.ts'
import { expiryName } from './snapshot.ts'

/** What risk is made over. */
export interface Parts<Position extends RiskPosition> {
  readonly ports: RiskPorts<Position>
  readonly memory: MarketMemory
}

/** Throws `risk/2` unless every price that a subaccount depends on is fresh. */
export function requireFresh<Position extends RiskPosition>(
  context: ReadContext,
  parts: Parts<Position>,
  holder: Holder,
  resting?: readonly RestingOrder[],
): void {
  const asset = staleAsset(context, parts, holder, resting)
  if (asset === undefined) return
  const { state } = parts.ports.price(context, asset)
  throw errors.priceNotFresh({ asset, state: state === 'fresh' ? 'without a surface of an expiry' : state })
}

/** Whether all that a market is priced by is fresh. */
export function isTold<Position extends RiskPosition>(
  context: ReadContext,
  { ports, memory }: Parts<Position>,
  { underlying, expirySeconds }: Pick<RiskMarketTerms, 'underlying' | 'expirySeconds'>,
): boolean {
  if (ports.price(context, underlying).state !== 'fresh') return false
  const { unpricedExpiries } = memory.at(context)
  return expirySeconds === 0n || !unpricedExpiries.has(expiryName(underlying, expirySeconds))
}

/** An asset without a fresh price that a subaccount's margin depends on. */
export function staleAsset<Position extends RiskPosition>(
  context: ReadContext,
  { ports, memory }: Parts<Position>,
  holder: Holder,
  resting = ports.markets.orders(context, holder),
): bigint | undefined {
  const { markets } = ports
  const traded = new Set([...markets.positions(context, holder), ...resting].map(({ market }) => market))
  const told = new Set<string>()
  for (const id of traded) {
    const market = termsOf(context, ports, id)
    if (market === undefined) continue
    const name = expiryName(market.underlying, market.expirySeconds)
    if (told.has(name)) continue
    if (!isTold(context, { ports, memory }, market)) return market.underlying
    told.add(name)
  }
  const held = countedAssets(context, ports, memory.at(context), holder).map(({ asset }) => asset)
  return staleOf(context, ports, held)
}

/** The first of these assets without a fresh price. */
export function staleOf(
  context: ReadContext,
  { price }: Pick<RiskPorts, 'price'>,
  assets: readonly bigint[],
): bigint | undefined {
  return assets.find((asset) => price(context, asset).state !== 'fresh')
}

/** What a market is, at one price: with many positions its records would cost more gas than a trade has. */
export function termsOf<Position extends RiskPosition>(
  context: ReadContext,
  { markets }: Pick<RiskPorts<Position>, 'markets'>,
  id: bigint,
): RiskMarketTerms | undefined {
  const { gas } = context
  if (gas === undefined) return markets.market(context, id)
  gas.consume(GAS.marketTerms)
  return gas.prepaid(() => markets.market(context, id))
}
