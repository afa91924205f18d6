// Quotes of an account that nobody has a key of: ordinary orders of this block's auctions, which rest until
// they are ended or filled. They are judged, margined and matched as anybody's.
import { isProtocolError } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { withdraw } from './cancel-orders.ts'
import { emitClosed } from './events.ts'
import { enter, judgeOrder } from './place-order.ts'
import type { OrderDraft } from './place-order.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE, readMarket, readOrder } from './state.ts'

/** One side of a quote. */
export interface HouseQuote {
  readonly market: bigint
  readonly isBuy: boolean
  readonly sizeE9: bigint
  readonly limitE9: bigint
}

/** Enters a quote; gives its id, nothing where the market does not take it now. */
export function placeQuote(
  context: Context,
  ports: MarketsPorts,
  holder: Holder,
  { market: id, isBuy, sizeE9, limitE9 }: HouseQuote,
): bigint | undefined {
  const market = readMarket(context.store(MARKETS_STORE), id)
  if (market === undefined) return undefined
  const draft: OrderDraft = {
    ...{ holder, market: id, isBuy, sizeE9, remainingE9: sizeE9, limitE9 },
    ...{ type: 'limit', timeInForce: 'gtc', expireSeconds: 0n, nonce: 0n, trigger: undefined },
    ...{ isPostOnly: false, isReduceOnly: false, isQuote: true },
  }
  try {
    judgeOrder(context, ports, market, draft)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return undefined
  }
  return enter(context, ports, draft)
}

/** Ends a quote if it rests: another takes its place, or none. */
export function endQuote(context: Context, ports: MarketsPorts, holder: Holder, id: bigint): void {
  const order = readOrder(context.store(MARKETS_STORE), holder, id)
  if (order === undefined) return
  withdraw(context, order)
  emitClosed(context, ports.addresses, order, { reason: 'replaced', remainingE9: order.remainingE9 })
}
