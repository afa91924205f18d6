// The core messages of IBC v2, as ibc-go v10 names them. Proofs and client messages pay for their size before
// they are read, and for each signature and hash before it is checked.
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
  ResponseResultType,
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
import type { Context } from '../../block/context.ts'
import { messagingContext } from '../../block/messaging-context.ts'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { meteredContext, payClientMessage, payProof } from './gas.ts'
import type { Ibc } from './ibc.ts'
import { followedChain } from './opened-client.ts'
import type { ClientOpened } from './opened-client.ts'

/** All core messages; `opened` is told when a client's creator has registered its counterparty. */
export function messages(
  ibc: Ibc,
  addresses: AddressCodec,
  opened: ClientOpened<Context>,
): readonly MessageType[] {
  const signer = (message: { signer: string }) => addresses.decode(message.signer)
  return [...clientMessages(ibc, signer), registration(ibc, signer, opened), ...packetMessages(ibc, signer)]
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
      handle(context, message) {
        payClientMessage(context, message.clientState?.value, message.consensusState?.value)
        return createClient(meteredContext(context), ibc.lightClients, message)
      },
    }),
    defineMessage({
      typeName: 'ibc.core.client.v1.MsgUpdateClient',
      codec: MsgUpdateClient,
      responseCodec: MsgUpdateClientResponse,
      lane: 1,
      signer,
      handle(context, message) {
        payClientMessage(context, message.clientMessage?.value)
        updateClient(meteredContext(context), ibc.lightClients, message)
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
        updateClient(meteredContext(context), ibc.lightClients, message)
        return {}
      },
    }),
  ]
}

function registration(ibc: Ibc, signer: Signer, opened: ClientOpened<Context>): MessageType {
  return defineMessage({
    typeName: 'ibc.core.client.v2.MsgRegisterCounterparty',
    codec: MsgRegisterCounterparty,
    responseCodec: MsgRegisterCounterpartyResponse,
    lane: 4,
    signer,
    handle(context, message) {
      registerCounterparty(messagingContext(context), message)
      const { clientId } = message
      const chain = followedChain(context, ibc.lightClients, clientId)
      // Only the creator gets here.
      if (chain !== undefined) opened(context, { clientId, creator: signer(message), ...chain })
      return {}
    },
  })
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
        const result = recvPacket(meteredContext(context), ibc.packets, message)
        const { packet } = message
        if (packet !== undefined && result === ResponseResultType.RESPONSE_RESULT_TYPE_SUCCESS)
          ibc.received(context, { client: packet.destinationClient, sequence: packet.sequence })
        return { result }
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
        return { result: acknowledgePacket(meteredContext(context), ibc.packets, message) }
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
        return { result: timeoutPacket(meteredContext(context), ibc.packets, message) }
      },
    }),
  ]
}
