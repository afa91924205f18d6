import { IBC_STORE_NAME, isClientId, nextSequenceSendKey, packetCommitmentPrefix } from '@causeway/messaging'
import { fromBe64, prefixEnd } from '@causeway/primitives'
import type { KeyValueReader } from '@causeway/state-tree'
import type { ReadContext } from '../../block/context.ts'

const CLIENTS = new TextEncoder().encode('clients/')

/**
 * What must hold of packets: a commitment has 32 bytes and a sequence that was given out; a counterparty has
 * a next sequence.
 */
export function invariants(context: ReadContext): readonly string[] {
  const store = context.store(IBC_STORE_NAME)
  const broken: string[] = []
  for (const clientId of clientIds(store)) {
    const next = store.get(nextSequenceSendKey(clientId))
    const nextSequence = next === undefined ? 0n : fromBe64(next)
    const prefix = packetCommitmentPrefix(clientId)
    for (const [key, value] of store.iterate(prefix, prefixEnd(prefix))) {
      const sequence = fromBe64(key, prefix.length)
      if (value.length !== 32)
        broken.push(`ibc: commitment ${sequence} of ${clientId} has ${value.length} bytes`)
      if (sequence === 0n || sequence >= nextSequence) {
        broken.push(`ibc: commitment ${sequence} of ${clientId}, whose next sequence is ${nextSequence}`)
      }
    }
  }
  return broken
}

/** Ids of all clients, ascending as text. */
export function clientIds(store: KeyValueReader): string[] {
  const ids = new Set<string>()
  for (const [key] of store.iterate(CLIENTS, prefixEnd(CLIENTS))) {
    const end = key.indexOf(0x2f, CLIENTS.length)
    const id = new TextDecoder().decode(key.subarray(CLIENTS.length, end))
    if (isClientId(id)) ids.add(id)
  }
  return [...ids]
}
