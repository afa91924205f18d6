// What one owner may have: of a market over all subaccounts of the account, and in how many markets.
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { readParams } from './params.ts'
import { passedOrders } from './passed-orders.ts'
import { MARKETS_STORE, positionsOfAll, readMarket, readPositions } from './state.ts'

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
  const store = context.store(MARKETS_STORE)
  const changed = new Map<bigint, bigint>()
  for (const { market, sizeE9 } of changes) changed.set(market, (changed.get(market) ?? 0n) + sizeE9)
  requireMarketCount(context, holder, changed)
  const exposures = exposuresOf(context, holder.account, [...changed.keys()])
  for (const [id, bySubaccount] of exposures) {
    const capE9 = readMarket(store, id)!.ownerCapE9
    const after = sidesOf(bySubaccount.values())
    const own = bySubaccount.get(holder.subaccount)
    if (own !== undefined) own.heldE9 -= changed.get(id)!
    const before = sidesOf(bySubaccount.values())
    const isBeyond = (side: keyof Sides) => after[side] > capE9 && after[side] > before[side]
    if (isBeyond('longE9') || isBeyond('shortE9')) throw errors.overOwnerCap({ market: id })
  }
}

/** No market is entered beyond the most that a subaccount may have positions in. */
function requireMarketCount(
  context: ReadContext,
  holder: Holder,
  changed: ReadonlyMap<bigint, bigint>,
): void {
  const store = context.store(MARKETS_STORE)
  const { positionsMax } = readParams(store)
  const positions = readPositions(store, holder)
  if (BigInt(positions.length) <= positionsMax) return
  if (positions.some(({ market, sizeE9 }) => changed.get(market) === sizeE9))
    throw errors.tooManyPositions({ max: positionsMax })
}

/** What an account has in some markets, by subaccount. */
function exposuresOf(
  context: ReadContext,
  account: Uint8Array,
  markets: readonly bigint[],
): ReadonlyMap<bigint, ReadonlyMap<number, Exposure>> {
  const store = context.store(MARKETS_STORE)
  const exposures = new Map(markets.map((id) => [id, new Map<number, Exposure>()]))
  const exposure = (market: bigint, of: number) => {
    const bySubaccount = exposures.get(market)
    if (bySubaccount === undefined) return undefined
    let found = bySubaccount.get(of)
    if (found === undefined) bySubaccount.set(of, (found = { heldE9: 0n, buysE9: 0n, sellsE9: 0n }))
    return found
  }
  for (const { holder, positions } of positionsOfAll(store, { account })) {
    for (const { market, sizeE9 } of positions) {
      const found = exposure(market, holder.subaccount)
      if (found !== undefined) found.heldE9 += sizeE9
    }
  }
  for (const order of passedOrders(context, account)) {
    if (order.isReduceOnly || order.trigger !== undefined) continue
    const found = exposure(order.market, order.holder.subaccount)
    if (found !== undefined) found[order.isBuy ? 'buysE9' : 'sellsE9'] += order.remainingE9
  }
  return exposures
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
