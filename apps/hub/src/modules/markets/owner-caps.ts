// What one owner may have: of a market over all subaccounts of the account, and in how many markets.
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { readParams } from './params.ts'
import { passedOrders } from './passed-orders.ts'
import type { Position } from './market.ts'
import { MARKETS_STORE, positionsOfAll, readMarket } from './state.ts'

/** What one subaccount has in a market, and what its resting orders can add to either side. */
interface Exposure {
  heldE9: bigint
  buysE9: bigint
  sellsE9: bigint
}

/** What trades have changed of a holder's position in a market. */
export interface PositionChange {
  readonly market: bigint
  readonly sizeE9: bigint
}

/**
 * Judges what a holder has after trades that no auction made, with all that its account's resting orders can
 * add: as an order is judged that enters. What was beyond a cap before may stay there, but not grow. Each
 * order that is looked at has its price in gas. Throws `markets/27`, `/29`.
 */
export function requireOwnerCaps(
  context: ReadContext,
  holder: Holder,
  changes: readonly PositionChange[],
): void {
  const changed = new Map<bigint, bigint>()
  for (const { market, sizeE9 } of changes) changed.set(market, (changed.get(market) ?? 0n) + sizeE9)
  const { exposures, positions, ordered } = readAccount(context, holder, [...changed.keys()])
  requireMarketCount(context, { positions, ordered, changed })
  for (const [id, bySubaccount] of exposures) {
    const capE9 = readMarket(context.store(MARKETS_STORE), id)!.ownerCapE9
    const after = sidesOf(bySubaccount.values())
    const own = bySubaccount.get(holder.subaccount)
    if (own !== undefined) own.heldE9 -= changed.get(id)!
    const before = sidesOf(bySubaccount.values())
    const isBeyond = (side: keyof Sides) => after[side] > capE9 && after[side] > before[side]
    if (isBeyond('longE9') || isBeyond('shortE9')) throw errors.overOwnerCap({ market: id })
  }
}

/** What stands in an account. */
interface AccountRead {
  /** By market of those asked for, and by subaccount. */
  readonly exposures: ReadonlyMap<bigint, ReadonlyMap<number, Exposure>>
  /** Of the subaccount. */
  readonly positions: readonly Position[]
  /** Markets of the subaccount's orders. */
  readonly ordered: ReadonlySet<bigint>
}

/** No market is entered beyond the most that a subaccount may have positions or orders in. */
function requireMarketCount(
  context: ReadContext,
  {
    positions,
    ordered,
    changed,
  }: Pick<AccountRead, 'positions' | 'ordered'> & { readonly changed: ReadonlyMap<bigint, bigint> },
): void {
  const { positionsMax } = readParams(context.store(MARKETS_STORE))
  const all = new Set([...ordered, ...positions.map(({ market }) => market)])
  if (BigInt(all.size) <= positionsMax) return
  const isEntered = ({ market, sizeE9 }: Position) => changed.get(market) === sizeE9 && !ordered.has(market)
  if (positions.some(isEntered)) throw errors.tooManyPositions({ max: positionsMax })
}

/** Reads positions and orders of a whole account, each once. */
function readAccount(
  context: ReadContext,
  { account, subaccount }: Holder,
  markets: readonly bigint[],
): AccountRead {
  const exposures = new Map(markets.map((id) => [id, new Map<number, Exposure>()]))
  const exposure = (market: bigint, of: number) => {
    const bySubaccount = exposures.get(market)
    if (bySubaccount === undefined) return undefined
    let found = bySubaccount.get(of)
    if (found === undefined) bySubaccount.set(of, (found = { heldE9: 0n, buysE9: 0n, sellsE9: 0n }))
    return found
  }
  let own: readonly Position[] = []
  for (const { holder, positions } of positionsOfAll(context.store(MARKETS_STORE), { account })) {
    if (holder.subaccount === subaccount) own = positions
    for (const { market, sizeE9 } of positions) {
      const found = exposure(market, holder.subaccount)
      if (found !== undefined) found.heldE9 += sizeE9
    }
  }
  const ordered = new Set<bigint>()
  for (const order of passedOrders(context, account)) {
    if (order.holder.subaccount === subaccount) ordered.add(order.market)
    if (order.isReduceOnly || order.trigger !== undefined) continue
    const found = exposure(order.market, order.holder.subaccount)
    if (found !== undefined) found[order.isBuy ? 'buysE9' : 'sellsE9'] += order.remainingE9
  }
  return { exposures, positions: own, ordered }
}

interface Sides {
  readonly longE9: bigint
  readonly shortE9: bigint
}

function sidesOf(exposures: Iterable<Exposure>): Sides {
  let [longE9, shortE9] = [0n, 0n]
  for (const { heldE9, buysE9, sellsE9 } of exposures) {
    if (heldE9 + buysE9 > 0n) longE9 += heldE9 + buysE9
    if (sellsE9 - heldE9 > 0n) shortE9 += sellsE9 - heldE9
  }
  return { longE9, shortE9 }
}
