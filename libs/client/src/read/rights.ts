// What an account has set for others and for its quotes: venue grants and market-maker protection.
import {
  QueryProtectionRequest,
  QueryProtectionResponse,
  QueryVenueGrantsRequest,
  QueryVenueGrantsResponse,
} from '@causeway/protocol/causeway/markets/v1/query'
import { toHex } from '@causeway/primitives'
import { holderText } from '../address.ts'
import { CASH_DIGITS, fromUnits, priceText, readInteger } from '../decimal.ts'
import { errors } from '../errors.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'

/** What a venue may clear for a subaccount. Amounts are decimal cash. */
export interface VenueGrantRow {
  /** The hub's client of the venue's chain. */
  readonly client: string
  /** The venue there, `0x…`. */
  readonly venue: string
  /** Symbols; the id in digits of a market that is not known by a symbol any more. */
  readonly markets: readonly string[]
  readonly notionalPerDay: string
  readonly openNotional: string
  /** How far from the mark, in hundredths of a per cent. */
  readonly distanceBps: number
  readonly expirySeconds: number
  /** The UTC day of what it cleared last, `2026-11-22`, and how much on that day. */
  readonly day?: string
  readonly clearedOnDay: string
}

/** Market-maker protection in one underlying: what is absent has no limit. */
export interface ProtectionRow {
  readonly underlying: string
  /** 0: there is none. */
  readonly windowSeconds: number
  readonly sizeMax?: string
  readonly deltaMax?: string
  /** Cash for a point of volatility. */
  readonly vegaMax?: string
  /** What was filled in the window that runs, or ran last. */
  readonly filled: { readonly size: string; readonly delta: string; readonly vega: string }
  /** Quotes are refused until it is reset. */
  readonly isFrozen: boolean
}

const SERVICE = 'causeway.markets.v1'
const DAY_MS = 86_400_000
const grantsQuery = queryOf(SERVICE, 'VenueGrants', QueryVenueGrantsRequest, QueryVenueGrantsResponse)
const protectionQuery = queryOf(SERVICE, 'Protection', QueryProtectionRequest, QueryProtectionResponse)

/** Venue grants of a subaccount; `symbolOf` names markets. */
export async function readVenueGrants(
  hub: Hub,
  holder: { readonly address: string; readonly subaccount: number },
  symbolOf: (id: bigint) => string,
): Promise<VenueGrantRow[]> {
  const account = holderText(holder.address, holder.subaccount)
  const { grants, height } = await ask(hub.rpc, grantsQuery, { account })
  hub.sawHeight(height)
  return grants.map((grant) => ({
    client: grant.client,
    venue: `0x${toHex(grant.sender)}`,
    markets: grant.markets.map(symbolOf),
    notionalPerDay: fromUnits(grant.notionalMaxE6PerDay, CASH_DIGITS),
    openNotional: fromUnits(grant.openNotionalMaxE6, CASH_DIGITS),
    distanceBps: grant.distanceMaxBps,
    expirySeconds: Number(grant.expirySeconds),
    ...(grant.day === 0n ? {} : { day: dayText(grant.day) }),
    clearedOnDay: fromUnits(grant.notionalE6, CASH_DIGITS),
  }))
}

/** Protection of a subaccount in an underlying, named by its asset's id. */
export async function readProtection(
  hub: Hub,
  holder: { readonly address: string; readonly subaccount: number },
  underlying: { readonly asset: string; readonly name: string },
): Promise<ProtectionRow> {
  const account = holderText(holder.address, holder.subaccount)
  const request = { account, underlying: BigInt(underlying.asset) }
  const { protection: set, height } = await ask(hub.rpc, protectionQuery, request)
  hub.sawHeight(height)
  const filled = (text: string | undefined, digits: number) =>
    fromUnits(readInteger(text || '0', 'what was filled'), digits)
  return {
    underlying: underlying.name,
    windowSeconds: Number(set?.windowSeconds ?? 0n),
    ...(set === undefined || set.sizeMaxE9 === 0n ? {} : { sizeMax: priceText(set.sizeMaxE9) }),
    ...(set === undefined || set.deltaMaxE9 === 0n ? {} : { deltaMax: priceText(set.deltaMaxE9) }),
    ...(set === undefined || set.vegaMaxE6 === 0n ? {} : { vegaMax: fromUnits(set.vegaMaxE6, CASH_DIGITS) }),
    filled: {
      size: filled(set?.sizeE9, 9),
      delta: filled(set?.deltaE9, 9),
      vega: filled(set?.vegaE6, CASH_DIGITS),
    },
    isFrozen: set?.isFrozen === true,
  }
}

/** Far beyond any time a clock shows nothing is a date. */
function dayText(day: bigint): string {
  const date = new Date(Number(day) * DAY_MS)
  if (Number.isNaN(date.getTime()))
    throw errors.badAnswer({ what: 'a venue grant', reason: 'its day is none' })
  return date.toISOString().slice(0, 10)
}
