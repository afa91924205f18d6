import { assert, concatBytes, prefixEnd, utf8 } from '@causeway/primitives'
import { clientPrefix } from '../commitments/store-keys.ts'
import type { KeyValueReader, KeyValueStore } from '../store.ts'
import type { ClientStore } from './light-client.ts'

/**
 * Keys of a client's own space that messaging and queries use. Spec: ibc-go v10 24-host, 02-client,
 * 02-client/v2.
 */
export const CLIENT_KEYS = {
  clientState: utf8('clientState'),
  consensusStates: utf8('consensusStates/'),
  creator: utf8('creator'),
  /** Ours: what `clientOrigin` makes of the first consensus state. */
  origin: utf8('origin'),
  counterparty: utf8('counterparty'),
} as const

/** Opens one client's key space for a transaction. */
export function openClientStore(store: KeyValueStore, clientId: string): ClientStore {
  const prefix = clientPrefix(clientId)
  return {
    ...readClientStore(store, clientId),
    set: (key, value) => store.set(concatBytes(prefix, key), value),
    delete: (key) => store.delete(concatBytes(prefix, key)),
  }
}

/** Opens one client's key space for a query: writing to it is a bug. */
export function readClientStore(store: KeyValueReader, clientId: string): ClientStore {
  const prefix = clientPrefix(clientId)
  const refuse = (): never => {
    assert(false, `a query wrote to client ${clientId}`)
  }
  return {
    get: (key) => store.get(concatBytes(prefix, key)),
    set: refuse,
    delete: refuse,
    iterate: (start, end, reverse) => iteratePrefix(store, prefix, start, end, reverse),
  }
}

/** Walks the keys below a prefix, with the prefix taken off keys and bounds. */
export function* iteratePrefix(
  store: KeyValueReader,
  prefix: Uint8Array,
  start?: Uint8Array,
  end?: Uint8Array,
  reverse = false,
): Generator<[Uint8Array, Uint8Array]> {
  const from = start === undefined ? prefix : concatBytes(prefix, start)
  const to = end === undefined ? prefixEnd(prefix) : concatBytes(prefix, end)
  for (const [key, value] of store.iterate(from, to, reverse)) yield [key.subarray(prefix.length), value]
}
