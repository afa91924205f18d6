// What an auction's block made of a bid, as its events tell it.
import { CASH_DIGITS, cashText, fromUnits, readInteger } from '../decimal.ts'
import type { HubEvent } from '../rpc/events.ts'
import { SHARE_DIGITS } from './liquidation.ts'

/** What a bid took over. Amounts are decimal cash. */
export interface SoldShare {
  /** Asset id of what was sold; `0`: a share of everything. */
  readonly underlying: string
  /** Of what was for sale. */
  readonly share: string
  /** What the auction asked for it. */
  readonly price: string
  /** What changed hands; below zero the bidder was paid. */
  readonly paid: string
  /** Positions and collateral at the hub's marks. */
  readonly worth: string
}

/** Who bid for what. */
export interface BidNames {
  readonly account: string
  readonly accountSubaccount: number
  readonly bidder: string
  readonly bidderSubaccount: number
}

const SOLD = 'causeway.liquidation.v1.sold'
const LAPSED = 'causeway.liquidation.v1.lapsed'

/** What a block's events tell of a bid: what it was sold, or why nothing. Throws `client/2`. */
export function bidOutcome(
  events: readonly HubEvent[],
  names: BidNames,
): { readonly sold?: SoldShare; readonly lapsed?: string } {
  const own = events.filter(({ attributes }) => isOf(attributes, names))
  const sold = own.find(({ type }) => type === SOLD)
  if (sold !== undefined) return { sold: soldShare(sold.attributes) }
  const lapsed = own.find(({ type }) => type === LAPSED)
  return { lapsed: lapsed?.attributes['reason'] ?? 'unknown' }
}

function soldShare(attributes: HubEvent['attributes']): SoldShare {
  const cash = (name: string) => cashText(attributes[name] ?? '', name)
  return {
    underlying: fromUnits(readInteger(attributes['underlying'] ?? '', 'underlying'), 0),
    share: fromUnits(readInteger(attributes['share_e9'] ?? '', 'share'), SHARE_DIGITS),
    price: cash('price_e6'),
    paid: fromUnits(readInteger(attributes['paid_e6'] ?? '', 'paid'), CASH_DIGITS),
    worth: cash('worth_e6'),
  }
}

function isOf(attributes: HubEvent['attributes'], names: BidNames): boolean {
  return (
    attributes['account'] === names.account &&
    attributes['subaccount'] === `${names.accountSubaccount}` &&
    attributes['bidder'] === names.bidder &&
    attributes['bidder_subaccount'] === `${names.bidderSubaccount}`
  )
}
