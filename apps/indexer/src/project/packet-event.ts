import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { toHex } from '@causeway/primitives'
import type { BlockEvent } from './block.ts'

/** A packet event as IBC v2 chains emit it, of a packet that a chain tells in another way. */
export function packetEvent(type: string, packet: Packet, more: Record<string, string> = {}): BlockEvent {
  return namedEvent(type, {
    encoded_packet_hex: toHex(Packet.encode(packet).finish()),
    packet_source_client: packet.sourceClient,
    packet_dest_client: packet.destinationClient,
    packet_sequence: String(packet.sequence),
    ...more,
  })
}

/** The events of a packet that was received and answered in the same transaction. */
export function receivedEvents(packet: Packet, appAcknowledgements: readonly Uint8Array[]): BlockEvent[] {
  const encoded = Acknowledgement.encode({ appAcknowledgements: [...appAcknowledgements] }).finish()
  return [
    packetEvent('recv_packet', packet),
    packetEvent('write_acknowledgement', packet, { encoded_acknowledgement_hex: toHex(encoded) }),
  ]
}

/** An event by its attributes. */
export function namedEvent(type: string, attributes: Record<string, string>): BlockEvent {
  return { type, attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })) }
}
