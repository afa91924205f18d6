import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { errors } from '../errors.ts'
import type { Delivery, PacketApplication, PacketPorts } from './packet-ports.ts'

/** A packet's payloads, each with what its application needs to know of the packet. */
export function deliveriesOf(packet: Packet): Delivery[] {
  const { sourceClient, destinationClient, sequence } = packet
  return packet.payloads.map((payload, payloadIndex) => ({
    sourceClient,
    destinationClient,
    sequence,
    payloadIndex,
    payload,
  }))
}

/** The application on a port. Throws `ibc/100`. */
export function requireApplication<Context>(
  ports: PacketPorts<Context>,
  portId: string,
): PacketApplication<Context> {
  const application = ports.application(portId)
  if (application === undefined) throw errors.unknownPort({ portId })
  return application
}
