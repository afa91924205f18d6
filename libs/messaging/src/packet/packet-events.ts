import { toHex } from '@causeway/primitives'
import { Acknowledgement, Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Event, EventAttribute } from '../context.ts'

const MODULE: Event = { type: 'message', attributes: [{ key: 'module', value: 'ibc_channelv2' }] }
const REFUSAL_PREFIX = 'ibccallbackerror-'

/** The steps of a packet's life that stock relayers watch. */
export type PacketEventType = 'send_packet' | 'recv_packet' | 'acknowledge_packet' | 'timeout_packet'

/** Spec: ibc-go v10 04-channel/v2 `keeper/events.go`. */
export function packetEvents(type: PacketEventType, packet: Packet): Event[] {
  return [{ type, attributes: packetAttributes(packet) }, MODULE]
}

/** Spec: ibc-go v10 04-channel/v2 `write_acknowledgement`. */
export function writeAcknowledgementEvents(packet: Packet, appAcknowledgements: Uint8Array[]): Event[] {
  const encoded = toHex(Acknowledgement.encode({ appAcknowledgements }).finish())
  const attributes = [...packetAttributes(packet), { key: 'encoded_acknowledgement_hex', value: encoded }]
  return [{ type: 'write_acknowledgement', attributes }, MODULE]
}

/**
 * Marks an application's events as those of a refused payload, as ibc-go does with what its callback emitted.
 */
export function refusalEvents(events: readonly Event[]): Event[] {
  return events.map(({ type, attributes }) => ({
    type: REFUSAL_PREFIX + type,
    attributes: attributes.map(({ key, value }) => ({ key: REFUSAL_PREFIX + key, value })),
  }))
}

function packetAttributes(packet: Packet): EventAttribute[] {
  return [
    { key: 'packet_source_client', value: packet.sourceClient },
    { key: 'packet_dest_client', value: packet.destinationClient },
    { key: 'packet_sequence', value: packet.sequence.toString() },
    { key: 'packet_timeout_timestamp', value: packet.timeoutTimestamp.toString() },
    { key: 'encoded_packet_hex', value: toHex(Packet.encode(packet).finish()) },
  ]
}
