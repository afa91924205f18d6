import { transferToSendPacket } from '@causeway/messaging'
import { MsgTransfer, MsgTransferResponse } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import type { MsgSendPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { ChainMessagingContext } from '../../block/messaging-context.ts'
import { messagingContext } from '../../block/messaging-context.ts'
import { defineMessage } from '../../block/module.ts'
import type { MessageType } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import type { Transfer } from './transfer.ts'

/** What `MsgTransfer` needs beside the application. */
export interface TransferMessagePorts {
  readonly addresses: AddressCodec
  /** Commits to a packet; gives its sequence. */
  sendPacket(context: ChainMessagingContext, message: MsgSendPacket): bigint
}

/**
 * `MsgTransfer` over IBC v2: `source_channel` is the client id, the sender may name a subaccount, the timeout
 * counts seconds.
 */
export function messages(transfer: Transfer, ports: TransferMessagePorts): readonly MessageType[] {
  return [
    defineMessage({
      typeName: 'ibc.applications.transfer.v1.MsgTransfer',
      codec: MsgTransfer,
      responseCodec: MsgTransferResponse,
      lane: 4,
      signer: (message) => ports.addresses.decodeHolder(message.sender).account,
      handle(context, message) {
        const messaging = messagingContext(context)
        const packet = transferToSendPacket(messaging, transfer.ports, message)
        return { sequence: ports.sendPacket(messaging, packet) }
      },
    }),
  ]
}
