// Store `preview`:
//   0x01 ‖ client ‖ 0x00 ‖ BE64 sequence → PendingCredit
//   0x02 ‖ account 20 ‖ BE16 subaccount ‖ BE64 line ‖ client ‖ 0x00 ‖ BE64 sequence → 0x01
//   0x03 ‖ BE64 line → Σ value of its pending credits, decimal micro-cash
//   0x04 ‖ BE64 expiry in seconds ‖ client ‖ 0x00 ‖ BE64 sequence → 0x01
//   0x05 → Params
import { assert, be16, be64, concatBytes, fromBe64, fromUtf8, prefixEnd, utf8 } from '@causeway/primitives'
import { Params, PendingCredit } from '@causeway/protocol/causeway/preview/v1/preview'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { Holder } from '../../identifiers.ts'

/** Name of the store. */
export const PREVIEW_STORE = 'preview'

const PREFIX = {
  credit: Uint8Array.of(1),
  holder: Uint8Array.of(2),
  line: Uint8Array.of(3),
  expiry: Uint8Array.of(4),
  params: Uint8Array.of(5),
} as const
const PRESENT = Uint8Array.of(1)
const EXPIRY_BYTES = 8

/** A packet by our client and its sequence. */
export type PacketName = Pick<PendingCredit, 'client' | 'sequence'>

/** The pending credit of a packet. */
export function readCredit(store: KeyValueReader, packet: PacketName): PendingCredit | undefined {
  const bytes = store.get(creditKey(packet))
  return bytes === undefined ? undefined : PendingCredit.decode(bytes)
}

/** Writes a pending credit with all that leads to it. There is none of this packet. */
export function addCredit(store: KeyValueStore, credit: PendingCredit): void {
  assert(!store.has(creditKey(credit)), 'a packet is pending once')
  store.set(creditKey(credit), PendingCredit.encode(credit).finish())
  store.set(holderKey(credit), PRESENT)
  store.set(expiryKey(credit), PRESENT)
  writeLineValue(store, credit.line, readLineValue(store, credit.line) + BigInt(credit.valueE6))
}

/** Removes a pending credit with all that leads to it. */
export function removeCredit(store: KeyValueStore, credit: PendingCredit): void {
  store.delete(creditKey(credit))
  store.delete(holderKey(credit))
  store.delete(expiryKey(credit))
  writeLineValue(store, credit.line, readLineValue(store, credit.line) - BigInt(credit.valueE6))
}

/** Σ value of a line's pending credits, micro-cash. */
export function readLineValue(store: KeyValueReader, line: bigint): bigint {
  const bytes = store.get(lineKey(line))
  return bytes === undefined ? 0n : BigInt(fromUtf8(bytes))
}

/** Pending credits of a subaccount, ascending by line, client and sequence; also those that have expired. */
export function* creditsOf(store: KeyValueReader, { account, subaccount }: Holder): Iterable<PendingCredit> {
  const prefix = concatBytes(PREFIX.holder, account, be16(subaccount))
  for (const [key] of store.iterate(prefix, prefixEnd(prefix))) {
    yield requireCredit(store, key.subarray(prefix.length + EXPIRY_BYTES))
  }
}

/** Pending credits that expire at a time or before, first those that did first. */
export function* creditsUntil(store: KeyValueReader, timeSeconds: bigint): Iterable<PendingCredit> {
  const end = concatBytes(PREFIX.expiry, be64(timeSeconds + 1n))
  for (const [key] of store.iterate(PREFIX.expiry, end))
    yield requireCredit(store, key.subarray(1 + EXPIRY_BYTES))
}

/** All pending credits. */
export function credits(store: KeyValueReader): PendingCredit[] {
  const entries = store.iterate(PREFIX.credit, prefixEnd(PREFIX.credit))
  return [...entries].map(([, value]) => PendingCredit.decode(value))
}

/** Lines with a sum, and the sums. */
export function lineValues(store: KeyValueReader): [line: bigint, valueE6: bigint][] {
  const entries = store.iterate(PREFIX.line, prefixEnd(PREFIX.line))
  return [...entries].map(([key, value]) => [fromBe64(key, 1), BigInt(fromUtf8(value))])
}

/** The parameters. */
export function readParams(store: KeyValueReader): Params {
  const bytes = store.get(PREFIX.params)
  assert(bytes !== undefined, 'genesis wrote the parameters')
  return Params.decode(bytes)
}

/** Writes the parameters. */
export function writeParams(store: KeyValueStore, params: Params): void {
  store.set(PREFIX.params, Params.encode(params).finish())
}

function requireCredit(store: KeyValueReader, packetKey: Uint8Array): PendingCredit {
  const bytes = store.get(concatBytes(PREFIX.credit, packetKey))
  assert(bytes !== undefined, 'what leads to a pending credit goes with it')
  return PendingCredit.decode(bytes)
}

function writeLineValue(store: KeyValueStore, line: bigint, valueE6: bigint): void {
  assert(valueE6 >= 0n, 'a sum is of what is pending')
  if (valueE6 === 0n) store.delete(lineKey(line))
  else store.set(lineKey(line), utf8(valueE6.toString()))
}

function lineKey(line: bigint): Uint8Array {
  return concatBytes(PREFIX.line, be64(line))
}

function creditKey(packet: PacketName): Uint8Array {
  return concatBytes(PREFIX.credit, packetBytes(packet))
}

function holderKey(credit: PendingCredit): Uint8Array {
  const { account, subaccount, line } = credit
  return concatBytes(PREFIX.holder, account, be16(subaccount), be64(line), packetBytes(credit))
}

function expiryKey(credit: PendingCredit): Uint8Array {
  return concatBytes(PREFIX.expiry, be64(credit.expiresSeconds), packetBytes(credit))
}

function packetBytes({ client, sequence }: PacketName): Uint8Array {
  return concatBytes(utf8(`${client}\0`), be64(sequence))
}
