// Venue grants: which venue on another chain may clear trades for a subaccount, and how far.
import { fromHex } from '@causeway/primitives'
import { CASH_DIGITS, toPositiveUnits } from '../decimal.ts'
import { errors } from '../errors.ts'
import { messages, tradeMessages } from '../transactions/messages.ts'
import type { SendOptions } from '../transactions/sender.ts'
import { acting, send, sentOf, trade } from './context.ts'
import type { Sent, TraderContext } from './context.ts'

/** A venue: its chain's client on the hub, and its address there. */
export interface VenueName {
  readonly client: string
  /** 20 bytes, `0x…`. */
  readonly venue: string
  readonly subaccount?: number
}

/** What a venue may clear. Amounts are decimal cash. */
export interface VenueGrantTerms extends VenueName {
  /** Symbols, at most 64. */
  readonly markets: readonly string[]
  readonly notionalPerDay: string
  readonly openNotional: string
  /** How far from the mark, in hundredths of a per cent. */
  readonly distanceBps: number
  readonly expirySeconds: number
}

/** Venue grants of a trader. Granting takes a wallet; a session key may revoke. */
export interface VenueActions {
  grantVenue(terms: VenueGrantTerms, options?: SendOptions): Promise<Sent>
  revokeVenue(venue: VenueName, options?: SendOptions): Promise<Sent>
}

/** The venue grants of a trader. */
export function venueActions(context: TraderContext): VenueActions {
  const named = async ({ client, venue, subaccount }: VenueName) => ({
    ...(await acting(context, subaccount)),
    client,
    sender: venueBytes(venue),
  })
  return {
    async grantVenue(terms, options) {
      const { markets, distanceBps, expirySeconds } = terms
      const ids = await Promise.all(
        markets.map(async (symbol) => BigInt((await context.markets.bySymbol(symbol)).id)),
      )
      for (const [name, value] of Object.entries({ distanceBps, expirySeconds })) {
        if (!Number.isInteger(value) || value < 0)
          throw errors.badArgument({ name, expected: 'a whole number' })
      }
      const message = messages.grantVenue({
        ...(await named(terms)),
        markets: ids.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
        notionalMaxE6PerDay: toPositiveUnits(terms.notionalPerDay, CASH_DIGITS, 'notionalPerDay'),
        openNotionalMaxE6: toPositiveUnits(terms.openNotional, CASH_DIGITS, 'openNotional'),
        distanceMaxBps: distanceBps,
        expirySeconds: BigInt(expirySeconds),
      })
      return sentOf(await send(context, [message], options))
    },
    async revokeVenue(venue, options) {
      return sentOf(await trade(context, tradeMessages.revokeVenue(await named(venue)), options))
    },
  }
}

function venueBytes(venue: string): Uint8Array {
  const isAddress = typeof venue === 'string' && /^0x[0-9a-fA-F]{40}$/.test(venue)
  if (!isAddress) throw errors.badArgument({ name: 'venue', expected: '0x and 40 hex digits' })
  return fromHex(venue.slice(2).toLowerCase())
}
