import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { ResponseResultType } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { MsgAcknowledgement } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { requireActiveClient } from '../client/active-client.ts'
import { requireCounterparty } from '../client/counterparty.ts'
import {
  ERROR_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  isErrorAcknowledgement,
  requireAcknowledgement,
} from '../commitments/acknowledgement-commitment.ts'
import { merklePath } from '../commitments/merkle-path.ts'
import { packetAcknowledgementKey, packetCommitmentKey } from '../commitments/store-keys.ts'
import type { MessagingContext } from '../context.ts'
import { errors } from '../errors.ts'
import { deliveriesOf, requireApplication } from './deliveries.ts'
import { isInFlight } from './in-flight.ts'
import { packetEvents } from './packet-events.ts'
import { requireProvenPacket } from './packet-form.ts'
import type { PacketPorts } from './packet-ports.ts'

/**
 * * Ends a packet that the counterparty answered: deletes its commitment, then tells the applications. Throws
 * `ibc/1` – `ibc/49`, `ibc/60` – `ibc/62`, `ibc/80`, `ibc/81`, `ibc/86`, `ibc/100`, what the light client and
 * what an application refuses. Spec: ICS-04 v2, ibc-go v10 `Acknowledgement`.
 */
export function acknowledgePacket<Context extends MessagingContext<Context>>(
  context: Context,
  ports: PacketPorts<Context>,
  message: MsgAcknowledgement,
): ResponseResultType {
  const { packet, proof, proofHeight } = requireProvenPacket({ ...message, proof: message.proofAcked })
  const acknowledgements = message.acknowledgement?.appAcknowledgements ?? []
  const { sourceClient, destinationClient, sequence } = packet
  // 1. Judge: an answer that fits, from the right counterparty
  requireAcknowledgement(acknowledgements)
  const counterparty = requireCounterparty(context.ibc, sourceClient, destinationClient)
  // 2. Replay: a packet that ended already, or was never sent, is a successful no-op
  if (!isInFlight(context.ibc, packet)) return ResponseResultType.RESPONSE_RESULT_TYPE_NOOP
  const answers = answersByPayload(packet, acknowledgements)
  // 3. Authenticate
  const { lightClient, store } = requireActiveClient(context, ports.lightClients, sourceClient)
  const path = merklePath(counterparty.merklePrefix, packetAcknowledgementKey(destinationClient, sequence))
  const commitment = acknowledgementCommitment(acknowledgements)
  lightClient.verifyMembership(store, proofHeight, proof, path, commitment, context)
  // 4. Write: the commitment goes before an application can re-enter
  context.ibc.delete(packetCommitmentKey(sourceClient, sequence))
  // 5. Tell
  for (const event of packetEvents('acknowledge_packet', packet)) context.emit(event)
  for (const delivery of deliveriesOf(packet)) {
    const application = requireApplication(ports, delivery.payload.sourcePort)
    application.onAcknowledgementPacket(context, delivery, answers[delivery.payloadIndex]!, message.signer)
  }
  return ResponseResultType.RESPONSE_RESULT_TYPE_SUCCESS
}

/**
 * One answer a payload: the counterparty's own, or the universal error for each when it refused the packet.
 */
function answersByPayload(packet: Packet, acknowledgements: readonly Uint8Array[]): readonly Uint8Array[] {
  if (isErrorAcknowledgement(acknowledgements)) return packet.payloads.map(() => ERROR_ACKNOWLEDGEMENT)
  if (acknowledgements.length === packet.payloads.length) return acknowledgements
  throw errors.acknowledgementCount({
    acknowledgements: acknowledgements.length,
    payloads: packet.payloads.length,
  })
}
