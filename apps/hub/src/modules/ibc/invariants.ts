import {
  IBC_STORE_NAME,
  NEXT_CLIENT_SEQUENCE_KEY,
  findCounterparty,
  isClientId,
  nextSequenceSendKey,
  packetCommitmentPrefix,
} from '@causeway/messaging'
import { fromBe64, prefixEnd } from '@causeway/primitives'
import type { KeyValueReader } from '@causeway/state-tree'
import type { ReadContext } from '../../block/context.ts'

const CLIENTS = new TextEncoder().encode('clients/')

const COMMITMENT_MARK = 1
const SEQUENCE_BYTES = 8

/** A packet that was sent and not answered. */
export interface PendingPacket {
  readonly client: string
  readonly sequence: bigint
}

/**
 * What must hold: a client's number was given out; a counterparty has a next sequence; a commitment has 32
 * bytes and a sequence that was given out.
 */
export function invariants(context: ReadContext): readonly string[] {
  const store = context.store(IBC_STORE_NAME)
  const broken: string[] = []
  const nextNumber = readSequence(store, NEXT_CLIENT_SEQUENCE_KEY)
  for (const clientId of clientIds(store)) {
    if (BigInt(clientId.slice(clientId.lastIndexOf('-') + 1)) >= nextNumber)
      broken.push(`ibc: the next client is number ${nextNumber}, there is a ${clientId}`)
    const nextSequence = readSequence(store, nextSequenceSendKey(clientId))
    if (findCounterparty(store, clientId) !== undefined && nextSequence === 0n)
      broken.push(`ibc: ${clientId} has a counterparty and no next sequence`)
    const prefix = packetCommitmentPrefix(clientId)
    for (const [key, commitment] of store.iterate(prefix, prefixEnd(prefix))) {
      const sequence = fromBe64(key, prefix.length)
      if (commitment.length !== 32)
        broken.push(`ibc: commitment ${sequence} of ${clientId} has ${commitment.length} bytes`)
      if (sequence === 0n || sequence >= nextSequence) {
        broken.push(`ibc: commitment ${sequence} of ${clientId}, whose next sequence is ${nextSequence}`)
      }
    }
  }
  return broken
}

/** All packets that were sent and not answered, also of clients that do not exist. Walks the whole store. */
export function pendingPackets(context: ReadContext): PendingPacket[] {
  const packets: PendingPacket[] = []
  for (const [key] of context.store(IBC_STORE_NAME).iterate()) {
    const mark = key.length - SEQUENCE_BYTES - 1
    if (mark < 0 || key[mark] !== COMMITMENT_MARK) continue
    const client = new TextDecoder().decode(key.subarray(0, mark))
    if (isClientId(client)) packets.push({ client, sequence: fromBe64(key, mark + 1) })
  }
  return packets
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

function readSequence(store: KeyValueReader, key: Uint8Array): bigint {
  const bytes = store.get(key)
  return bytes === undefined ? 0n : fromBe64(bytes)
}
