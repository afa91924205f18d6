// Orders and what became of them, as a terminal shows them.
import type { OpenOrder, OrderTerms, PlacedOrder, Sent, WhatIf } from '@causeway/client'
import { table } from '../margin/table.ts'

/** Why an order ended, by the hub's word for it (docs/markets.md, “Orders”). */
const ENDS: Readonly<Record<string, string>> = {
  immediate: 'nobody offered more at its limit',
  fillOrKill: 'it could not be filled whole',
  postOnly: 'it would have taken an older order',
  selfTrade: 'it crossed an older order of the same owner',
  margin: 'the account has too little initial margin for it',
  reduceOnly: 'there is nothing that it could reduce',
  limit: 'a cap of the market or of the owner is reached',
  protection: 'market-maker protection has frozen the quotes',
  marketClosed: 'the market takes no orders now',
  noPrice: 'the market has no fresh price now',
}

/** A row for each open order. */
export function ordersLines(orders: readonly OpenOrder[]): string[] {
  if (orders.length === 0) return ['No open orders.']
  return table([
    ['order', 'market', 'side', 'left', 'of', 'limit', 'stays', 'also'],
    ...orders.map((order) => [
      order.orderId,
      order.market,
      order.side,
      order.remaining,
      order.size,
      order.limit,
      order.timeInForce,
      alsoOf(order),
    ]),
  ])
}

/** What an order did in the auction of its block. */
export function placedLines({ side, size, market }: OrderTerms, placed: PlacedOrder): string[] {
  const { orderId, filled, averagePrice, fee, remaining, limit, status } = placed
  const done = side === 'buy' ? 'bought' : 'sold'
  const what =
    averagePrice === undefined
      ? `${done} nothing of ${size} ${market} (limit ${limit})`
      : `${done} ${filled} of ${size} ${market} at ${averagePrice}, fee ${fee}`
  const isResting = status === 'resting'
  const rest = isResting ? `rests with ${remaining} left` : `is over: ${ENDS[status] ?? status}`
  const left = remaining === '0' ? [] : [`order ${orderId} ${rest}`]
  return [what, ...left, ...sentLines('', placed)]
}

/** Where a transaction stands. */
export function sentLines(done: string, { height, txHash }: Sent): string[] {
  return [...(done === '' ? [] : [done]), `block ${height}, tx ${txHash}`]
}

/** Margins before and after. */
export function whatIfLines({ before, after, isAllowed, height }: WhatIf): string[] {
  const row = (name: string, key: keyof WhatIf['before']) => [name, before[key], after[key]]
  return [
    ...table([
      [`at block ${height}`, 'now', 'after'],
      row('initial margin', 'initialMargin'),
      row('  required', 'initialRequirement'),
      row('  with open orders', 'initialMarginWithOrders'),
      row('maintenance margin', 'maintenanceMargin'),
      row('  required', 'maintenanceRequirement'),
    ]),
    isAllowed
      ? 'Margin allows it.'
      : 'The hub would refuse it: initial margin with open orders counted would be below zero.',
  ]
}

function alsoOf({ postOnly, reduceOnly, trigger, isQuote }: OpenOrder): string {
  return [
    ...(postOnly ? ['post-only'] : []),
    ...(reduceOnly ? ['reduce-only'] : []),
    ...(isQuote ? ['quote'] : []),
    ...(trigger === undefined ? [] : [`stop ${trigger.above ? '≥' : '≤'} ${trigger.price}`]),
  ].join(', ')
}
