// What one owner may have: of a market over all subaccounts of the account, and in how many markets.
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { readParams } from './params.ts'
import { MARKETS_STORE, positionsOfAll, readMarket, storedOrders } from './state.ts'

/** What one subaccount has in a market, and what its resting orders can add to either side. */
interface Exposure {
  heldE9: bigint
  buysE9: bigint
  sellsE9: bigint
}

/**
 * Judges what a holder has after trades that no auction made, with all that its account's resting orders can
 * add: as an order is judged that enters. Throws `markets/27`, `/29`.
 */
export function requireOwnerCaps(
  context: ReadContext,
  { account, subaccount }: Holder,
  markets: readonly bigint[],
): void {
  const store = context.store(MARKETS_STORE)
  const { positionsMax } = readParams(store)
  const exposures = new Map(markets.map((id) => [id, new Map<number, Exposure>()]))
  const exposure = (market: bigint, of: number) => {
    const bySubaccount = exposures.get(market)
    if (bySubaccount === undefined) return undefined
    let found = bySubaccount.get(of)
    if (found === undefined) bySubaccount.set(of, (found = { heldE9: 0n, buysE9: 0n, sellsE9: 0n }))
    return found
  }
  for (const { holder, positions } of positionsOfAll(store, { account })) {
    if (holder.subaccount === subaccount && BigInt(positions.length) > positionsMax)
      throw errors.tooManyPositions({ max: positionsMax })
    for (const { market, sizeE9 } of positions) {
      const found = exposure(market, holder.subaccount)
      if (found !== undefined) found.heldE9 += sizeE9
    }
  }
  for (const { holder, market, isBuy, isReduceOnly, trigger, remainingE9 } of storedOrders(store, account)) {
    const found = isReduceOnly || trigger !== undefined ? undefined : exposure(market, holder.subaccount)
    if (found !== undefined) found[isBuy ? 'buysE9' : 'sellsE9'] += remainingE9
  }
  for (const [id, bySubaccount] of exposures) {
    const capE9 = readMarket(store, id)!.ownerCapE9
    let [longE9, shortE9] = [0n, 0n]
    for (const { heldE9, buysE9, sellsE9 } of bySubaccount.values()) {
      if (heldE9 + buysE9 > 0n) longE9 += heldE9 + buysE9
      if (sellsE9 - heldE9 > 0n) shortE9 += sellsE9 - heldE9
    }
    if (longE9 > capE9 || shortE9 > capE9) throw errors.overOwnerCap({ market: id })
  }
}
