// Joins the IBC v2 core of libs/messaging to this chain: clients, packets, applications by port.
import { createLightClientRegistry, sendPacket } from '@causeway/messaging'
import type { LightClient, LightClientRegistry, PacketApplication, PacketPorts } from '@causeway/messaging'
import type { ProtocolError } from '@causeway/primitives'
import type { MsgSendPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { Context } from '../../block/context.ts'
import type { ChainMessagingContext } from '../../block/messaging-context.ts'

/** What the module needs. */
export interface IbcPorts {
  readonly lightClients: readonly LightClient[]
  /** The application on a port; asked for when a packet runs, so that applications may be made after. */
  application(portId: string): PacketApplication<ChainMessagingContext> | undefined
  /** Is told of each packet that was received, whatever its applications made of it. */
  received?(context: Context, packet: ReceivedPacket): void
}

/** A received packet: our client, and its sequence there. */
export interface ReceivedPacket {
  readonly client: string
  readonly sequence: bigint
}

/** The IBC core of a chain. */
export interface Ibc {
  readonly lightClients: LightClientRegistry
  readonly packets: PacketPorts<ChainMessagingContext>
  /** Commits to a packet on behalf of an authenticated signer; gives its sequence. */
  send(context: ChainMessagingContext, message: MsgSendPacket): bigint
  /** A packet was received. */
  received(context: Context, packet: ReceivedPacket): void
}

const OUT_OF_GAS = { codespace: 'tx', code: 11 } as const

/** Makes the core. */
export function createIbc(ports: IbcPorts): Ibc {
  const lightClients = createLightClientRegistry(ports.lightClients)
  const packets: PacketPorts<ChainMessagingContext> = {
    lightClients,
    application: (portId) => ports.application(portId),
    isFatal: isOutOfGas,
    // No chain is marked yet: governance will.
    runsOurCode: () => false,
  }
  return {
    lightClients,
    packets,
    send: (context, message) => sendPacket(context, packets, message).sequence,
    received: (context, packet) => ports.received?.(context, packet),
  }
}

/** A relayer who gives too little gas must not force a refund. */
function isOutOfGas({ codespace, code }: ProtocolError): boolean {
  return codespace === OUT_OF_GAS.codespace && code === OUT_OF_GAS.code
}
