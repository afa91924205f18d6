import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { requireActiveClient } from '../client/active-client.ts'
import { requireCounterparty } from '../client/counterparty.ts'
import type { OptimisticHead } from '../client/light-client.ts'
import type { LightClientRegistry } from '../client/registry.ts'
import { merklePath } from '../commitments/merkle-path.ts'
import { packetCommitment } from '../commitments/packet-commitment.ts'
import { packetCommitmentKey, packetReceiptKey } from '../commitments/store-keys.ts'
import { blockSeconds } from '../context.ts'
import type { MessagingContext } from '../context.ts'
import { errors } from '../errors.ts'
import { requireProvenPacket } from './packet-form.ts'

/** A packet that stands in a head that is not final. */
export interface PreviewedPacket {
  readonly packet: Packet
  readonly commitment: Uint8Array
  readonly head: OptimisticHead
}

const NO_HEIGHT = { revisionNumber: 0n, revisionHeight: 0n }

/**
 * Proves that a counterparty's newest head commits to a packet. Writes nothing: a receipt that is written on
 * a head that is then reorganised away would lose the honest packet with the same sequence. Throws what
 * `recvPacket` throws of form, counterparty, time and client, `ibc/68`, `ibc/88` and what the light client
 * refuses.
 */
export function previewPacket<Context extends MessagingContext<Context>>(
  context: Context,
  lightClients: LightClientRegistry,
  message: { packet: Packet | undefined; proofCommitment: Uint8Array; signer: string },
): PreviewedPacket {
  const proving = { ...message, proof: message.proofCommitment, proofHeight: NO_HEIGHT }
  const { packet, proof } = requireProvenPacket(proving)
  const { sourceClient, destinationClient: clientId, sequence, timeoutTimestamp } = packet
  // 1. Judge: the right counterparty, in time
  const counterparty = requireCounterparty(context.ibc, clientId, sourceClient)
  const nowSeconds = blockSeconds(context)
  if (timeoutTimestamp <= nowSeconds)
    throw errors.timeoutElapsed({ timeoutSeconds: timeoutTimestamp, nowSeconds })
  // 2. What was received needs no preview
  if (context.ibc.has(packetReceiptKey(clientId, sequence)))
    throw errors.alreadyReceived({ clientId, sequence })
  // 3. Authenticate
  const { lightClient, store } = requireActiveClient(context, lightClients, clientId)
  const head = lightClient.optimisticHead?.(store)
  if (!head || !lightClient.verifyOptimisticMembership) throw errors.noOptimisticHead({ clientId })
  const path = merklePath(counterparty.merklePrefix, packetCommitmentKey(sourceClient, sequence))
  const commitment = packetCommitment(packet)
  lightClient.verifyOptimisticMembership(store, proof, path, commitment, context)
  return { packet, commitment, head }
}
