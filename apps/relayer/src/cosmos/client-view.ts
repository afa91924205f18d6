import { periodAt } from '@causeway/light-clients'
import { clientPrefix } from '@causeway/messaging'
import { be64, concatBytes, NANOSECONDS_PER_SECOND, utf8 } from '@causeway/primitives'
import {
  ClientState as EthereumClientState,
  ConsensusState as EthereumConsensusState,
} from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import type { Duration } from '@causeway/protocol/google/protobuf/duration'
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
import { ClientState, ConsensusState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'

import { RelayError } from '../errors.ts'
import { evmChainId } from '../plan/chain-ids.ts'
import type { ClientView } from '../plan/view.ts'
import { abciQuery, queryStore, QueryRefusal } from './abci-query.ts'
import type { CometPool } from './comet-pool.ts'
import { timestampNanoseconds } from './queries.ts'

const CLIENT_V1 = '/ibc.core.client.v1.Query'
const IBC_STORE = 'ibc'

/** What a client's state says of itself, whatever its kind. */
interface StateFacts {
  readonly clientType: ClientView['clientType']
  readonly chainId: string
  readonly revisionNumber: bigint
  readonly latestHeight: bigint
  readonly trustingPeriodNanoseconds: bigint
  /** Of type `ethereum`: the period of the latest slot's sync committee. */
  readonly period: bigint | undefined
}

/** A 07-tendermint or ethereum client on this chain. Throws `RelayError` (not found, or of another type). */
export async function queryClientView(pool: CometPool, clientId: string): Promise<ClientView> {
  const [stateAnswer, statusAnswer] = await Promise.all([
    abciQuery(pool, `${CLIENT_V1}/ClientState`, QueryClientStateRequest, QueryClientStateResponse, {
      clientId,
    }),
    abciQuery(pool, `${CLIENT_V1}/ClientStatus`, QueryClientStatusRequest, QueryClientStatusResponse, {
      clientId,
    }),
  ])
  const facts = stateAnswer.clientState && readState(stateAnswer.clientState)
  if (facts === undefined) {
    throw new RelayError('config', 'never', `client ${clientId} is neither 07-tendermint nor ethereum`)
  }
  const { period, ...view } = facts
  const [latest, knowsNextCommittee] = await Promise.all([
    queryLatest(pool, clientId, facts),
    period === undefined ? undefined : hasCommittee(pool, clientId, period + 1n),
  ])
  return {
    ...{ ...view, ...latest, clientId },
    status: readStatus(statusAnswer.status),
    ...(knowsNextCommittee === undefined ? {} : { knowsNextCommittee }),
  }
}

/**
 * Ids of clients that follow `chainId` and were created by `creator`, in order; empty if a
 * chain can't tell.
 */
export async function queryOwnClients(pool: CometPool, chainId: string, creator: string): Promise<string[]> {
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
    if (clientState === undefined || readState(clientState)?.chainId !== chainId) continue
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

/** What the consensus state at a client's latest height says. */
async function queryLatest(
  pool: CometPool,
  clientId: string,
  facts: StateFacts,
): Promise<Pick<ClientView, 'latestTimeNanoseconds' | 'beaconRoot'>> {
  const { clientType, revisionNumber, latestHeight: revisionHeight } = facts
  const answer = await abciQuery(
    pool,
    `${CLIENT_V1}/ConsensusState`,
    QueryConsensusStateRequest,
    QueryConsensusStateResponse,
    { clientId, revisionNumber, revisionHeight, latestHeight: false },
  )
  const bytes = answer.consensusState?.value ?? new Uint8Array()
  if (clientType !== 'ethereum')
    return { latestTimeNanoseconds: timestampNanoseconds(ConsensusState.decode(bytes).timestamp) }
  const { timestampSeconds, beaconRoot } = EthereumConsensusState.decode(bytes)
  return { latestTimeNanoseconds: timestampSeconds * NANOSECONDS_PER_SECOND, beaconRoot }
}

/** Whether an ethereum client knows the sync committee of a period: the hub keeps a mark for each. */
async function hasCommittee(pool: CometPool, clientId: string, period: bigint): Promise<boolean> {
  const key = concatBytes(clientPrefix(clientId), utf8('periods/'), be64(period))
  return (await queryStore(pool, IBC_STORE, key)).length > 0
}

function readState({ typeUrl, value }: Any): StateFacts | undefined {
  if (typeUrl === '/ibc.lightclients.tendermint.v1.ClientState') {
    const { chainId, latestHeight, trustingPeriod } = ClientState.decode(value)
    return {
      clientType: '07-tendermint',
      chainId,
      revisionNumber: latestHeight?.revisionNumber ?? 0n,
      latestHeight: latestHeight?.revisionHeight ?? 0n,
      trustingPeriodNanoseconds: durationNanoseconds(trustingPeriod),
      period: undefined,
    }
  }
  if (typeUrl !== '/causeway.lightclients.ethereum.v1.ClientState') return undefined
  const state = EthereumClientState.decode(value)
  return {
    clientType: 'ethereum',
    chainId: evmChainId(state.chainId),
    revisionNumber: 0n,
    latestHeight: state.latestSlot,
    trustingPeriodNanoseconds: durationNanoseconds(state.trustingPeriod),
    period: periodAt(chainConfig(state), state.latestSlot),
  }
}

function chainConfig(state: EthereumClientState): Parameters<typeof periodAt>[0] {
  const { slotsPerEpoch, epochsPerSyncCommitteePeriod, syncCommitteeSize, genesisValidatorsRoot } = state
  if (slotsPerEpoch === 0n || epochsPerSyncCommitteePeriod === 0n)
    throw new RelayError('config', 'never', 'a client whose epochs have no length')
  const sizes = { slotsPerEpoch, epochsPerSyncCommitteePeriod, syncCommitteeSize, genesisValidatorsRoot }
  return { ...sizes, minSyncCommitteeParticipants: 1, forks: [] }
}

function durationNanoseconds(period: Duration | undefined): bigint {
  return period === undefined ? 0n : period.seconds * NANOSECONDS_PER_SECOND + BigInt(period.nanos)
}

function readStatus(status: string): ClientView['status'] {
  return status === 'Active' || status === 'Frozen' || status === 'Expired' ? status : 'Unknown'
}
