// Store `calls`:
//   0x01 ‖ account 20 ‖ BE16 subaccount ‖ client ‖ 0x00 ‖ line 32 → MarginCall
//   0x02 ‖ account 20 ‖ BE16 subaccount → Wait, while it lasts
//   0x03 ‖ account 20 ‖ BE16 subaccount → Wait: the last one that began
import { be16, concatBytes, fromBe16, prefixEnd, utf8 } from '@causeway/primitives'
import { MarginCall, Wait } from '@causeway/protocol/causeway/calls/v1/calls'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'

/** Name of the store. */
export const CALLS_STORE = 'calls'

const PREFIX = { call: Uint8Array.of(1), wait: Uint8Array.of(2), lastWait: Uint8Array.of(3) } as const

/** Names a call: its subaccount and its line. */
export type CallName = Pick<MarginCall, 'account' | 'subaccount' | 'client' | 'line'>

/** The last call of a line, until what it gave has come in. */
export function readCall(store: KeyValueReader, name: CallName): MarginCall | undefined {
  const bytes = store.get(callKey(name))
  return bytes === undefined ? undefined : MarginCall.decode(bytes)
}

/** Writes it. */
export function writeCall(store: KeyValueStore, call: MarginCall): void {
  store.set(callKey(call), MarginCall.encode(call).finish())
}

/** Forgets it. */
export function deleteCall(store: KeyValueStore, name: CallName): void {
  store.delete(callKey(name))
}

/** Calls of a subaccount, or of all; ascending by holder, client and line. */
export function callsOf(store: KeyValueReader, holder?: Holder): MarginCall[] {
  const prefix = holder === undefined ? PREFIX.call : holderKey(PREFIX.call, holder)
  return [...store.iterate(prefix, prefixEnd(prefix))].map(([, value]) => MarginCall.decode(value))
}

/** Calls of all subaccounts of an account. */
export function hasCalls(store: KeyValueReader, account: Uint8Array): boolean {
  const prefix = concatBytes(PREFIX.call, account)
  const [first] = store.iterate(prefix, prefixEnd(prefix))
  return first !== undefined
}

/** The wait that lasts. */
export function readWait(store: KeyValueReader, holder: Holder): Wait | undefined {
  return decodeWait(store.get(holderKey(PREFIX.wait, holder)))
}

/** The last wait that began. */
export function readLastWait(store: KeyValueReader, holder: Holder): Wait | undefined {
  return decodeWait(store.get(holderKey(PREFIX.lastWait, holder)))
}

/** A wait begins. */
export function beginWait(store: KeyValueStore, holder: Holder, wait: Wait): void {
  store.set(holderKey(PREFIX.wait, holder), Wait.encode(wait).finish())
  writeLastWait(store, holder, wait)
}

/** Writes the last wait that began. */
export function writeLastWait(store: KeyValueStore, holder: Holder, wait: Wait): void {
  store.set(holderKey(PREFIX.lastWait, holder), Wait.encode(wait).finish())
}

/** It ends. */
export function endWait(store: KeyValueStore, holder: Holder): void {
  store.delete(holderKey(PREFIX.wait, holder))
}

/** Waits that last, or the last ones of all; ascending by holder. */
export function waits(
  store: KeyValueReader,
  which: 'wait' | 'lastWait' = 'wait',
): (readonly [Holder, Wait])[] {
  const prefix = PREFIX[which]
  return [...store.iterate(prefix, prefixEnd(prefix))].map(
    ([key, value]) =>
      [
        { account: key.slice(1, 1 + ACCOUNT_ID_BYTES), subaccount: fromBe16(key, 1 + ACCOUNT_ID_BYTES) },
        Wait.decode(value),
      ] as const,
  )
}

function decodeWait(bytes: Uint8Array | undefined): Wait | undefined {
  return bytes === undefined ? undefined : Wait.decode(bytes)
}

function callKey({ account, subaccount, client, line }: CallName): Uint8Array {
  return concatBytes(holderKey(PREFIX.call, { account, subaccount }), utf8(`${client}\0`), line)
}

function holderKey(prefix: Uint8Array, { account, subaccount }: Holder): Uint8Array {
  return concatBytes(prefix, account, be16(subaccount))
}
