// Positions that change hands outside the auctions, at prices that need not be on the grid: what liquidation
// sells, and what deleveraging closes (who takes over the opposite of what it has has less after). No fee, no
// band, no mark; whoever calls has judged the price.
import { assert } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { emitFill } from './events.ts'
import type { MarketsPorts } from './ports.ts'
import { NOTIONAL_UNIT } from './pure/grid.ts'
import { MARKETS_STORE, readMarket } from './state.ts'
import { TradingAccounts } from './trading-accounts.ts'
import type { ChangedHolder } from './trading-accounts.ts'

/** A part of a position that goes from one holder to another. */
export interface Move {
  readonly market: bigint
  readonly from: Holder
  readonly to: Holder
  /** Whole lots, with the sign of what `from` has; at most that. */
  readonly sizeE9: bigint
  /** What the part is taken at: `to` pays `from` so much micro-cash; below 0 `from` pays. */
  readonly amountE6: bigint
}

/** Why positions move. */
export type MoveReason = 'liquidation' | 'deleverage'

/** Moves them all, and what they have made goes into cash; gives whose positions have changed. */
export function moveAtPrice(
  context: Context,
  ports: MarketsPorts,
  moves: readonly Move[],
  reason: MoveReason,
): ChangedHolder[] {
  const store = context.store(MARKETS_STORE)
  const accounts = new TradingAccounts(context, ports)
  for (const { market: id, from, to, sizeE9, amountE6 } of moves) {
    const market = readMarket(store, id)
    assert(market !== undefined && market.kind !== 'spot', 'positions are in markets that have some')
    assert(sizeE9 % market.lotE9 === 0n, 'positions move in whole lots')
    const giver = accounts.account(from)
    const heldE9 = giver.positions.get(id)?.sizeE9 ?? 0n
    const isHeld = sizeE9 > 0n ? heldE9 >= sizeE9 : heldE9 <= sizeE9
    assert(sizeE9 !== 0n && isHeld, 'nobody gives more than it has')
    accounts.exchange(giver, market, -sizeE9, -amountE6)
    accounts.exchange(accounts.account(to), market, sizeE9, amountE6)
    for (const [holder, isBuy] of [
      [from, sizeE9 < 0n],
      [to, sizeE9 > 0n],
    ] as const)
      emitFill(context, ports.addresses, { holder, isBuy, ...factsOf(id, sizeE9, amountE6), role: reason })
  }
  return accounts.flush(reason)
}

/** A price below 0 is told as 0: only options that nobody wants have one. */
function factsOf(market: bigint, sizeE9: bigint, amountE6: bigint) {
  const priceE9 = (amountE6 * NOTIONAL_UNIT) / sizeE9
  return {
    market,
    order: 0n,
    priceE9: priceE9 > 0n ? priceE9 : 0n,
    sizeE9: sizeE9 < 0n ? -sizeE9 : sizeE9,
    notionalE6: sizeE9 < 0n ? -amountE6 : amountE6,
    feeE6: 0n,
    remainingE9: 0n,
  }
}
