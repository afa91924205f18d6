// Store `clearing`: 0x01 ‖ client ‖ 0x00 ‖ line 32 → StandbyLine; 0x02 ‖ client ‖ 0x00 ‖ BE64 sequence →
// OutgoingMessage; 0x03 ‖ account 20 ‖ BE16 subaccount → StandbyLineNames.
import { be16, be64, compareBytes, concatBytes, fromBe16, prefixEnd, utf8 } from '@causeway/primitives'
import {
  OutgoingMessage,
  StandbyLine,
  StandbyLineNames,
} from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { StandbyLineName } from '@causeway/protocol/causeway/clearing/v1/clearing'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { Holder } from '../../identifiers.ts'

/** Name of the store. */
export const CLEARING_STORE = 'clearing'

const STANDBY_PREFIX = Uint8Array.of(1)
const OUTGOING_PREFIX = Uint8Array.of(2)
const HOLDER_PREFIX = Uint8Array.of(3)

/** A standby line, if it stands. */
export function readStandbyLine(
  store: KeyValueReader,
  client: string,
  line: Uint8Array,
): StandbyLine | undefined {
  const bytes = store.get(standbyKey(client, line))
  return bytes === undefined ? undefined : StandbyLine.decode(bytes)
}

/** Writes a standby line. */
export function writeStandbyLine(store: KeyValueStore, standby: StandbyLine): void {
  store.set(standbyKey(standby.client, standby.line), StandbyLine.encode(standby).finish())
}

/** Forgets one. */
export function deleteStandbyLine(store: KeyValueStore, { client, line }: StandbyLineName): void {
  store.delete(standbyKey(client, line))
}

/** All standby lines. */
export function standbyLines(store: KeyValueReader): StandbyLine[] {
  const entries = store.iterate(STANDBY_PREFIX, prefixEnd(STANDBY_PREFIX))
  return [...entries].map(([, value]) => StandbyLine.decode(value))
}

/** The names of a subaccount's lines that are locked or called. */
export function readNames(store: KeyValueReader, holder: Holder): readonly StandbyLineName[] {
  const bytes = store.get(holderKey(holder))
  return bytes === undefined ? [] : StandbyLineNames.decode(bytes).names
}

/** Writes them, ascending by client and line. */
export function writeNames(store: KeyValueStore, holder: Holder, names: readonly StandbyLineName[]): void {
  const sorted = [...names].sort(
    (a, b) => compareBytes(utf8(a.client), utf8(b.client)) || compareBytes(a.line, b.line),
  )
  if (sorted.length > 0) store.set(holderKey(holder), StandbyLineNames.encode({ names: sorted }).finish())
  else if (store.has(holderKey(holder))) store.delete(holderKey(holder))
}

/** The subaccounts of an account that have lines. */
export function subaccountsWithLines(store: KeyValueReader, account: Uint8Array): number[] {
  const prefix = concatBytes(HOLDER_PREFIX, account)
  return [...store.iterate(prefix, prefixEnd(prefix))].map(([key]) => fromBe16(key, prefix.length))
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

function holderKey({ account, subaccount }: Holder): Uint8Array {
  return concatBytes(HOLDER_PREFIX, account, be16(subaccount))
}

function outgoingKey(client: string, sequence: bigint): Uint8Array {
  return concatBytes(OUTGOING_PREFIX, utf8(`${client}\0`), be64(sequence))
}
