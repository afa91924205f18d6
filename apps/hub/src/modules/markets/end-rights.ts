// What an account has set beside its orders and positions ends with it: what it let venues clear, its dead
// man's switches, its protections. Nobody could take any of it back any more.
import { concatBytes, prefixEnd } from '@causeway/primitives'
import type { KeyValueReader } from '@causeway/state-tree'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { cancelAllAfter } from './cancel-after.ts'
import { grantsOf, revokeVenue } from './grants.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE, PREFIX, holderAt } from './state.ts'

/** Ends all that an account, which has neither orders nor positions, has set in any subaccount. */
export function endRights(context: Context, ports: MarketsPorts, account: Uint8Array): void {
  const store = context.store(MARKETS_STORE)
  for (const holder of holdersOf(keysOf(store, PREFIX.grant, account)))
    for (const grant of [...grantsOf(store, holder)]) revokeVenue(context, ports, holder, grant)
  for (const holder of holdersOf(keysOf(store, PREFIX.cancelAfter, account)))
    cancelAllAfter(context, holder, 0n)
  for (const key of keysOf(store, PREFIX.protection, account)) store.delete(key)
}

function keysOf(store: KeyValueReader, kind: Uint8Array, account: Uint8Array): Uint8Array[] {
  const prefix = concatBytes(kind, account)
  return [...store.iterate(prefix, prefixEnd(prefix))].map(([key]) => key)
}

/** The holders in keys, each once. */
function holdersOf(keys: readonly Uint8Array[]): Holder[] {
  return [...new Map(keys.map((key) => [holderAt(key, 1).subaccount, holderAt(key, 1)])).values()]
}
