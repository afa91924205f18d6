import { assert } from '@causeway/primitives'

/** An order of one holder in one market, in the direction that reduces. */
export interface ClosingOrder {
  readonly remainingE9: bigint
  readonly isReduceOnly: boolean
}

/**
 * How much of each order may enter the auction so that the reduce-only ones can't turn the position, whatever
 * fills: what the position leaves after all the others that could fill, given to the reduce-only orders as
 * they come (give the oldest first). All orders are of the side opposite to the position.
 */
export function closingSizesE9(positionE9: bigint, orders: readonly ClosingOrder[]): bigint[] {
  for (const { remainingE9 } of orders) assert(remainingE9 > 0n, 'an order has something left')
  const others = orders.reduce((sum, order) => sum + (order.isReduceOnly ? 0n : order.remainingE9), 0n)
  const held = positionE9 < 0n ? -positionE9 : positionE9
  let room = held > others ? held - others : 0n
  return orders.map(({ remainingE9, isReduceOnly }) => {
    if (!isReduceOnly) return remainingE9
    const size = remainingE9 < room ? remainingE9 : room
    room -= size
    return size
  })
}
