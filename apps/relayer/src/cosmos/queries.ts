import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import {
  QueryPacketCommitmentsRequest,
  QueryPacketCommitmentsResponse,
  QueryUnreceivedPacketsRequest,
  QueryUnreceivedPacketsResponse,
} from '@causeway/protocol/ibc/core/channel/v2/query'
import {
  QueryClientCreatorRequest,
  QueryClientCreatorResponse,
  QueryClientStateRequest,
  QueryClientStateResponse,
  QueryClientStatesRequest,
  QueryClientStatesResponse,
  QueryClientStatusRequest,
  QueryClientStatusResponse,
  QueryConsensusStateRequest,
  QueryConsensusStateResponse,
} from '@causeway/protocol/ibc/core/client/v1/query'
import {
  QueryCounterpartyInfoRequest,
  QueryCounterpartyInfoResponse,
} from '@causeway/protocol/ibc/core/client/v2/query'
import { ClientState, ConsensusState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { RelayError } from '../errors.ts'
import type { ClientView } from '../plan/view.ts'
import type { Counterparty } from '../chain.ts'
import { abciQuery, isNotFound, QueryRefusal } from './abci-query.ts'
import type { EndpointPool } from './endpoint-pool.ts'

const CLIENT_V1 = '/ibc.core.client.v1.Query'
const CLIENT_V2 = '/ibc.core.client.v2.Query'
const CHANNEL_V2 = '/ibc.core.channel.v2.Query'
const PAGE_LIMIT = 200n
/** Most pending packets that one rescan takes in; the rest comes with the next. */
const PENDING_MAX = 20_000

/** Nanoseconds since 1970 of a protobuf timestamp; 0 when it is missing. */
export function timestampNanoseconds(timestamp: Timestamp | undefined): bigint {
  if (timestamp === undefined) return 0n
  return timestamp.seconds * NANOSECONDS_PER_SECOND + BigInt(timestamp.nanos)
}

/** A 07-tendermint client on this chain. Throws `RelayError` (not found, or of another type). */
export async function queryClientView(pool: EndpointPool, clientId: string): Promise<ClientView> {
  const [stateAnswer, statusAnswer] = await Promise.all([
    abciQuery(pool, `${CLIENT_V1}/ClientState`, QueryClientStateRequest, QueryClientStateResponse, {
      clientId,
    }),
    abciQuery(pool, `${CLIENT_V1}/ClientStatus`, QueryClientStatusRequest, QueryClientStatusResponse, {
      clientId,
    }),
  ])
  const any = stateAnswer.clientState
  if (any?.typeUrl !== '/ibc.lightclients.tendermint.v1.ClientState') {
    throw new RelayError('config', 'never', `client ${clientId} is not a 07-tendermint client`)
  }
  const state = ClientState.decode(any.value)
  const height = { revisionNumber: 0n, revisionHeight: 0n, ...state.latestHeight }
  const consensus = await abciQuery(
    pool,
    `${CLIENT_V1}/ConsensusState`,
    QueryConsensusStateRequest,
    QueryConsensusStateResponse,
    { clientId, ...height, latestHeight: false },
  )
  const latest = ConsensusState.decode(consensus.consensusState?.value ?? new Uint8Array())
  const period = state.trustingPeriod ?? { seconds: 0n, nanos: 0 }
  return {
    clientId,
    chainId: state.chainId,
    status: readStatus(statusAnswer.status),
    revisionNumber: height.revisionNumber,
    latestHeight: height.revisionHeight,
    latestTimeNanoseconds: timestampNanoseconds(latest.timestamp),
    trustingPeriodNanoseconds: period.seconds * NANOSECONDS_PER_SECOND + BigInt(period.nanos),
  }
}

/** The counterparty registered on a client, if any. */
export async function queryCounterparty(
  pool: EndpointPool,
  clientId: string,
): Promise<Counterparty | undefined> {
  try {
    const answer = await abciQuery(
      pool,
      `${CLIENT_V2}/CounterpartyInfo`,
      QueryCounterpartyInfoRequest,
      QueryCounterpartyInfoResponse,
      { clientId },
    )
    const info = answer.counterpartyInfo
    if (info === undefined || info.clientId === '') return undefined
    return { clientId: info.clientId, merklePrefix: info.merklePrefix }
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/**
 * Ids of 07-tendermint clients that follow `chainId` and were created by `creator`, in order; empty if a
 * chain can't tell.
 */
export async function queryOwnClients(
  pool: EndpointPool,
  chainId: string,
  creator: string,
): Promise<string[]> {
  const path = `${CLIENT_V1}/ClientStates`
  const pagination = { key: new Uint8Array(), offset: 0n, limit: 1_000n, countTotal: false, reverse: false }
  const states = await abciQuery(pool, path, QueryClientStatesRequest, QueryClientStatesResponse, {
    pagination,
  }).catch((error: unknown) => {
    if (error instanceof QueryRefusal) return QueryClientStatesResponse.fromPartial({})
    throw error
  })
  const own: string[] = []
  for (const { clientId, clientState } of states.clientStates) {
    if (clientState?.typeUrl !== '/ibc.lightclients.tendermint.v1.ClientState') continue
    if (ClientState.decode(clientState.value).chainId !== chainId) continue
    const answer = await abciQuery(
      pool,
      `${CLIENT_V1}/ClientCreator`,
      QueryClientCreatorRequest,
      QueryClientCreatorResponse,
      { clientId },
    ).catch((error: unknown) => {
      if (error instanceof QueryRefusal) return undefined
      throw error
    })
    if (answer?.creator === creator) own.push(clientId)
  }
  return own
}

/**
 * Sequences whose commitments still stand: sent over `clientId`, neither acknowledged nor timed out.
 * Ascending.
 */
export async function queryPendingSequences(pool: EndpointPool, clientId: string): Promise<bigint[]> {
  const sequences: bigint[] = []
  let key: Uint8Array = new Uint8Array()
  do {
    const answer = await abciQuery(
      pool,
      `${CHANNEL_V2}/PacketCommitments`,
      QueryPacketCommitmentsRequest,
      QueryPacketCommitmentsResponse,
      { clientId, pagination: { key, offset: 0n, limit: PAGE_LIMIT, countTotal: false, reverse: false } },
    )
    sequences.push(...answer.commitments.map((commitment) => commitment.sequence))
    key = answer.pagination?.nextKey ?? new Uint8Array()
  } while (key.length > 0 && sequences.length < PENDING_MAX)
  return [...new Set(sequences)].sort((a, b) => (a < b ? -1 : 1))
}

/** Those of `sequences` for which this chain has no receipt. */
export async function queryUnreceived(
  pool: EndpointPool,
  clientId: string,
  sequences: readonly bigint[],
): Promise<bigint[]> {
  const unreceived: bigint[] = []
  for (let start = 0; start < sequences.length; start += Number(PAGE_LIMIT)) {
    const answer = await abciQuery(
      pool,
      `${CHANNEL_V2}/UnreceivedPackets`,
      QueryUnreceivedPacketsRequest,
      QueryUnreceivedPacketsResponse,
      { clientId, sequences: sequences.slice(start, start + Number(PAGE_LIMIT)) },
    )
    unreceived.push(...answer.sequences)
  }
  return unreceived
}

function readStatus(status: string): ClientView['status'] {
  return status === 'Active' || status === 'Frozen' || status === 'Expired' ? status : 'Unknown'
}
