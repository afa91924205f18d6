import { concatBytes, prefixEnd, utf8 } from '@causeway/primitives'
import type { KeyValueReader } from '../store.ts'
import type { Walk } from './paginate.ts'

const CLIENTS = utf8('clients')
const SLASH = 0x2f

/**
 * * Walks the client states of a chain, keyed `/{clientId}/clientState` as ibc-go pages them, one seek a
 * client: a client's many consensus states are never touched.
 */
export function walkClientStates(reader: KeyValueReader): Walk {
  return function* (start, end, reverse) {
    let from = concatBytes(CLIENTS, start ?? Uint8Array.of(SLASH))
    let to =
      end === undefined ? prefixEnd(concatBytes(CLIENTS, Uint8Array.of(SLASH)))! : concatBytes(CLIENTS, end)
    for (;;) {
      const key = firstKey(reader, from, to, reverse)
      if (key === undefined) return
      const clientKeys = key.slice(0, key.indexOf(SLASH, CLIENTS.length + 1) + 1)
      const stateKey = concatBytes(clientKeys, utf8('clientState'))
      const value = reader.get(stateKey)
      const relative = stateKey.subarray(CLIENTS.length)
      if (value !== undefined) yield [relative, value]
      if (reverse) to = clientKeys
      else from = prefixEnd(clientKeys)!
    }
  }
}

function firstKey(
  reader: KeyValueReader,
  from: Uint8Array,
  to: Uint8Array,
  reverse: boolean,
): Uint8Array | undefined {
  for (const [key] of reader.iterate(from, to, reverse)) return key
  return undefined
}
