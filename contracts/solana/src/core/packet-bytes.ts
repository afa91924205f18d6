import type { Packet, Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { assert } from '@causeway/primitives'
import { encodePacket as encode, encodePayload as encodeOne } from '../generated/core.ts'
import type { Packet as PacketBytes } from '../generated/core.ts'

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

/** A packet of the IDL as the rest of the repository has it. */
export function ibcPacket({ timeoutSeconds, payload, ...packet }: PacketBytes): Packet {
  return { ...packet, timeoutTimestamp: timeoutSeconds, payloads: [payload] }
}
