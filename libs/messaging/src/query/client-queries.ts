import { EMPTY_BYTES, concatBytes, fromUtf8, utf8 } from '@causeway/primitives'
import { Any } from '@causeway/protocol/google/protobuf/any'
import type { Height } from '@causeway/protocol/ibc/core/client/v1/client'
import * as query from '@causeway/protocol/ibc/core/client/v1/query'
import * as queryV2 from '@causeway/protocol/ibc/core/client/v2/query'
import { clientStatus } from '../client/active-client.ts'
import { heightText } from '../client/client-events.ts'
import { CLIENT_KEYS, iteratePrefix, readClientStore } from '../client/client-store.ts'
import { findCounterparty } from '../client/counterparty.ts'
import { clientPrefix } from '../commitments/store-keys.ts'
import { errors } from '../errors.ts'
import { requireClientId } from '../identifiers.ts'
import { walkClientStates } from './client-states.ts'
import { paginate } from './paginate.ts'
import type { Walk } from './paginate.ts'
import { queryMethod as method } from './query-context.ts'
import type { QueryContext, QueryHandler } from './query-context.ts'

const V1 = 'ibc.core.client.v1'
const V2 = 'ibc.core.client.v2'

/**
 * `/ibc.core.client.v1.Query/…` and `/ibc.core.client.v2.Query/…`. Spec: ibc-go v10 02-client
 * `keeper/grpc_query.go`.
 */
export const CLIENT_QUERIES: readonly (readonly [path: string, handler: QueryHandler])[] = [
  method(V1, 'ClientState', query.QueryClientStateRequest, query.QueryClientStateResponse, (context, r) => {
    const bytes = readClientStore(context.ibc, requireClientId(r.clientId)).get(CLIENT_KEYS.clientState)
    if (bytes === undefined) throw errors.notFound({ what: `client ${r.clientId}` })
    return { clientState: Any.decode(bytes), proof: EMPTY_BYTES, proofHeight: context.height }
  }),
  method(
    V1,
    'ClientStates',
    query.QueryClientStatesRequest,
    query.QueryClientStatesResponse,
    (context, r) => {
      const page = paginate(walkClientStates(context.ibc), r.pagination, (key, value) => ({
        clientId: fromUtf8(key).split('/')[1]!,
        clientState: Any.decode(value),
      }))
      return { clientStates: page.items, pagination: page.pagination }
    },
  ),
  method(
    V1,
    'ConsensusState',
    query.QueryConsensusStateRequest,
    query.QueryConsensusStateResponse,
    consensusState,
  ),
  method(
    V1,
    'ConsensusStates',
    query.QueryConsensusStatesRequest,
    query.QueryConsensusStatesResponse,
    (context, r) => {
      const page = paginate(walkConsensusStates(context, r.clientId), r.pagination, (key, value) => {
        const height = parseHeight(key)
        return height && { height, consensusState: Any.decode(value) }
      })
      return { consensusStates: page.items, pagination: page.pagination }
    },
  ),
  method(
    V1,
    'ConsensusStateHeights',
    query.QueryConsensusStateHeightsRequest,
    query.QueryConsensusStateHeightsResponse,
    (context, r) => {
      const page = paginate(walkConsensusStates(context, r.clientId), r.pagination, parseHeight)
      return { consensusStateHeights: page.items, pagination: page.pagination }
    },
  ),
  method(
    V1,
    'ClientStatus',
    query.QueryClientStatusRequest,
    query.QueryClientStatusResponse,
    (context, r) => {
      const { ibc, lightClients, timeNanoseconds } = context
      return { status: clientStatus(ibc, lightClients, requireClientId(r.clientId), timeNanoseconds) }
    },
  ),
  method(
    V1,
    'ClientCreator',
    query.QueryClientCreatorRequest,
    query.QueryClientCreatorResponse,
    (context, r) => {
      const creator = readClientStore(context.ibc, requireClientId(r.clientId)).get(CLIENT_KEYS.creator)
      return { creator: creator === undefined ? '' : fromUtf8(creator) }
    },
  ),
  method(V1, 'ClientParams', query.QueryClientParamsRequest, query.QueryClientParamsResponse, () => {
    return { params: { allowedClients: ['*'] } }
  }),
  method(
    V2,
    'CounterpartyInfo',
    queryV2.QueryCounterpartyInfoRequest,
    queryV2.QueryCounterpartyInfoResponse,
    (context, r) => {
      const counterpartyInfo = findCounterparty(context.ibc, requireClientId(r.clientId))
      if (counterpartyInfo === undefined) throw errors.notFound({ what: `counterparty of ${r.clientId}` })
      return { counterpartyInfo }
    },
  ),
  method(V2, 'Config', queryV2.QueryConfigRequest, queryV2.QueryConfigResponse, (_context, r) => {
    requireClientId(r.clientId)
    return { config: { allowedRelayers: [] } }
  }),
]

function consensusState(
  context: QueryContext,
  request: query.QueryConsensusStateRequest,
): query.QueryConsensusStateResponse {
  const { clientId, latestHeight, revisionNumber, revisionHeight } = request
  const store = readClientStore(context.ibc, requireClientId(clientId))
  if (!latestHeight && revisionHeight === 0n)
    throw errors.invalidRequest({ reason: 'consensus state height is 0' })
  if (store.get(CLIENT_KEYS.clientState) === undefined) throw errors.notFound({ what: `client ${clientId}` })
  const height = latestHeight
    ? context.lightClients.byClientId(clientId).latestHeight(store)
    : { revisionNumber, revisionHeight }
  const bytes = store.get(concatBytes(CLIENT_KEYS.consensusStates, utf8(heightText(height))))
  if (bytes === undefined)
    throw errors.notFound({ what: `consensus state ${clientId}/${heightText(height)}` })
  return { consensusState: Any.decode(bytes), proof: EMPTY_BYTES, proofHeight: context.height }
}

function walkConsensusStates(context: QueryContext, clientId: string): Walk {
  const prefix = concatBytes(clientPrefix(requireClientId(clientId)), CLIENT_KEYS.consensusStates)
  return (start, end, reverse) => iteratePrefix(context.ibc, prefix, start, end, reverse)
}

/** `{revision}-{height}`; nothing for the metadata that ibc-go keeps beside a consensus state. */
function parseHeight(key: Uint8Array): Height | undefined {
  const match = /^(\d+)-(\d+)$/.exec(fromUtf8(key))
  if (match === null) return undefined
  return { revisionNumber: BigInt(match[1]!), revisionHeight: BigInt(match[2]!) }
}
