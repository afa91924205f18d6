import type { Packet, Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { assert } from '@causeway/primitives'
import { encodePacket as encode, encodePayload as encodeOne, readPacket } from '../generated/core.ts'
import type { Packet as PacketBytes } from '../generated/core.ts'
import { readerOf } from '../reader.ts'

/** A packet as the IDL has it; it has one payload. */
export function wirePacket({ timeoutTimestamp, payloads, ...packet }: Packet): PacketBytes {
  assert(payloads.length === 1, 'a packet has one payload')
  return { ...packet, timeoutSeconds: timeoutTimestamp, payload: payloads[0]! }
}

/** A packet as the programs read and tell it. Layout: crates/packets/src/packet.rs. */
export function encodePacket(packet: Packet): Uint8Array {
  return encode(wirePacket(packet))
}

/** A payload as the programs read it. */
export function encodePayload(payload: Payload): Uint8Array {
  return encodeOne(payload)
}

/** Reads what `encodePacket` writes, and what stands behind it. Too few bytes: a RangeError. */
export function decodePacket(bytes: Uint8Array): { packet: Packet; rest: Uint8Array } {
  const reader = readerOf(bytes)
  const { timeoutSeconds, payload, ...packet } = readPacket(reader)
  return {
    packet: { ...packet, timeoutTimestamp: timeoutSeconds, payloads: [payload] },
    rest: reader.rest(),
  }
}
