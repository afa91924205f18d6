import { be64, concatBytes, sha256, utf8 } from '@causeway/primitives'

/** What of a payload enters its commitment. */
export interface CommittedPayload {
  readonly sourcePort: string
  readonly destinationPort: string
  readonly version: string
  readonly encoding: string
  readonly value: Uint8Array
}

/** What of a packet enters its commitment: sequence and source client stand in the key instead. */
export interface CommittedPacket {
  readonly destinationClient: string
  /** Seconds. */
  readonly timeoutTimestamp: bigint
  readonly payloads: readonly CommittedPayload[]
}

/** First byte of every IBC v2 commitment preimage. */
export const PROTOCOL_VERSION = Uint8Array.of(2)

/** The 32 bytes that a sending chain stores for a packet. Spec: ibc-go v10 04-channel/v2 `CommitPacket`. */
export function packetCommitment(packet: CommittedPacket): Uint8Array {
  const payloads = concatBytes(...packet.payloads.map(payloadHash))
  return sha256(
    concatBytes(
      PROTOCOL_VERSION,
      sha256(utf8(packet.destinationClient)),
      sha256(be64(packet.timeoutTimestamp)),
      sha256(payloads),
    ),
  )
}

/** Hash of one payload: each field is hashed first, so that no field can run into the next. */
export function payloadHash(payload: CommittedPayload): Uint8Array {
  return sha256(
    concatBytes(
      sha256(utf8(payload.sourcePort)),
      sha256(utf8(payload.destinationPort)),
      sha256(utf8(payload.version)),
      sha256(utf8(payload.encoding)),
      sha256(payload.value),
    ),
  )
}
