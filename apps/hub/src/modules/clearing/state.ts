// Store `clearing`: 0x01 ‖ client ‖ 0x00 ‖ line 32 → StandbyLine; 0x02 ‖ client ‖ 0x00 ‖ BE64 sequence →
// OutgoingMessage.
import { be64, concatBytes, prefixEnd, utf8 } from '@causeway/primitives'
import { OutgoingMessage, StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'

/** Name of the store. */
export const CLEARING_STORE = 'clearing'

const STANDBY_PREFIX = Uint8Array.of(1)
const OUTGOING_PREFIX = Uint8Array.of(2)

/** A standby line, if it stands. */
export function readStandbyLine(
  store: KeyValueReader,
  client: string,
  line: Uint8Array,
): StandbyLine | undefined {
  const bytes = store.get(standbyKey(client, line))
  return bytes === undefined ? undefined : StandbyLine.decode(bytes)
}

/** Writes a standby line; one that holds nothing is deleted. */
export function writeStandbyLine(store: KeyValueStore, standby: StandbyLine): void {
  const key = standbyKey(standby.client, standby.line)
  if (standby.amount === '0') store.delete(key)
  else store.set(key, StandbyLine.encode(standby).finish())
}

/** All standby lines. */
export function standbyLines(store: KeyValueReader): StandbyLine[] {
  const entries = store.iterate(STANDBY_PREFIX, prefixEnd(STANDBY_PREFIX))
  return [...entries].map(([, value]) => StandbyLine.decode(value))
}

/** A message that this chain sent. */
export function readOutgoing(
  store: KeyValueReader,
  client: string,
  sequence: bigint,
): OutgoingMessage | undefined {
  const bytes = store.get(outgoingKey(client, sequence))
  return bytes === undefined ? undefined : OutgoingMessage.decode(bytes)
}

/** Writes a message that this chain sent. */
export function writeOutgoing(store: KeyValueStore, message: OutgoingMessage): void {
  store.set(outgoingKey(message.client, message.sequence), OutgoingMessage.encode(message).finish())
}

/** Forgets a message that was answered. */
export function deleteOutgoing(store: KeyValueStore, { client, sequence }: OutgoingMessage): void {
  store.delete(outgoingKey(client, sequence))
}

/** All messages that this chain sent and has not forgotten. */
export function outgoingMessages(store: KeyValueReader): OutgoingMessage[] {
  const entries = store.iterate(OUTGOING_PREFIX, prefixEnd(OUTGOING_PREFIX))
  return [...entries].map(([, value]) => OutgoingMessage.decode(value))
}

function standbyKey(client: string, line: Uint8Array): Uint8Array {
  return concatBytes(STANDBY_PREFIX, utf8(`${client}\0`), line)
}

function outgoingKey(client: string, sequence: bigint): Uint8Array {
  return concatBytes(OUTGOING_PREFIX, utf8(`${client}\0`), be64(sequence))
}
