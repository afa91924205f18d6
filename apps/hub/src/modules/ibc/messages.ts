// The core messages of IBC v2, as ibc-go v10 names them. Proofs and client messages pay for their size before
// they are checked.
import {
  acknowledgePacket,
  createClient,
  recvPacket,
  registerCounterparty,
  timeoutPacket,
  updateClient,
} from '@causeway/messaging'
import {
  MsgAcknowledgement,
  MsgAcknowledgementResponse,
  MsgRecvPacket,
  MsgRecvPacketResponse,
  MsgSendPacket,
  MsgSendPacketResponse,
  MsgTimeout,
  MsgTimeoutResponse,
} from '@causeway/protocol/ibc/core/channel/v2/tx'
import {
  MsgCreateClient,
  MsgCreateClientResponse,
  MsgSubmitMisbehaviour,
  MsgSubmitMisbehaviourResponse,
  MsgUpdateClient,
  MsgUpdateClientResponse,
} from '@causeway/protocol/ibc/core/client/v1/tx'
import {
  MsgRegisterCounterparty,
  MsgRegisterCounterpartyResponse,
} from '@causeway/protocol/ibc/core/client/v2/tx'
import { GAS } from '../../block/gas.ts'
import type { Context } from '../../block/context.ts'
import { messagingContext } from '../../block/messaging-context.ts'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import type { Ibc } from './ibc.ts'

/** All core messages. */
export function messages(ibc: Ibc, addresses: AddressCodec): readonly MessageType[] {
  const signer = (message: { signer: string }) => addresses.decode(message.signer)
  return [...clientMessages(ibc, signer), ...packetMessages(ibc, signer)]
}

type Signer = (message: { signer: string }) => Uint8Array

function clientMessages(ibc: Ibc, signer: Signer): readonly MessageType[] {
  return [
    defineMessage({
      typeName: 'ibc.core.client.v1.MsgCreateClient',
      codec: MsgCreateClient,
      responseCodec: MsgCreateClientResponse,
      lane: 4,
      signer,
      handle: (context, message) => createClient(messagingContext(context), ibc.lightClients, message),
    }),
    defineMessage({
      typeName: 'ibc.core.client.v1.MsgUpdateClient',
      codec: MsgUpdateClient,
      responseCodec: MsgUpdateClientResponse,
      lane: 1,
      signer,
      handle(context, message) {
        payClientMessage(context, message.clientMessage?.value)
        updateClient(messagingContext(context), ibc.lightClients, message)
        return {}
      },
    }),
    defineMessage({
      typeName: 'ibc.core.client.v1.MsgSubmitMisbehaviour',
      codec: MsgSubmitMisbehaviour,
      responseCodec: MsgSubmitMisbehaviourResponse,
      lane: 1,
      signer,
      handle(context, { clientId, misbehaviour, signer: account }) {
        payClientMessage(context, misbehaviour?.value)
        const message = { clientId, clientMessage: misbehaviour, signer: account }
        updateClient(messagingContext(context), ibc.lightClients, message)
        return {}
      },
    }),
    defineMessage({
      typeName: 'ibc.core.client.v2.MsgRegisterCounterparty',
      codec: MsgRegisterCounterparty,
      responseCodec: MsgRegisterCounterpartyResponse,
      lane: 4,
      signer,
      handle(context, message) {
        registerCounterparty(messagingContext(context), message)
        return {}
      },
    }),
  ]
}

function packetMessages(ibc: Ibc, signer: Signer): readonly MessageType[] {
  return [
    defineMessage({
      typeName: 'ibc.core.channel.v2.MsgSendPacket',
      codec: MsgSendPacket,
      responseCodec: MsgSendPacketResponse,
      lane: 4,
      signer,
      handle: (context, message) => ({ sequence: ibc.send(messagingContext(context), message) }),
    }),
    defineMessage({
      typeName: 'ibc.core.channel.v2.MsgRecvPacket',
      codec: MsgRecvPacket,
      responseCodec: MsgRecvPacketResponse,
      lane: 1,
      signer,
      handle(context, message) {
        payProof(context, message.proofCommitment)
        return { result: recvPacket(messagingContext(context), ibc.packets, message) }
      },
    }),
    defineMessage({
      typeName: 'ibc.core.channel.v2.MsgAcknowledgement',
      codec: MsgAcknowledgement,
      responseCodec: MsgAcknowledgementResponse,
      lane: 1,
      signer,
      handle(context, message) {
        payProof(context, message.proofAcked)
        return { result: acknowledgePacket(messagingContext(context), ibc.packets, message) }
      },
    }),
    defineMessage({
      typeName: 'ibc.core.channel.v2.MsgTimeout',
      codec: MsgTimeout,
      responseCodec: MsgTimeoutResponse,
      lane: 1,
      signer,
      handle(context, message) {
        payProof(context, message.proofUnreceived)
        return { result: timeoutPacket(messagingContext(context), ibc.packets, message) }
      },
    }),
  ]
}

function payProof(context: Context, proof: Uint8Array): void {
  context.gas.consume(GAS.proof + GAS.proofByte * proof.length)
}

function payClientMessage(context: Context, message: Uint8Array | undefined): void {
  context.gas.consume(GAS.clientMessage + GAS.clientMessageByte * (message?.length ?? 0))
}
