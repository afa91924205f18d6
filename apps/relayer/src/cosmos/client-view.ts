import { SOLANA_CLIENT_STATE_TYPE_URL, periodAt } from '@causeway/light-clients'
import { clientPrefix } from '@causeway/messaging'
import { be64, concatBytes, fromBe64, NANOSECONDS_PER_SECOND, toBase58, utf8 } from '@causeway/primitives'
import {
  ClientState as EthereumClientState,
  ConsensusState as EthereumConsensusState,
} from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import {
  ClientState as SolanaClientState,
  ConsensusState as SolanaConsensusState,
} from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
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
import { evmChainId, solanaChainId } from '../plan/chain-ids.ts'
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
  readonly period?: bigint
  /** Of type `solana`: the highest epoch whose validators it knows. */
  readonly latestEpoch?: bigint
}

/**
 * A 07-tendermint, ethereum or solana client on this chain. Throws `RelayError` (not found, or of another
 * type).
 */
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
    throw new RelayError(
      'config',
      'never',
      `client ${clientId} is neither 07-tendermint nor ethereum nor solana`,
    )
  }
  const { period, ...view } = facts
  const { latestEpoch } = view
  const [latest, knowsNextCommittee, trustedSinceNanoseconds] = await Promise.all([
    queryLatest(pool, clientId, facts),
    period === undefined ? undefined : hasCommittee(pool, clientId, period + 1n),
    latestEpoch === undefined ? undefined : queryTrustedSince(pool, clientId, latestEpoch),
  ])
  return {
    ...{ ...view, ...latest, clientId },
    status: readStatus(statusAnswer.status),
    ...(knowsNextCommittee === undefined ? {} : { knowsNextCommittee }),
    ...(trustedSinceNanoseconds === undefined ? {} : { trustedSinceNanoseconds }),
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
): Promise<Pick<ClientView, 'latestTimeNanoseconds' | 'beaconRoot' | 'bankHash'>> {
  const { clientType, revisionNumber, latestHeight: revisionHeight } = facts
  const answer = await abciQuery(
    pool,
    `${CLIENT_V1}/ConsensusState`,
    QueryConsensusStateRequest,
    QueryConsensusStateResponse,
    { clientId, revisionNumber, revisionHeight, latestHeight: false },
  )
  const bytes = answer.consensusState?.value ?? new Uint8Array()
  if (clientType === 'solana') {
    const { timestampSeconds, bankHash } = SolanaConsensusState.decode(bytes)
    return { latestTimeNanoseconds: timestampSeconds * NANOSECONDS_PER_SECOND, bankHash }
  }
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

/** From when on a solana client trusts the validators of an epoch; the hub keeps it beside each set. */
async function queryTrustedSince(
  pool: CometPool,
  clientId: string,
  epoch: bigint,
): Promise<bigint | undefined> {
  const key = concatBytes(clientPrefix(clientId), utf8('epochs/'), be64(epoch))
  const seconds = await queryStore(pool, IBC_STORE, key)
  return seconds.length === 8 ? fromBe64(seconds) * NANOSECONDS_PER_SECOND : undefined
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
    }
  }
  if (typeUrl === SOLANA_CLIENT_STATE_TYPE_URL) return readSolanaState(SolanaClientState.decode(value))
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

function readSolanaState(state: SolanaClientState): StateFacts {
  const { genesisHash, latestSlot, latestEpoch } = state
  return {
    clientType: 'solana',
    chainId: solanaChainId(toBase58(genesisHash)),
    revisionNumber: 0n,
    latestHeight: latestSlot,
    trustingPeriodNanoseconds: durationNanoseconds(state.trustingPeriod),
    latestEpoch,
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
