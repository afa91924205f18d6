import { NANOSECONDS_PER_SECOND, assert, be64, fromBe64 } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { MsgSendPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import { requireActiveClient } from '../client/active-client.ts'
import { findCounterparty } from '../client/counterparty.ts'
import { packetCommitment } from '../commitments/packet-commitment.ts'
import { nextSequenceSendKey, packetCommitmentKey } from '../commitments/store-keys.ts'
import { blockSeconds } from '../context.ts'
import type { MessagingContext } from '../context.ts'
import { errors } from '../errors.ts'
import { requireClientId } from '../identifiers.ts'
import { deliveriesOf, requireApplication } from './deliveries.ts'
import { packetEvents } from './packet-events.ts'
import { requirePacketForm, requirePayloads } from './packet-form.ts'
import type { PacketPorts } from './packet-ports.ts'

/** How far ahead a timeout may lie. */
export const TIMEOUT_SECONDS_MAX = 86_400n

/**
 * * Commits to one packet, then lets the applications take what it carries. The caller has authenticated
 * `message.signer`. Throws `ibc/1`, `ibc/2`, `ibc/20` – `ibc/29`, `ibc/60` – `ibc/62`, `ibc/67`, `ibc/80`,
 * `ibc/82`, `ibc/83`, `ibc/85`, `ibc/87`, `ibc/100` and what an application refuses. Spec: ICS-04 v2, ibc-go
 * v10 `sendPacket`.
 */
export function sendPacket<Context extends MessagingContext<Context>>(
  context: Context,
  ports: PacketPorts<Context>,
  message: MsgSendPacket,
): Packet {
  const { sourceClient, timeoutTimestamp, payloads, signer } = message
  // 1. Judge: form, counterparty, time, sequence
  if (signer === '') throw errors.blankSigner()
  requireClientId(sourceClient)
  if (timeoutTimestamp === 0n) throw errors.zeroTimeout()
  requirePayloads(payloads)
  const counterparty = findCounterparty(context.ibc, sourceClient)
  if (counterparty === undefined) throw errors.counterpartyNotFound({ clientId: sourceClient })
  requireTimeoutWindow(context, timeoutTimestamp)
  const sequence = nextSequence(context, sourceClient)
  if (payloads.length > 1 && !ports.runsOurCode(context, sourceClient)) {
    throw errors.severalPayloads({ clientId: sourceClient, count: payloads.length })
  }
  requireLiveClient(context, ports, sourceClient, timeoutTimestamp)
  const packet = {
    sequence,
    sourceClient,
    destinationClient: counterparty.clientId,
    timeoutTimestamp,
    payloads,
  }
  requirePacketForm(packet)
  // 2. Write
  const key = packetCommitmentKey(sourceClient, sequence)
  assert(!context.ibc.has(key), `${sourceClient} sent sequence ${sequence} before`)
  context.ibc.set(nextSequenceSendKey(sourceClient), be64(sequence + 1n))
  context.ibc.set(key, packetCommitment(packet))
  // 3. Tell, then let the applications take what they send
  for (const event of packetEvents('send_packet', packet)) context.emit(event)
  for (const delivery of deliveriesOf(packet)) {
    requireApplication(ports, delivery.payload.sourcePort).onSendPacket(context, delivery, signer)
  }
  return packet
}

function requireTimeoutWindow(context: { readonly timeNanoseconds: bigint }, timeoutSeconds: bigint): void {
  const nowSeconds = blockSeconds(context)
  if (timeoutSeconds <= nowSeconds) throw errors.timeoutElapsed({ timeoutSeconds, nowSeconds })
  const latestSeconds = nowSeconds + TIMEOUT_SECONDS_MAX
  if (timeoutSeconds > latestSeconds) throw errors.timeoutTooFar({ timeoutSeconds, latestSeconds })
}

function nextSequence<Context extends MessagingContext<Context>>(context: Context, clientId: string): bigint {
  const bytes = context.ibc.get(nextSequenceSendKey(clientId))
  if (bytes === undefined) throw errors.sequenceNotFound({ clientId })
  return fromBe64(bytes)
}

/**
 * A packet over a client that isn't Active, or that is known to be late already, could never be received or
 * timed out.
 */
function requireLiveClient<Context extends MessagingContext<Context>>(
  context: Context,
  ports: PacketPorts<Context>,
  clientId: string,
  timeoutSeconds: bigint,
): void {
  const { lightClient, store } = requireActiveClient(context, ports.lightClients, clientId)
  const latest = lightClient.latestHeight(store)
  if (latest.revisionNumber === 0n && latest.revisionHeight === 0n)
    throw errors.clientWithoutHeight({ clientId })
  const counterpartySeconds = lightClient.timestampAtHeight(store, latest) / NANOSECONDS_PER_SECOND
  if (counterpartySeconds >= timeoutSeconds) {
    throw errors.counterpartyPastTimeout({ timeoutSeconds, counterpartySeconds })
  }
}
