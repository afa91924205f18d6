import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import {
  QueryPacketCommitmentsRequest,
  QueryPacketCommitmentsResponse,
  QueryUnreceivedPacketsRequest,
  QueryUnreceivedPacketsResponse,
} from '@causeway/protocol/ibc/core/channel/v2/query'
import {
  QueryCounterpartyInfoRequest,
  QueryCounterpartyInfoResponse,
} from '@causeway/protocol/ibc/core/client/v2/query'
import type { Counterparty } from '../chain.ts'
import { abciQuery, isNotFound } from './abci-query.ts'
import type { CometPool } from './comet-pool.ts'

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

/** The counterparty registered on a client, if any. */
export async function queryCounterparty(
  pool: CometPool,
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
 * Sequences whose commitments still stand: sent over `clientId`, neither acknowledged nor timed out.
 * Ascending.
 */
export async function queryPendingSequences(pool: CometPool, clientId: string): Promise<bigint[]> {
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
  pool: CometPool,
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
