import { assert, equalBytes, isProtocolError } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { ERROR_ACKNOWLEDGEMENT } from '../commitments/acknowledgement-commitment.ts'
import type { MessagingContext } from '../context.ts'
import { errors } from '../errors.ts'
import { deliveriesOf, requireApplication } from './deliveries.ts'
import { refusalEvents } from './packet-events.ts'
import type { Delivery, PacketPorts } from './packet-ports.ts'

/**
 * * Runs the receiving applications of a packet, all or none: on the first refusal everything that its
 * payloads wrote is dropped, and the answer is the universal error acknowledgement alone. What
 * `ports.isFatal` names, and everything that is no `ProtocolError`, passes on to the transaction.
 *
 * DIFFERS FROM SPEC: ibc-go v10 keeps what payloads before the refused one wrote.
 */
export function receivePayloads<Context extends MessagingContext<Context>>(
  context: Context,
  ports: PacketPorts<Context>,
  packet: Packet,
  relayer: string,
): Uint8Array[] {
  let current: Delivery | undefined
  try {
    return context.nested((nested) =>
      deliveriesOf(packet).map((delivery) => {
        current = delivery
        return receivePayload(nested, ports, delivery, relayer)
      }),
    )
  } catch (error) {
    if (!isProtocolError(error) || ports.isFatal(error)) throw error
    assert(current !== undefined, 'a refusal belongs to a payload')
    tellRefusal(context, ports, current, error)
    return [ERROR_ACKNOWLEDGEMENT]
  }
}

function receivePayload<Context>(
  context: Context,
  ports: PacketPorts<Context>,
  delivery: Delivery,
  relayer: string,
): Uint8Array {
  const portId = delivery.payload.destinationPort
  const result = requireApplication(ports, portId).onReceivePacket(context, delivery, relayer)
  if (result.status === 'failure') throw errors.applicationRefused({ portId })
  assert(result.acknowledgement.length > 0, 'an application always acknowledges')
  assert(
    !equalBytes(result.acknowledgement, ERROR_ACKNOWLEDGEMENT),
    'an application that succeeds does not write the error acknowledgement',
  )
  return result.acknowledgement
}

function tellRefusal<Context extends MessagingContext<Context>>(
  context: Context,
  ports: PacketPorts<Context>,
  delivery: Delivery,
  error: ProtocolError,
): void {
  const events = ports.application(delivery.payload.destinationPort)?.describeRefusal?.(delivery, error) ?? []
  for (const event of refusalEvents(events)) context.emit(event)
}
