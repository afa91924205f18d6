// Listings: tokens that genesis lists before the client that they come over exists. Whoever created a
// client decides what its proofs prove and who stands at its other end, so a listing names that account and
// the chain (of an EVM chain the IBC contract, too), never a client id, which anybody could take first
// (docs/decisions/0008).
import { assert } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import { emitLine } from './events.ts'
import { pathHash } from './lines.ts'
import { LEDGER_STORE, createLine, deleteListing, lineOfPathHash, listings } from './state.ts'
import type { ListedChain } from './state.ts'

/** A client whose counterparty its creator has just registered: it can carry packets from now on. */
export interface OpenedClient extends ListedChain {
  readonly clientId: string
  /** The account that created it. */
  readonly creator: Uint8Array
}

/**
 * Turns what was listed for this creator and chain into lines of this client. It happens once: a later client
 * of the same creator finds nothing left.
 */
export function openListedLines(context: Context, client: OpenedClient): void {
  const store = context.store(LEDGER_STORE)
  const { creator, clientId } = client
  for (const listing of [...listings(store, creator, client)]) {
    const denom = `transfer/${clientId}/${listing.base}`
    const hash = pathHash(denom)
    assert(lineOfPathHash(store, hash) === undefined, 'no packet came before the counterparty was registered')
    deleteListing(store, listing)
    emitLine(
      context,
      createLine(store, hash, { client: clientId, denom, asset: listing.asset, listed: true }),
    )
  }
}
