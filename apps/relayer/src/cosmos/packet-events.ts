import { fromHex } from '@causeway/primitives'
import { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { PacketEvent, PacketEventType } from '../chain.ts'

/** An ABCI event as CometBFT's RPC gives it. */
export interface AbciEvent {
  readonly type: string
  readonly attributes: readonly { readonly key: string; readonly value: string }[]
}

const TYPES: ReadonlySet<string> = new Set<PacketEventType>([
  'send_packet',
  'recv_packet',
  'write_acknowledgement',
  'acknowledge_packet',
  'timeout_packet',
])
/** A packet holds at most 262,144 bytes of payloads; its hex, with some room. */
const PACKET_HEX_LENGTH_MAX = 2 * (262_144 + 16_384)

/**
 * Picks the IBC v2 packet events of a block. Events that don't parse are left out: an endpoint or another
 * module (channels v1 use the same type names) can write anything there, and the route must not stop for
 * it.
 */
export function readPacketEvents(events: readonly AbciEvent[], height: bigint): PacketEvent[] {
  return events.flatMap((event) => readPacketEvent(event, height) ?? [])
}

function readPacketEvent(event: AbciEvent, height: bigint): PacketEvent | undefined {
  if (!TYPES.has(event.type)) return undefined
  const type = event.type as PacketEventType
  const packet = decodePacket(attribute(event, 'encoded_packet_hex'))
  if (packet === undefined || packet.sequence === 0n) return undefined
  if (type !== 'write_acknowledgement') return { type, height, packet, acknowledgement: undefined }
  const acknowledgement = decodeHex(attribute(event, 'encoded_acknowledgement_hex'))
  return acknowledgement === undefined ? undefined : { type, height, packet, acknowledgement }
}

function attribute(event: AbciEvent, key: string): string | undefined {
  return event.attributes.find((one) => one.key === key)?.value
}

function decodePacket(hex: string | undefined): Packet | undefined {
  const bytes = decodeHex(hex)
  if (bytes === undefined) return undefined
  try {
    return Packet.decode(bytes)
  } catch {
    return undefined
  }
}

function decodeHex(hex: string | undefined): Uint8Array | undefined {
  if (hex === undefined || hex.length > PACKET_HEX_LENGTH_MAX) return undefined
  try {
    return fromHex(hex)
  } catch {
    return undefined
  }
}
