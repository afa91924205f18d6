import { be64, concatBytes, utf8 } from '@causeway/primitives'

/**
 * Everything here lies in the store `ibc`, at the keys that stock clients of other chains prove. Spec: ibc-go
 * v10 24-host/v2.
 */
export const IBC_STORE_NAME = 'ibc'

/** What a receipt holds; only its absence is ever proven. */
export const RECEIPT_VALUE: Uint8Array = Uint8Array.of(2)

/** sourceClientId ‖ 0x01 ‖ BE64(sequence) → commitment of a packet in flight. */
export function packetCommitmentKey(sourceClient: string, sequence: bigint): Uint8Array {
  return concatBytes(packetCommitmentPrefix(sourceClient), be64(sequence))
}

/** destinationClientId ‖ 0x02 ‖ BE64(sequence) → receipt of a received packet. */
export function packetReceiptKey(destinationClient: string, sequence: bigint): Uint8Array {
  return concatBytes(utf8(destinationClient), Uint8Array.of(2), be64(sequence))
}

/** destinationClientId ‖ 0x03 ‖ BE64(sequence) → commitment of the acknowledgement. */
export function packetAcknowledgementKey(destinationClient: string, sequence: bigint): Uint8Array {
  return concatBytes(packetAcknowledgementPrefix(destinationClient), be64(sequence))
}

/** Prefix of all commitments of packets sent over one client. */
export function packetCommitmentPrefix(sourceClient: string): Uint8Array {
  return concatBytes(utf8(sourceClient), Uint8Array.of(1))
}

/** Prefix of all acknowledgements written for one client. */
export function packetAcknowledgementPrefix(destinationClient: string): Uint8Array {
  return concatBytes(utf8(destinationClient), Uint8Array.of(3))
}

/** `nextSequenceSend/{clientId}` → BE64 of the sequence of the next packet. */
export function nextSequenceSendKey(clientId: string): Uint8Array {
  return utf8(`nextSequenceSend/${clientId}`)
}

/** → BE64 of the number of the next client, one counter for all types; absent before the first. */
export const NEXT_CLIENT_SEQUENCE_KEY: Uint8Array = utf8('nextClientSequence')

/** `clients/{clientId}/`: the prefix of one client's own key space. */
export function clientPrefix(clientId: string): Uint8Array {
  return utf8(`clients/${clientId}/`)
}
