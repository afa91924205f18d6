/* eslint-disable @nx/enforce-module-boundaries -- the hub that the programs are tested with, not a second */
import { sha256, utf8 } from '@causeway/primitives'
import type { AttestationHeader, AttestationMessage } from '@causeway/light-clients'
import { packetCommitment, packetCommitmentKey } from '@causeway/messaging'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import {
  commitIbc,
  exampleSet,
  exampleStores,
  packedProofs,
  signHeader,
} from '../../../contracts/solana/test/example-hub.fixture.ts'

/** A hub with real stores and proofs, whose attestors sign what they are asked to. */
export interface AttestedHub {
  /** What a client of it begins with. */
  readonly trusted: AttestationMessage
  readonly setHash: Uint8Array
  /** Writes packets into the store in the next height, and attests it as of `timeSeconds`. */
  sendPackets(packets: readonly Packet[], timeSeconds: bigint): AttestationHeader
  /** The newest header again, signed by too few. */
  undersigned(): AttestationHeader
  /** Packed proof that a packet was sent, at the newest height. */
  prove(packet: Packet): Uint8Array
}

const ATTESTORS = 4
/** Of four equal ones two are not two thirds. */
const TOO_MANY_ABSENT = [1, 3]
const OTHER_PACKETS = 500n

/** A hub whose first attested time this is. */
export function startAttestedHub(timeSeconds: bigint): AttestedHub {
  const set = exampleSet('a hub beside a real validator', ATTESTORS)
  const stores = exampleStores()
  const others = Array.from({ length: Number(OTHER_PACKETS) }, (_, i): [Uint8Array, Uint8Array] => [
    packetCommitmentKey('client-9', BigInt(i + 1)),
    sha256(utf8(`packet ${i}`)),
  ])
  let version = 1n
  let newest = messageAt(version, timeSeconds, commitIbc(stores, version, others))
  const trusted = newest
  // An app hash stands in the header after the block that it is of
  function messageAt(of: bigint, seconds: bigint, appHash: Uint8Array): AttestationMessage {
    return { chainId: 'causeway-1', height: of + 1n, timeSeconds: seconds, appHash, nextSetHash: set.setHash }
  }
  return {
    trusted,
    setHash: set.setHash,
    sendPackets(packets, seconds) {
      version += 1n
      const entries = packets.map((packet): [Uint8Array, Uint8Array] => [
        packetCommitmentKey(packet.sourceClient, packet.sequence),
        packetCommitment(packet),
      ])
      newest = messageAt(version, seconds, commitIbc(stores, version, entries))
      return signHeader(set, newest)
    },
    undersigned: () => signHeader(set, newest, TOO_MANY_ABSENT),
    prove: (packet) => packedProofs(stores, [packetCommitmentKey(packet.sourceClient, packet.sequence)])[0]!,
  }
}
