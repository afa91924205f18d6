// Bids in auctions of accounts under liquidation.
import { CASH_DIGITS, toPositiveUnits, toUnits } from '../decimal.ts'
import { errors } from '../errors.ts'
import { addressBytes, holderText } from '../address.ts'
import { SHARE_DIGITS } from '../read/liquidation.ts'
import { messages } from '../transactions/messages.ts'
import type { SendOptions } from '../transactions/sender.ts'
import { bidOutcome } from '../read/sold.ts'
import type { SoldShare } from '../read/sold.ts'
import { blockEvents } from '../rpc/transactions.ts'
import { accountOf, readAfter, send, sentOf } from './context.ts'
import type { Sent, TraderContext } from './context.ts'

/** A bid for the end of the block that takes it, and for nothing after. */
export interface BidTerms {
  /** The account's own address, `cway1…`, and its subaccount. */
  readonly account: string
  readonly accountSubaccount?: number
  /** Asset id of what the auction sells; `0`: a share of everything. */
  readonly underlying: string
  /** Of what is for sale, a decimal up to 1. */
  readonly share: string
  /** Cash for this share at most; below zero, what is paid for taking it at least. */
  readonly priceMax: string
  /** Who takes over. Default: the trader's subaccount. */
  readonly subaccount?: number
}

/** A bid that the hub took, and what it brought: one of the two. */
export interface PlacedBid extends Sent {
  readonly sold?: SoldShare
  /** Why it got nothing: the hub's word (docs/liquidation.md), or a code. */
  readonly lapsed?: string
}

/** Bidding takes a wallet: it costs a fee and takes over positions. */
export interface BidActions {
  /** Bids, and tells what the end of its block sold it. Throws `liquidation/…`, before a fee is paid. */
  bid(terms: BidTerms, options?: SendOptions): Promise<PlacedBid>
}

const ONE = 10n ** BigInt(SHARE_DIGITS)

/** The bids of a trader. */
export function bidActions(context: TraderContext): BidActions {
  return {
    async bid(terms, options) {
      const { account, accountSubaccount = 0, underlying, subaccount = context.subaccount } = terms
      addressBytes(account, 'account')
      const shareE9 = toPositiveUnits(terms.share, SHARE_DIGITS, 'share')
      if (shareE9 > ONE) throw errors.badArgument({ name: 'share', expected: 'a decimal up to 1' })
      if (!/^(0|[1-9][0-9]{0,18})$/.test(underlying)) {
        throw errors.badArgument({ name: 'underlying', expected: 'the id of an asset' })
      }
      const bidder = await accountOf(context)
      const message = messages.bid({
        bidder: holderText(bidder, subaccount),
        account: holderText(account, accountSubaccount),
        underlying: BigInt(underlying),
        shareE9,
        maxPriceE6: toUnits(terms.priceMax, CASH_DIGITS, 'priceMax').toString(),
      })
      const included = await send(context, [message], options)
      const names = { account, accountSubaccount, bidder, bidderSubaccount: subaccount }
      const outcome = await readAfter(included, async () =>
        bidOutcome(await blockEvents(context.hub.rpc, included.height), names),
      )
      return { ...sentOf(included), ...outcome }
    },
  }
}
