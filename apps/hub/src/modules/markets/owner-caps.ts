// What one owner may have: of a market over all subaccounts of the account, and in how many markets.
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { readParams } from './params.ts'
import { MARKETS_STORE, positionsOfAll, readMarket } from './state.ts'

/** Judges what a holder has after trades that no auction made. Throws `markets/27`, `/29`. */
export function requireOwnerCaps(
  context: ReadContext,
  { account, subaccount }: Holder,
  markets: readonly bigint[],
): void {
  const store = context.store(MARKETS_STORE)
  const { positionsMax } = readParams(store)
  const sides = new Map(markets.map((id) => [id, { long: 0n, short: 0n }]))
  for (const { holder, positions } of positionsOfAll(store, { account })) {
    if (holder.subaccount === subaccount && BigInt(positions.length) > positionsMax)
      throw errors.tooManyPositions({ max: positionsMax })
    for (const { market, sizeE9 } of positions) {
      const side = sides.get(market)
      if (side === undefined) continue
      if (sizeE9 > 0n) side.long += sizeE9
      else side.short -= sizeE9
    }
  }
  for (const [id, { long, short }] of sides) {
    const capE9 = readMarket(store, id)!.ownerCapE9
    if (long > capE9 || short > capE9) throw errors.overOwnerCap({ market: id })
  }
}
