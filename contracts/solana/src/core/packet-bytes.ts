import type { Packet, Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { assert, concatBytes, fromUtf8, le64 } from '@causeway/primitives'
import { longBytes, shortText } from '../wire.ts'

/** A packet as the programs read and tell it; it has one payload. Layout: crates/packets/src/packet.rs. */
export function encodePacket(packet: Packet): Uint8Array {
  assert(packet.payloads.length === 1, 'a packet has one payload')
  return concatBytes(
    le64(packet.sequence),
    shortText(packet.sourceClient),
    shortText(packet.destinationClient),
    le64(packet.timeoutTimestamp),
    encodePayload(packet.payloads[0]!),
  )
}

/** A payload as the programs read it. */
export function encodePayload(payload: Payload): Uint8Array {
  const { sourcePort, destinationPort, version, encoding, value } = payload
  const texts = [sourcePort, destinationPort, version, encoding].map(shortText)
  return concatBytes(...texts, longBytes(value))
}

/** Reads what `encodePacket` writes, as it stands in the log of a program that is trusted to write it. */
export function decodePacket(bytes: Uint8Array): Packet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const take = (length: number) => bytes.slice(at, (at += length))
  const u64 = () => view.getBigUint64((at += 8) - 8, true)
  const text = () => fromUtf8(take(view.getUint8(at++)))
  const value = () => take(view.getUint16((at += 2) - 2, true))
  return {
    sequence: u64(),
    sourceClient: text(),
    destinationClient: text(),
    timeoutTimestamp: u64(),
    payloads: [
      { sourcePort: text(), destinationPort: text(), version: text(), encoding: text(), value: value() },
    ],
  }
}
