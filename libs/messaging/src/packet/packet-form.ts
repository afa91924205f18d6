import type { Packet, Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Height } from '@causeway/protocol/ibc/core/client/v1/client'
import { errors } from '../errors.ts'
import { requireClientId, requirePortId } from '../identifiers.ts'

/** Values of all payloads of a packet, in bytes. */
export const PAYLOAD_BYTES_MAX = 262_144
/** Payloads of a packet. ibc-go and Eureka send one; the bound keeps hashing and overlays cheap. */
export const PAYLOADS_MAX = 32
/** Version and encoding of a payload, in UTF-16 units each. */
export const PAYLOAD_LABEL_MAX = 256
/** A proof, in bytes, before anything decodes it. */
export const PROOF_BYTES_MAX = 1_048_576

/** A packet that someone claims to prove, with everything there. */
export interface ProvenPacket {
  readonly packet: Packet
  readonly proof: Uint8Array
  readonly proofHeight: Height
}

/** What the three proving messages share. */
export interface ProvingMessage {
  readonly packet: Packet | undefined
  readonly proof: Uint8Array
  readonly proofHeight: Height | undefined
  readonly signer: string
}

/** Judges the form of a proving message without looking at state. Throws `ibc/1` – `ibc/39`. */
export function requireProvenPacket(message: ProvingMessage): ProvenPacket {
  const { packet, proof, proofHeight, signer } = message
  if (packet === undefined) throw errors.missingField({ field: 'packet' })
  if (proofHeight === undefined) throw errors.missingField({ field: 'proof_height' })
  if (signer === '') throw errors.blankSigner()
  if (proof.length === 0) throw errors.emptyProof()
  if (proof.length > PROOF_BYTES_MAX)
    throw errors.oversizeProof({ bytes: proof.length, max: PROOF_BYTES_MAX })
  requirePacketForm(packet)
  return { packet, proof, proofHeight }
}

/**
 * Judges the form of a packet. Throws `ibc/1`, `ibc/2`, `ibc/20` – `ibc/29`. Spec: ibc-go v10
 * `Packet.ValidateBasic`.
 */
export function requirePacketForm(packet: Packet): void {
  if (packet.sequence === 0n) throw errors.zeroSequence()
  if (packet.timeoutTimestamp === 0n) throw errors.zeroTimeout()
  requireClientId(packet.sourceClient)
  requireClientId(packet.destinationClient)
  requirePayloads(packet.payloads)
}

/** Judges the payloads of a packet. Throws `ibc/2`, `ibc/21`, `ibc/22`, `ibc/24` – `ibc/27`, `ibc/29`. */
export function requirePayloads(payloads: readonly Payload[]): void {
  if (payloads.length === 0) throw errors.noPayloads()
  if (payloads.length > PAYLOADS_MAX)
    throw errors.tooManyPayloads({ count: payloads.length, max: PAYLOADS_MAX })
  const bytes = payloads.reduce((sum, payload) => sum + payload.value.length, 0)
  if (bytes > PAYLOAD_BYTES_MAX) throw errors.oversizePayloads({ bytes, max: PAYLOAD_BYTES_MAX })
  for (const payload of payloads) requirePayload(payload)
}

function requirePayload(payload: Payload): void {
  requirePortId(payload.sourcePort)
  requirePortId(payload.destinationPort)
  if (payload.version.length > PAYLOAD_LABEL_MAX || payload.encoding.length > PAYLOAD_LABEL_MAX) {
    throw errors.oversizePayloadLabel({ max: PAYLOAD_LABEL_MAX })
  }
  if (payload.version.trim() === '') throw errors.blankVersion()
  if (payload.encoding.trim() === '') throw errors.blankEncoding()
  if (payload.value.length === 0) throw errors.emptyValue()
}
