// Which messages relay a packet, and how to see that it has ended here.
import { IBC_STORE_NAME, isClientId, packetCommitmentKey, packetReceiptKey } from '@causeway/messaging'
import type { MsgAcknowledgement, MsgRecvPacket, MsgTimeout } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { Relay } from './block/composition.ts'
import type { Action } from './block/module.ts'

/**
 * The packet that a message of the IBC core relays: received when there is a receipt, acknowledged or timed
 * out when its commitment is gone. `none` for a client update; nothing for any other message and for one
 * without a readable packet.
 */
export function relayOf({ typeUrl, message }: Action): Relay | 'none' | undefined {
  switch (typeUrl) {
    case '/ibc.core.client.v1.MsgUpdateClient':
      return 'none'
    case '/ibc.core.channel.v2.MsgRecvPacket': {
      const { packet } = message as MsgRecvPacket
      if (packet === undefined || !isClientId(packet.destinationClient)) return undefined
      const key = packetReceiptKey(packet.destinationClient, packet.sequence)
      return {
        key: `receive ${packet.destinationClient} ${packet.sequence}`,
        isDone: (state) => state.store(IBC_STORE_NAME).has(key),
      }
    }
    case '/ibc.core.channel.v2.MsgAcknowledgement':
    case '/ibc.core.channel.v2.MsgTimeout': {
      const { packet } = message as MsgAcknowledgement | MsgTimeout
      if (packet === undefined || !isClientId(packet.sourceClient)) return undefined
      const key = packetCommitmentKey(packet.sourceClient, packet.sequence)
      return {
        key: `end ${packet.sourceClient} ${packet.sequence}`,
        isDone: (state) => !state.store(IBC_STORE_NAME).has(key),
      }
    }
    default:
      return undefined
  }
}
