// Fills and ends of orders, from events.
import { CASH_DIGITS, PRICE_DIGITS, fromUnits, readInteger } from '../decimal.ts'
import type { HubEvent } from '../rpc/events.ts'

/** A fill of one side. Prices and sizes are decimal texts, the fee is cash. */
export interface Fill {
  readonly account: string
  readonly subaccount: number
  readonly marketId: string
  /** `0`: by RFQ or by a venue. */
  readonly orderId: string
  readonly side: string
  readonly price: string
  readonly size: string
  readonly fee: string
  /** `maker`, `taker`, `rfq` or `venue`. */
  readonly role: string
  /** What the order has left. */
  readonly remaining: string
}

/** An order that ended without being filled whole. */
export interface ClosedOrder {
  readonly account: string
  readonly subaccount: number
  readonly marketId: string
  readonly orderId: string
  /** Why: docs/markets.md, “Orders”. */
  readonly reason: string
  readonly remaining: string
}

/** The fill that an event tells; nothing for other events. Throws `client/2`. */
export function fillOf({ type, attributes }: HubEvent): Fill | undefined {
  if (type !== 'causeway.markets.v1.fill') return undefined
  return {
    ...ownerOf(attributes),
    side: attributes['side'] ?? '',
    price: unitsAt(attributes, 'price_e9'),
    size: unitsAt(attributes, 'size_e9'),
    fee: fromUnits(readInteger(attributes['fee_e6'] ?? '', 'fee_e6'), CASH_DIGITS),
    role: attributes['role'] ?? '',
    remaining: unitsAt(attributes, 'remaining_e9'),
  }
}

/** The end of an order that an event tells; nothing for other events. Throws `client/2`. */
export function closedOf({ type, attributes }: HubEvent): ClosedOrder | undefined {
  if (type !== 'causeway.markets.v1.closed') return undefined
  const remaining = unitsAt(attributes, 'remaining_e9')
  return { ...ownerOf(attributes), reason: attributes['reason'] ?? '', remaining }
}

type Attributes = HubEvent['attributes']

function ownerOf(attributes: Attributes) {
  return {
    account: attributes['account'] ?? '',
    subaccount: Number(readInteger(attributes['subaccount'] ?? '', 'subaccount')),
    marketId: attributes['market'] ?? '',
    orderId: attributes['order'] ?? '',
  }
}

function unitsAt(attributes: Attributes, name: string): string {
  return fromUnits(readInteger(attributes[name] ?? '', name), PRICE_DIGITS)
}
