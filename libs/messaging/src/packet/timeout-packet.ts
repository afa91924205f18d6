import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import { ResponseResultType } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { MsgTimeout } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { requireActiveClient, requireClient } from '../client/active-client.ts'
import { requireCounterparty } from '../client/counterparty.ts'
import { merklePath } from '../commitments/merkle-path.ts'
import { packetCommitmentKey, packetReceiptKey } from '../commitments/store-keys.ts'
import type { MessagingContext } from '../context.ts'
import { errors } from '../errors.ts'
import { deliveriesOf, requireApplication } from './deliveries.ts'
import { packetEvents } from './packet-events.ts'
import { requireProvenPacket } from './packet-form.ts'
import type { PacketPorts } from './packet-ports.ts'
import { isInFlight } from './in-flight.ts'

/**
 * * Ends a packet that the counterparty can't receive any more: at a height whose time is at or past the
 * timeout it has no receipt. Deletes the commitment, then tells the applications. Throws `ibc/1` – `ibc/39`,
 * `ibc/60` – `ibc/62`, `ibc/80`, `ibc/81`, `ibc/84`, `ibc/86`, `ibc/100`, what the light client and what an
 * application refuses. Spec: ICS-04 v2, ibc-go v10 `Timeout`.
 */
export function timeoutPacket<Context extends MessagingContext<Context>>(
  context: Context,
  ports: PacketPorts<Context>,
  message: MsgTimeout,
): ResponseResultType {
  const { packet, proof, proofHeight } = requireProvenPacket({ ...message, proof: message.proofUnreceived })
  const { sourceClient, destinationClient, sequence, timeoutTimestamp } = packet
  // 1. Judge: the right counterparty, too late over there
  const counterparty = requireCounterparty(context.ibc, sourceClient, destinationClient)
  const { lightClient, store } = requireClient(context, ports.lightClients, sourceClient)
  const provenSeconds = lightClient.timestampAtHeight(store, proofHeight) / NANOSECONDS_PER_SECOND
  if (provenSeconds < timeoutTimestamp) {
    throw errors.timeoutNotReached({ timeoutSeconds: timeoutTimestamp, provenSeconds })
  }
  // 2. Replay: a packet that ended already, or was never sent, is a successful no-op
  if (!isInFlight(context.ibc, packet)) return ResponseResultType.RESPONSE_RESULT_TYPE_NOOP
  // 3. Authenticate
  requireActiveClient(context, ports.lightClients, sourceClient)
  const path = merklePath(counterparty.merklePrefix, packetReceiptKey(destinationClient, sequence))
  lightClient.verifyNonMembership(store, proofHeight, proof, path, context)
  // 4. Write: the commitment goes before an application can re-enter
  context.ibc.delete(packetCommitmentKey(sourceClient, sequence))
  // 5. Tell
  for (const event of packetEvents('timeout_packet', packet)) context.emit(event)
  for (const delivery of deliveriesOf(packet)) {
    const application = requireApplication(ports, delivery.payload.sourcePort)
    application.onTimeoutPacket(context, delivery, message.signer)
  }
  return ResponseResultType.RESPONSE_RESULT_TYPE_SUCCESS
}
