import { assert } from '@causeway/primitives'
import { ResponseResultType } from '@causeway/protocol/ibc/core/channel/v2/tx'
import type { MsgRecvPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { requireActiveClient } from '../client/active-client.ts'
import { requireCounterparty } from '../client/counterparty.ts'
import { acknowledgementCommitment } from '../commitments/acknowledgement-commitment.ts'
import { merklePath } from '../commitments/merkle-path.ts'
import { packetCommitment } from '../commitments/packet-commitment.ts'
import {
  RECEIPT_VALUE,
  packetAcknowledgementKey,
  packetCommitmentKey,
  packetReceiptKey,
} from '../commitments/store-keys.ts'
import { blockSeconds } from '../context.ts'
import type { MessagingContext } from '../context.ts'
import { errors } from '../errors.ts'
import { packetEvents, writeAcknowledgementEvents } from './packet-events.ts'
import { requireProvenPacket } from './packet-form.ts'
import type { PacketPorts } from './packet-ports.ts'
import { receivePayloads } from './receive-payloads.ts'

/**
 * * Accepts one packet from a counterparty: at most once, before its timeout, only with proof; answers with
 * an acknowledgement in the same transaction. Throws `ibc/1` – `ibc/39`, `ibc/60` – `ibc/62`, `ibc/80` –
 * `ibc/82` and what the light client refuses. Spec: ICS-04 v2, ibc-go v10 `RecvPacket`.
 */
export function recvPacket<Context extends MessagingContext<Context>>(
  context: Context,
  ports: PacketPorts<Context>,
  message: MsgRecvPacket,
): ResponseResultType {
  const { packet, proof, proofHeight } = requireProvenPacket({ ...message, proof: message.proofCommitment })
  const { sourceClient, destinationClient, sequence, timeoutTimestamp } = packet
  // 1. Judge: the right counterparty, in time
  const counterparty = requireCounterparty(context.ibc, destinationClient, sourceClient)
  const nowSeconds = blockSeconds(context)
  if (timeoutTimestamp <= nowSeconds)
    throw errors.timeoutElapsed({ timeoutSeconds: timeoutTimestamp, nowSeconds })
  // 2. Replay: a relay of a received packet is a successful no-op
  const receiptKey = packetReceiptKey(destinationClient, sequence)
  if (context.ibc.has(receiptKey)) return ResponseResultType.RESPONSE_RESULT_TYPE_NOOP
  // 3. Authenticate
  const { lightClient, store } = requireActiveClient(context, ports.lightClients, destinationClient)
  const path = merklePath(counterparty.merklePrefix, packetCommitmentKey(sourceClient, sequence))
  lightClient.verifyMembership(store, proofHeight, proof, path, packetCommitment(packet), context)
  // 4. Write, receipt first: an application that re-enters meets step 2
  context.ibc.set(receiptKey, RECEIPT_VALUE)
  for (const event of packetEvents('recv_packet', packet)) context.emit(event)
  const acknowledgements = receivePayloads(context, ports, packet, message.signer)
  const acknowledgementKey = packetAcknowledgementKey(destinationClient, sequence)
  assert(!context.ibc.has(acknowledgementKey), 'a packet is acknowledged once')
  context.ibc.set(acknowledgementKey, acknowledgementCommitment(acknowledgements))
  // 5. Tell
  for (const event of writeAcknowledgementEvents(packet, acknowledgements)) context.emit(event)
  return ResponseResultType.RESPONSE_RESULT_TYPE_SUCCESS
}
