import type { AccountMeta, PublicKey, TransactionInstruction } from '@solana/web3.js'
import type { TreePath } from '@causeway/light-clients'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { concatBytes } from '@causeway/primitives'
import * as core from '../generated/core.ts'
import type { BufferedMessage } from '../instruction.ts'
import { longBytes } from '../wire.ts'
import { wirePacket } from './packet-bytes.ts'

/*
 * Instructions of programs/core that anyone may send; applications send packets by their own. Accounts and
 * bytes: idl/core.json.
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
  program: PublicKey,
  payer: PublicKey,
  number: number,
  { lightState, counterparty }: { lightState: PublicKey; counterparty: string },
): TransactionInstruction {
  const inputs = { payer, lightState, clientId: `client-${number}` }
  return core.addClientInstruction(program, inputs, core.encodeAddClientMessage({ number, counterparty }))
}

/** Makes a client's root account change, so that the slot proves it. */
export function touchInstruction(program: PublicKey, clientId: string): TransactionInstruction {
  return core.touchInstruction(program, { clientId })
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
  const siblingsAndProof = concatBytes(...path.siblings, longBytes(proof))
  const { present } = path
  return core.encodeReceiveMessage({ packet: wirePacket(packet), leaf, present, siblingsAndProof })
}

/** Receives a packet of the hub. */
export function receiveInstruction(
  places: PacketPlaces,
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  return core.receiveInstruction(places.core, inputsOf(places), message)
}

/** Message of `acknowledgeInstruction`; the proof is packed. */
export function acknowledgeMessage(
  packet: Packet,
  acknowledgement: Uint8Array,
  proof: Uint8Array,
): Uint8Array {
  return core.encodeAcknowledgeMessage({ packet: wirePacket(packet), acknowledgement, proof })
}

/**
 * Ends a packet that the hub answered.
 * @param ending Who paid for the packet's account: see `decodePending`.
 */
export function acknowledgeInstruction(
  places: PacketPlaces,
  ending: { sequence: bigint; rentPayer: PublicKey },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  return core.acknowledgeInstruction(places.core, { ...inputsOf(places), ...ending }, message)
}

/** Message of `timeoutInstruction`; the proof is packed: that the hub has no receipt. */
export function timeoutMessage(packet: Packet, proof: Uint8Array): Uint8Array {
  return core.encodeTimeoutMessage({ packet: wirePacket(packet), proof })
}

/** Ends a packet that the hub can't receive any more. */
export function timeoutInstruction(
  places: PacketPlaces,
  ending: { sequence: bigint; rentPayer: PublicKey },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  return core.timeoutInstruction(places.core, { ...inputsOf(places), ...ending }, message)
}

/** Declares a client dead whose light client stopped 14 days ago. */
export function retireInstruction(
  program: PublicKey,
  clientId: string,
  lightState: PublicKey,
): TransactionInstruction {
  return core.retireInstruction(program, { clientId, lightState })
}

function inputsOf({ port, accounts, ...places }: PacketPlaces) {
  return { ...places, portName: port, others: accounts }
}
