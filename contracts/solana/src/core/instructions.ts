import { SystemProgram } from '@solana/web3.js'
import type { AccountMeta, PublicKey, TransactionInstruction } from '@solana/web3.js'
import type { TreePath } from '@causeway/light-clients'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { EMPTY_BYTES, concatBytes } from '@causeway/primitives'
import { pay, programInstruction, read, write } from '../instruction.ts'
import type { BufferedMessage } from '../instruction.ts'
import { le32, longBytes, shortText } from '../wire.ts'
import { callerAddress, clientAddress, packetAddress, portAddress, rootsAddress } from './addresses.ts'
import { encodePacket } from './packet-bytes.ts'

/*
 * Instructions of programs/core that anyone may send; applications send packets by their own.
 */

/** Where a packet is judged: the light client's accounts, and the application that it is for. */
export interface PacketPlaces {
  readonly core: PublicKey
  /** Our end of the packet. */
  readonly clientId: string
  readonly lightState: PublicKey
  /** The consensus state that the proof leads to. */
  readonly consensus: PublicKey
  readonly port: string
  readonly application: PublicKey
  /** What the application takes, see there. */
  readonly accounts: readonly AccountMeta[]
}

/** Adds `client-N`: for ever, with this light client and counterparty. */
export function addClientInstruction(
  core: PublicKey,
  payer: PublicKey,
  number: number,
  client: { lightState: PublicKey; counterparty: string },
): TransactionInstruction {
  const id = `client-${number}`
  const keys = [
    pay(payer),
    write(clientAddress(core, id)),
    write(rootsAddress(core, id)),
    read(client.lightState),
    read(SystemProgram.programId),
  ]
  return programInstruction(core, 0, keys, concatBytes(le32(number), shortText(client.counterparty)))
}

/** Makes a client's root account change, so that the slot proves it. */
export function touchInstruction(core: PublicKey, clientId: string): TransactionInstruction {
  return programInstruction(core, 2, [write(rootsAddress(core, clientId))], EMPTY_BYTES)
}

/**
 * Message of `receiveInstruction`.
 * @param leaf What stands at the packet's place in the tree of receipts now, and its path there.
 * @param proof Packed (`encodeEvmProof`), that the hub sent it.
 */
export function receiveMessage(
  packet: Packet,
  leaf: Uint8Array,
  path: TreePath,
  proof: Uint8Array,
): Uint8Array {
  const present = le32(path.present)
  return concatBytes(encodePacket(packet), leaf, present, ...path.siblings, longBytes(proof))
}

/** Receives a packet of the hub. */
export function receiveInstruction(
  places: PacketPlaces,
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const { core, clientId, lightState, consensus, port } = places
  const keys = [
    read(clientAddress(core, clientId)),
    write(rootsAddress(core, clientId)),
    read(lightState),
    read(consensus),
    read(portAddress(core, port)),
    ...applicationKeys(places),
  ]
  return programInstruction(core, 4, keys, message)
}

/** Message of `acknowledgeInstruction`; the proof is packed. */
export function acknowledgeMessage(
  packet: Packet,
  acknowledgement: Uint8Array,
  proof: Uint8Array,
): Uint8Array {
  return concatBytes(encodePacket(packet), longBytes(acknowledgement), longBytes(proof))
}

/**
 * Ends a packet that the hub answered.
 * @param rentPayer Who paid for the packet's account, see `decodePending`.
 */
export function acknowledgeInstruction(
  places: PacketPlaces,
  { sequence, rentPayer }: { sequence: bigint; rentPayer: PublicKey },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  return programInstruction(places.core, 5, endKeys(places, sequence, rentPayer), message)
}

/** Message of `timeoutInstruction`; the proof is packed: that the hub has no receipt. */
export function timeoutMessage(packet: Packet, proof: Uint8Array): Uint8Array {
  return concatBytes(encodePacket(packet), longBytes(proof))
}

/** Ends a packet that the hub can't receive any more. */
export function timeoutInstruction(
  places: PacketPlaces,
  { sequence, rentPayer }: { sequence: bigint; rentPayer: PublicKey },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  return programInstruction(places.core, 6, endKeys(places, sequence, rentPayer), message)
}

/** Declares a client dead whose light client stopped 14 days ago. */
export function retireInstruction(
  core: PublicKey,
  clientId: string,
  lightState: PublicKey,
): TransactionInstruction {
  return programInstruction(core, 7, [write(clientAddress(core, clientId)), read(lightState)], EMPTY_BYTES)
}

function endKeys(places: PacketPlaces, sequence: bigint, rentPayer: PublicKey): AccountMeta[] {
  const { core, clientId, lightState, consensus, port } = places
  return [
    read(clientAddress(core, clientId)),
    read(lightState),
    read(consensus),
    write(packetAddress(core, clientId, sequence)),
    write(rentPayer),
    read(portAddress(core, port)),
    ...applicationKeys(places),
  ]
}

function applicationKeys({ core, application, accounts }: PacketPlaces): AccountMeta[] {
  return [read(application), read(callerAddress(core, application)), ...accounts]
}
