import type { Any } from '@causeway/protocol/google/protobuf/any'
import { Acknowledgement } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { MsgAcknowledgement, MsgRecvPacket, MsgTimeout } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { MsgCreateClient, MsgUpdateClient } from '@causeway/protocol/ibc/core/client/v1/tx'
import { MsgRegisterCounterparty } from '@causeway/protocol/ibc/core/client/v2/tx'
import type { ClientSeed, Counterparty, ProvenWork } from '../chain.ts'

/** Packet messages in the order of the proven works. */
export function packetMessages(works: readonly ProvenWork[], signer: string): Any[] {
  return works.map((proven) => packetMessage(proven, signer))
}

/** One `MsgUpdateClient` per client message. */
export function updateClients(clientId: string, clientMessages: readonly Any[], signer: string): Any[] {
  return clientMessages.map((message) => updateClient(clientId, message, signer))
}

/** `MsgCreateClient`. */
export function createClient(seed: ClientSeed, signer: string): Any {
  const value = MsgCreateClient.encode({ ...seed, signer }).finish()
  return { typeUrl: '/ibc.core.client.v1.MsgCreateClient', value }
}

/** `MsgRegisterCounterparty`: once, and only by the client's creator. */
export function registerCounterparty(clientId: string, counterparty: Counterparty, signer: string): Any {
  const value = MsgRegisterCounterparty.encode({
    clientId,
    counterpartyMerklePrefix: [...counterparty.merklePrefix],
    counterpartyClientId: counterparty.clientId,
    signer,
  }).finish()
  return { typeUrl: '/ibc.core.client.v2.MsgRegisterCounterparty', value }
}

function packetMessage({ work, proof, proofHeight }: ProvenWork, signer: string): Any {
  const { packet } = work
  if (work.kind === 'recv') {
    const value = MsgRecvPacket.encode({ packet, proofCommitment: proof, proofHeight, signer }).finish()
    return { typeUrl: '/ibc.core.channel.v2.MsgRecvPacket', value }
  }
  if (work.kind === 'timeout') {
    const value = MsgTimeout.encode({ packet, proofUnreceived: proof, proofHeight, signer }).finish()
    return { typeUrl: '/ibc.core.channel.v2.MsgTimeout', value }
  }
  const acknowledgement = Acknowledgement.decode(work.acknowledgement ?? new Uint8Array())
  const value = MsgAcknowledgement.encode({
    packet,
    acknowledgement,
    proofAcked: proof,
    proofHeight,
    signer,
  }).finish()
  return { typeUrl: '/ibc.core.channel.v2.MsgAcknowledgement', value }
}

function updateClient(clientId: string, clientMessage: Any, signer: string): Any {
  const value = MsgUpdateClient.encode({ clientId, clientMessage, signer }).finish()
  return { typeUrl: '/ibc.core.client.v1.MsgUpdateClient', value }
}
