// Store `transfer`: 0x03 ‖ SHA-256(path) → path (libs/messaging); 0x04 ‖ client ‖ 0x00 ‖ BE64 sequence ‖ BE64
// payload index → BE64 line (0 = native) ‖ amount, for each transfer that went out and has not been answered.
import { assert, be64, concatBytes, fromBe64, fromUtf8, prefixEnd, toHex, utf8 } from '@causeway/primitives'
import type { Page } from '@causeway/messaging'
import type { PageRequest } from '@causeway/protocol/cosmos/base/query/v1beta1/pagination'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { pageBelow } from '../../query/page.ts'

/** Name of the store. */
export const TRANSFER_STORE = 'transfer'

/** Where a payload stands: our client, the packet, the payload. */
export interface PayloadId {
  readonly client: string
  readonly sequence: bigint
  readonly payloadIndex: number
}

/** A transfer under way: how much of which line, 0 for a native token. */
export interface OutgoingTransfer {
  readonly line: bigint
  readonly amount: bigint
}

// As libs/messaging keeps paths.
const DENOMINATION_PREFIX = Uint8Array.of(3)
const OUTGOING_PREFIX = Uint8Array.of(4)

/** Remembers a transfer that goes out. */
export function writeOutgoing(store: KeyValueStore, id: PayloadId, { line, amount }: OutgoingTransfer): void {
  const key = outgoingKey(id)
  assert(!store.has(key), 'a payload goes out once')
  store.set(key, concatBytes(be64(line), utf8(amount.toString())))
}

/** Whether a transfer is under way. */
export function hasOutgoing(store: KeyValueReader, id: PayloadId): boolean {
  return store.has(outgoingKey(id))
}

/** Takes the record of a transfer that was answered: each ends once. */
export function takeOutgoing(store: KeyValueStore, id: PayloadId): OutgoingTransfer {
  const key = outgoingKey(id)
  const bytes = store.get(key)
  assert(bytes !== undefined, `${id.client}/${id.sequence}/${id.payloadIndex} is under way`)
  store.delete(key)
  return decodeOutgoing(bytes)
}

/** All transfers under way. */
export function* outgoing(store: KeyValueReader): Iterable<[PayloadId, OutgoingTransfer]> {
  for (const [key, value] of store.iterate(OUTGOING_PREFIX, prefixEnd(OUTGOING_PREFIX))) {
    const end = key.indexOf(0, 1)
    const client = fromUtf8(key.subarray(1, end))
    const id = { client, sequence: fromBe64(key, end + 1), payloadIndex: Number(fromBe64(key, end + 9)) }
    yield [id, decodeOutgoing(value)]
  }
}

/** Full paths of all tokens that came in, ascending by hash. */
export function denominationPaths(store: KeyValueReader): string[] {
  const entries = store.iterate(DENOMINATION_PREFIX, prefixEnd(DENOMINATION_PREFIX))
  return [...entries].map(([, value]) => fromUtf8(value))
}

/** One page of these paths. */
export function denominationPathsPage(store: KeyValueReader, request: PageRequest | undefined): Page<string> {
  const { items, pagination } = pageBelow(store, DENOMINATION_PREFIX, request)
  return { items: items.map(([, value]) => fromUtf8(value)), pagination }
}

/** A payload as text, to compare and to tell. */
export function payloadText({ client, sequence, payloadIndex }: PayloadId): string {
  return `${client}/${sequence}/${payloadIndex}`
}

function decodeOutgoing(bytes: Uint8Array): OutgoingTransfer {
  assert(bytes.length > 8, `a transfer under way is recorded whole: ${toHex(bytes)}`)
  return { line: fromBe64(bytes), amount: BigInt(fromUtf8(bytes.subarray(8))) }
}

function outgoingKey({ client, sequence, payloadIndex }: PayloadId): Uint8Array {
  return concatBytes(
    OUTGOING_PREFIX,
    utf8(client),
    Uint8Array.of(0),
    be64(sequence),
    be64(BigInt(payloadIndex)),
  )
}
