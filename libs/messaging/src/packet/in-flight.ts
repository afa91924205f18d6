import { equalBytes } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { packetCommitment } from '../commitments/packet-commitment.ts'
import { packetCommitmentKey } from '../commitments/store-keys.ts'
import { errors } from '../errors.ts'
import type { KeyValueReader } from '../store.ts'

/**
 * Whether exactly this packet was sent from here and is still in flight. Throws `ibc/86` when another one is.
 */
export function isInFlight(reader: KeyValueReader, packet: Packet): boolean {
  const { sourceClient, sequence } = packet
  const stored = reader.get(packetCommitmentKey(sourceClient, sequence))
  if (stored === undefined) return false
  if (!equalBytes(stored, packetCommitment(packet))) {
    throw errors.commitmentMismatch({ clientId: sourceClient, sequence })
  }
  return true
}
