// Which markets the vault quotes: all but options first, then options, the nearest to the money first.
import type { ReadContext } from '../../block/context.ts'
import type { VaultMarket, VaultPorts } from './ports.ts'

const E9 = 1_000_000_000n
/** What expires sooner is not quoted: its price is settling. */
export const EXPIRY_SECONDS_MIN = 3_600n

/** At most so many, ascending by id. */
export function chooseMarkets(context: ReadContext, ports: VaultPorts, most: number): bigint[] {
  const first: VaultMarket[] = []
  const options: { readonly market: VaultMarket; readonly awayE9: bigint }[] = []
  const indexes = new Map<bigint, bigint>()
  const indexOf = (underlying: bigint) => {
    let indexE9 = indexes.get(underlying)
    if (indexE9 === undefined) {
      indexE9 = ports.prices.price(context, underlying).priceE9
      indexes.set(underlying, indexE9)
    }
    return indexE9
  }
  for (const market of ports.markets.markets(context)) {
    const indexE9 = indexOf(market.underlying)
    if (indexE9 === 0n || !isQuotable(context, ports, market)) continue
    if (market.kind !== 'option') first.push(market)
    else options.push({ market, awayE9: distance(market.strikeE9, indexE9) })
  }
  options.sort((a, b) => compare(a.awayE9, b.awayE9) || compare(a.market.id, b.market.id))
  const chosen = [...first, ...options.map(({ market }) => market)].slice(0, most)
  return chosen.map(({ id }) => id).sort(compare)
}

/** Whether a market may be quoted at all now. */
export function isQuotable(context: ReadContext, ports: VaultPorts, market: VaultMarket): boolean {
  const { kind, status, expirySeconds, underlying } = market
  if (status !== 'open') return false
  if (kind === 'spot') return ports.heldE9(context, ports.vault, underlying) !== undefined
  return expirySeconds === 0n || expirySeconds >= context.timeSeconds + EXPIRY_SECONDS_MIN
}

function distance(strikeE9: bigint, indexE9: bigint): bigint {
  const away = strikeE9 > indexE9 ? strikeE9 - indexE9 : indexE9 - strikeE9
  return (away * E9) / indexE9
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
