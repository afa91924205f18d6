import { packetAcknowledgementKey, packetCommitmentKey, packetReceiptKey } from '@causeway/messaging'
import { bytesToHex, concatHex, keccak256 } from 'viem'
import type { Hex } from 'viem'

import type { Work } from '../plan/work.ts'

/**
 * ERC-7201 slot of the contract's mapping of commitments. Source: solidity-ibc-eureka
 * `IBCStoreUpgradeable`.
 */
export const COMMITMENT_SLOT: Hex = '0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600'

/** The storage slot of a path's commitment. */
export function commitmentSlotOf(path: Uint8Array): Hex {
  return keccak256(concatHex([keccak256(path), COMMITMENT_SLOT]))
}

/** The path on the proving chain that a message proves something about. */
export function provenPath({ kind, packet }: Pick<Work, 'kind' | 'packet'>): Uint8Array {
  const { sourceClient, destinationClient, sequence } = packet
  if (kind === 'recv') return packetCommitmentKey(sourceClient, sequence)
  if (kind === 'ack') return packetAcknowledgementKey(destinationClient, sequence)
  return packetReceiptKey(destinationClient, sequence)
}

/** The path on the receiving chain that tells whether a message has arrived, and what it then holds. */
export function arrivalPath({ kind, packet }: Pick<Work, 'kind' | 'packet'>): {
  readonly path: Uint8Array
  readonly hasArrivedWhen: 'present' | 'absent'
} {
  const { sourceClient, destinationClient, sequence } = packet
  if (kind === 'recv')
    return { path: packetReceiptKey(destinationClient, sequence), hasArrivedWhen: 'present' }
  return { path: packetCommitmentKey(sourceClient, sequence), hasArrivedWhen: 'absent' }
}

/** Bytes as viem takes them. */
export function asHex(bytes: Uint8Array): Hex {
  return bytesToHex(bytes)
}
