import { keyText } from '@causeway/state-tree'
import type { Holder } from '../../identifiers.ts'
import { holderBytes } from './state.ts'
import type { Market, Order, RiskOrder } from './market.ts'
import type { AuctionOrder } from './pure/types.ts'
import { toLots, toTicks } from './pure/grid.ts'

/** An order as it counts for its holder's margin. */
export interface Counted {
  readonly item: BookOrder
  readonly market: Market
  readonly order: RiskOrder
}

/** An order in a derived book; only `lots` and what follows from them change. */
export interface BookOrder extends AuctionOrder {
  readonly order: Order
  readonly market: bigint
  /** Text of the holder, for maps. */
  readonly holderKey: string
  lots: number
  /** Whether the store has it: one that is new may be filled before it ever gets there. */
  isStored: boolean
  /** How it counted last, and for what lots at what index that was. */
  counted?: { readonly as: Counted; readonly lots: number; readonly indexE9: bigint }
}

/** A holder as a key of a map. */
export function holderText(bytes: Uint8Array): string {
  return keyText(bytes)
}

/** A holder's bytes, and their text. */
export type NamedHolder = Pick<BookOrder, 'subaccount' | 'holderKey'>

/** The bytes and the text of a holder. */
export function namedHolder(holder: Holder): NamedHolder {
  const subaccount = holderBytes(holder)
  return { subaccount, holderKey: holderText(subaccount) }
}

/** Makes the auction's order of a stored one. `limitE9` may be nearer than its own, of a market order. */
export function bookOrder(
  order: Order,
  market: Market,
  {
    owner,
    limitE9 = order.limitE9,
    isStored,
    named = namedHolder(order.holder),
  }: {
    readonly owner: string
    readonly limitE9?: bigint | undefined
    readonly isStored: boolean
    readonly named?: NamedHolder | undefined
  },
): BookOrder {
  const { subaccount, holderKey } = named
  return {
    order,
    market: order.market,
    holderKey,
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
    isForced: order.isForced === true,
    isStored,
  }
}
