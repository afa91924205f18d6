import { holderBytes } from './state.ts'
import type { Market, Order } from './market.ts'
import type { AuctionOrder } from './pure/types.ts'
import { toLots, toTicks } from './pure/grid.ts'

/** An order in a derived book; only `lots` changes. */
export interface BookOrder extends AuctionOrder {
  readonly order: Order
  readonly market: bigint
  /** Text of the holder, for maps. */
  readonly holderKey: string
  lots: number
  /** Whether the store has it: one that is new may be filled before it ever gets there. */
  isStored: boolean
}

/** A holder as a key of a map. */
export function holderText(bytes: Uint8Array): string {
  return String.fromCharCode.apply(undefined, bytes as unknown as number[])
}

/** Makes the auction's order of a stored one. `limitE9` may be nearer than its own, of a market order. */
export function bookOrder(
  order: Order,
  market: Market,
  { owner, limitE9 = order.limitE9, isStored }: { owner: string; limitE9?: bigint; isStored: boolean },
): BookOrder {
  const subaccount = holderBytes(order.holder)
  return {
    order,
    market: order.market,
    holderKey: holderText(subaccount),
    id: order.id,
    owner,
    subaccount,
    nonce: order.nonce,
    isBuy: order.isBuy,
    limitTicks: toTicks(limitE9, order.isBuy, market),
    lots: toLots(order.remainingE9, market),
    entryHeight: order.entryHeight,
    isFillOrKill: order.timeInForce === 'fok',
    isPostOnly: order.isPostOnly,
    isStored,
  }
}
