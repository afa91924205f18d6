import {
  IBC_STORE_NAME,
  NEXT_CLIENT_SEQUENCE_KEY,
  findCounterparty,
  isClientId,
  nextSequenceSendKey,
  packetCommitmentPrefix,
} from '@causeway/messaging'
import { concatBytes, fromBe64, prefixEnd } from '@causeway/primitives'
import type { KeyValueReader } from '@causeway/state-tree'
import type { ReadContext } from '../../block/context.ts'

const CLIENTS = new TextEncoder().encode('clients/')

const [COMMITMENT_MARK, RECEIPT_MARK, ACKNOWLEDGEMENT_MARK] = [1, 2, 3]
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

/**
 * All packets that were sent and not answered, also of clients that do not exist. Walks the whole store but
 * for what grows without end: clients' states, receipts and acknowledgements are passed over kind by kind.
 */
export function pendingPackets(context: ReadContext): PendingPacket[] {
  const store = context.store(IBC_STORE_NAME)
  const packets: PendingPacket[] = []
  let start: Uint8Array | undefined = new Uint8Array(0)
  while (start !== undefined) start = walk(store, start, packets)
  return packets
}

/** Goes on to the next kind of keys to pass over; where to begin again behind it, or nothing at the end. */
function walk(store: KeyValueReader, start: Uint8Array, packets: PendingPacket[]): Uint8Array | undefined {
  for (const [key] of store.iterate(start)) {
    if (startsWith(key, CLIENTS)) return prefixEnd(CLIENTS)
    const mark = key.length - SEQUENCE_BYTES - 1
    const kind = key[mark]
    if (kind !== COMMITMENT_MARK && kind !== RECEIPT_MARK && kind !== ACKNOWLEDGEMENT_MARK) continue
    const client = textOf(key.subarray(0, mark))
    if (!isClientId(client)) continue
    if (kind !== COMMITMENT_MARK) return prefixEnd(key.subarray(0, mark + 1))
    packets.push({ client, sequence: fromBe64(key, mark + 1) })
  }
  return undefined
}

/** Ids of all clients, ascending as text. */
export function clientIds(store: KeyValueReader): string[] {
  const ids: string[] = []
  let start: Uint8Array | undefined = CLIENTS
  while (start !== undefined) {
    const [first] = store.iterate(start, prefixEnd(CLIENTS))
    if (first === undefined) break
    const [key] = first
    const slash = key.indexOf(0x2f, CLIENTS.length)
    const id = textOf(key.subarray(CLIENTS.length, slash < 0 ? key.length : slash))
    if (isClientId(id)) ids.push(id)
    // A client has as many keys as headers were brought: the next one's follow behind them
    start = slash < 0 ? concatBytes(key, Uint8Array.of(0)) : prefixEnd(key.subarray(0, slash + 1))
  }
  return ids
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function startsWith(key: Uint8Array, prefix: Uint8Array): boolean {
  return key.length >= prefix.length && prefix.every((byte, i) => key[i] === byte)
}

function readSequence(store: KeyValueReader, key: Uint8Array): bigint {
  const bytes = store.get(key)
  return bytes === undefined ? 0n : fromBe64(bytes)
}
