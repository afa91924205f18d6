import { EMPTY_BYTES, fromBe64 } from '@causeway/primitives'
import * as query from '@causeway/protocol/ibc/core/channel/v2/query'
import type { PacketState } from '@causeway/protocol/ibc/core/channel/v2/genesis'
import { iteratePrefix } from '../client/client-store.ts'
import {
  nextSequenceSendKey,
  packetAcknowledgementKey,
  packetAcknowledgementPrefix,
  packetCommitmentKey,
  packetCommitmentPrefix,
  packetReceiptKey,
} from '../commitments/store-keys.ts'
import { errors } from '../errors.ts'
import { requireClientId } from '../identifiers.ts'
import { paginate } from './paginate.ts'
import type { Page } from './paginate.ts'
import { queryMethod } from './query-context.ts'
import type { QueryContext, QueryHandler } from './query-context.ts'

const SERVICE = 'ibc.core.channel.v2'

/** `/ibc.core.channel.v2.Query/…` by method. Spec: ibc-go v10 04-channel/v2 `keeper/grpc_query.go`. */
export const PACKET_QUERIES: readonly (readonly [path: string, handler: QueryHandler])[] = [
  queryMethod(
    SERVICE,
    'NextSequenceSend',
    query.QueryNextSequenceSendRequest,
    query.QueryNextSequenceSendResponse,
    (context, r) => {
      const value = context.ibc.get(nextSequenceSendKey(requireClientId(r.clientId)))
      if (value === undefined) throw errors.notFound({ what: `next sequence of ${r.clientId}` })
      return { nextSequenceSend: fromBe64(value), proof: EMPTY_BYTES, proofHeight: context.height }
    },
  ),
  queryMethod(
    SERVICE,
    'PacketCommitment',
    query.QueryPacketCommitmentRequest,
    query.QueryPacketCommitmentResponse,
    (context, r) => {
      const commitment = context.ibc.get(
        packetCommitmentKey(requireClientId(r.clientId), requireSequence(r.sequence)),
      )
      if (commitment === undefined) throw errors.notFound({ what: `commitment ${r.clientId}/${r.sequence}` })
      return { commitment, proof: EMPTY_BYTES, proofHeight: context.height }
    },
  ),
  queryMethod(
    SERVICE,
    'PacketCommitments',
    query.QueryPacketCommitmentsRequest,
    query.QueryPacketCommitmentsResponse,
    (context, r) => {
      const prefix = packetCommitmentPrefix(requireClientId(r.clientId))
      const page = packetStates(context, r.clientId, prefix, r.pagination)
      return { commitments: page.items, pagination: page.pagination, height: context.height }
    },
  ),
  queryMethod(
    SERVICE,
    'PacketAcknowledgement',
    query.QueryPacketAcknowledgementRequest,
    query.QueryPacketAcknowledgementResponse,
    (context, r) => {
      const key = packetAcknowledgementKey(requireClientId(r.clientId), requireSequence(r.sequence))
      const acknowledgement = context.ibc.get(key)
      if (acknowledgement === undefined)
        throw errors.notFound({ what: `acknowledgement ${r.clientId}/${r.sequence}` })
      return { acknowledgement, proof: EMPTY_BYTES, proofHeight: context.height }
    },
  ),
  queryMethod(
    SERVICE,
    'PacketAcknowledgements',
    query.QueryPacketAcknowledgementsRequest,
    query.QueryPacketAcknowledgementsResponse,
    acknowledgements,
  ),
  queryMethod(
    SERVICE,
    'PacketReceipt',
    query.QueryPacketReceiptRequest,
    query.QueryPacketReceiptResponse,
    (context, r) => {
      const key = packetReceiptKey(requireClientId(r.clientId), requireSequence(r.sequence))
      return { received: context.ibc.has(key), proof: EMPTY_BYTES, proofHeight: context.height }
    },
  ),
  queryMethod(
    SERVICE,
    'UnreceivedPackets',
    query.QueryUnreceivedPacketsRequest,
    query.QueryUnreceivedPacketsResponse,
    (context, r) => {
      requireClientId(r.clientId)
      const isUnreceived = (sequence: bigint) =>
        !context.ibc.has(packetReceiptKey(r.clientId, requireSequence(sequence)))
      return { sequences: r.sequences.filter(isUnreceived), height: context.height }
    },
  ),
  queryMethod(
    SERVICE,
    'UnreceivedAcks',
    query.QueryUnreceivedAcksRequest,
    query.QueryUnreceivedAcksResponse,
    (context, r) => {
      requireClientId(r.clientId)
      const isPending = (sequence: bigint) =>
        context.ibc.has(packetCommitmentKey(r.clientId, requireSequence(sequence)))
      return { sequences: r.packetAckSequences.filter(isPending), height: context.height }
    },
  ),
]

function acknowledgements(
  context: QueryContext,
  request: query.QueryPacketAcknowledgementsRequest,
): query.QueryPacketAcknowledgementsResponse {
  const { clientId, packetCommitmentSequences, pagination } = request
  requireClientId(clientId)
  const { height } = context
  if (packetCommitmentSequences.length === 0) {
    const page = packetStates(context, clientId, packetAcknowledgementPrefix(clientId), pagination)
    return { acknowledgements: page.items, pagination: page.pagination, height }
  }
  const items = packetCommitmentSequences.flatMap((sequence) => {
    const data = context.ibc.get(packetAcknowledgementKey(clientId, sequence))
    return data === undefined ? [] : [{ clientId, sequence, data }]
  })
  return { acknowledgements: items, pagination: undefined, height }
}

function packetStates(
  context: QueryContext,
  clientId: string,
  prefix: Uint8Array,
  request: Parameters<typeof paginate>[1],
): Page<PacketState> {
  return paginate(
    (start, end, reverse) => iteratePrefix(context.ibc, prefix, start, end, reverse),
    request,
    (key, data) => ({ clientId, sequence: fromBe64(key), data }),
  )
}

function requireSequence(sequence: bigint): bigint {
  if (sequence === 0n) throw errors.zeroSequence()
  return sequence
}
