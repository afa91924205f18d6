// What a venue elsewhere may clear for a subaccount here. Store: 0x0f ‖ holder ‖ client ‖ 0x00 ‖ sender 20 →
// VenueGrant.
import { concatBytes, prefixEnd, toHex, utf8 } from '@causeway/primitives'
import { VenueGrant } from '@causeway/protocol/causeway/markets/v1/markets'
import type { MsgGrantVenue } from '@causeway/protocol/causeway/markets/v1/tx'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitGrant } from './events.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE, PREFIX, holderAt, holderBytes } from './state.ts'

/** A venue: our client of its chain, and who sends trades there. */
export interface Venue {
  readonly client: string
  readonly sender: Uint8Array
}

const GRANTS_MAX = 16
const GRANT_MARKETS_MAX = 64
const SENDER_BYTES = 20
const CLIENT_LENGTH_MAX = 64
const BASIS_POINTS = 10_000

/** Judges a grant alone. Throws `markets/31`. */
export function validateGrant(message: MsgGrantVenue): void {
  const { client, sender, markets, notionalMaxE6PerDay, openNotionalMaxE6, distanceMaxBps } = message
  const refuse = (reason: string) => errors.badGrant({ reason })
  if (client.length === 0 || client.length > CLIENT_LENGTH_MAX || client.includes('\0'))
    throw refuse('a client is named by 1 to 64 characters')
  if (sender.length !== SENDER_BYTES) throw refuse('a sender has 20 bytes')
  const isAscending = markets.every((market, i) => i === 0 || market > markets[i - 1]!)
  if (markets.length === 0 || markets.length > GRANT_MARKETS_MAX || !isAscending)
    throw refuse('1 to 64 markets, ascending')
  if (notionalMaxE6PerDay === 0n || openNotionalMaxE6 === 0n) throw refuse('its limits are positive')
  if (distanceMaxBps > BASIS_POINTS) throw refuse('a distance is at most 10,000 basis points')
}

/** Lets a venue clear; replaces what it might. Throws `markets/10`, `/33`. */
export function grantVenue(
  context: Context,
  ports: MarketsPorts,
  holder: Holder,
  message: MsgGrantVenue,
): void {
  const store = context.store(MARKETS_STORE)
  const { client, sender, markets, expirySeconds, distanceMaxBps } = message
  const { notionalMaxE6PerDay, openNotionalMaxE6 } = message
  if (expirySeconds <= context.timeSeconds) throw errors.expired({ seconds: expirySeconds })
  const before = readGrant(store, holder, message)
  if (before === undefined && [...grantsOf(store, holder)].length >= GRANTS_MAX)
    throw errors.tooManyGrants({ max: GRANTS_MAX })
  // What was cleared today stays counted: a new grant is no new day.
  const { day = 0n, notionalE6 = 0n } = before ?? {}
  const limits = { notionalMaxE6PerDay, openNotionalMaxE6, distanceMaxBps, expirySeconds }
  writeGrant(store, holder, { client, sender, markets, ...limits, day, notionalE6 })
  const told = { holder, client, sender: toHex(sender), notionalE6: notionalMaxE6PerDay, expirySeconds }
  emitGrant(context, ports.addresses, told)
}

/** Ends a grant at once. Throws `markets/32`. */
export function revokeVenue(context: Context, ports: MarketsPorts, holder: Holder, venue: Venue): void {
  const store = context.store(MARKETS_STORE)
  const key = grantKey(holder, venue)
  if (!store.has(key)) throw errors.unknownGrant()
  store.delete(key)
  const { client, sender } = venue
  emitGrant(context, ports.addresses, {
    holder,
    client,
    sender: toHex(sender),
    notionalE6: 0n,
    expirySeconds: context.timeSeconds,
  })
}

/** What a venue may clear for a holder, if anything. */
export function readGrant(store: KeyValueReader, holder: Holder, venue: Venue): VenueGrant | undefined {
  const bytes = store.get(grantKey(holder, venue))
  return bytes === undefined ? undefined : VenueGrant.decode(bytes)
}

/** Writes a grant. */
export function writeGrant(store: KeyValueStore, holder: Holder, grant: VenueGrant): void {
  store.set(grantKey(holder, grant), VenueGrant.encode(grant).finish())
}

/** The grants of a holder. */
export function* grantsOf(store: KeyValueReader, holder: Holder): Iterable<VenueGrant> {
  const prefix = concatBytes(PREFIX.grant, holderBytes(holder))
  for (const [, value] of store.iterate(prefix, prefixEnd(prefix))) yield VenueGrant.decode(value)
}

/** All grants. */
export function* grants(store: KeyValueReader): Iterable<{ holder: Holder; grant: VenueGrant }> {
  for (const [key, value] of store.iterate(PREFIX.grant, prefixEnd(PREFIX.grant)))
    yield { holder: holderAt(key, 1), grant: VenueGrant.decode(value) }
}

function grantKey(holder: Holder, { client, sender }: Venue): Uint8Array {
  return concatBytes(PREFIX.grant, holderBytes(holder), utf8(`${client}\0`), sender)
}
