import { CLIENT_QUERIES } from './client-queries.ts'
import { PACKET_QUERIES } from './packet-queries.ts'
import type { QueryHandler } from './query-context.ts'

/**
 * * Every gRPC-style ABCI query of the core, by its path. Proofs are not made here: a relayer asks for them
 * by `store/ibc/key`.
 *
 *     const answer = ibcQueries.get('/ibc.core.channel.v2.Query/PacketCommitment')?.(context, request)
 */
export const ibcQueries: ReadonlyMap<string, QueryHandler> = new Map([...CLIENT_QUERIES, ...PACKET_QUERIES])
