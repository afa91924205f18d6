import type { Any } from '@causeway/protocol'
import type {
  ClientState,
  ConsensusState,
  Fork,
  OptimisticHead,
} from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import type { ClientContext, ClientStatus, ClientStore, LightClient } from '../../light-client.ts'
import type { BlsScheme } from '../bls/verify-sync-aggregate.ts'
import { validateLightClientBootstrap } from '../consensus/bootstrap.ts'
import { periodAt } from '../consensus/forks.ts'
import { errors } from '../errors.ts'
import type { ContractStorageProof } from '../state/ibc-commitment.ts'
import { requireCommitment, verifyIbcCommitment } from '../state/ibc-commitment.ts'
import { decodeClientMessage } from './client-message.ts'
import { chainConfigOf, nanosecondsOf, validateClientState } from './client-state.ts'
import {
  heightOfSlot,
  readClientState,
  readConsensusState,
  readOptimisticHead,
  writeClientState,
  writeCommittee,
  writeConsensusState,
} from './client-storage.ts'
import { createCommittees } from './committees.ts'
import type { Committees } from './committees.ts'
import { consensusStateOf, equalConsensusStates, timestampNanoseconds } from './consensus-state.ts'
import { decodeBootstrap, decodeClientState, decodeConsensusState, decodeStorageProof } from './decode.ts'
import { contradictsStored, provesMisbehaviour } from './misbehaviour.ts'
import { differenceFrom, extendForks, forgetStates, recoverClient } from './recover-client.ts'
import { storeUpdate } from './store-update.ts'
import {
  ETHEREUM_CLIENT_STATE_TYPE_URL,
  ETHEREUM_CONSENSUS_STATE_TYPE_URL,
  ETHEREUM_HEADER_TYPE_URL,
  ETHEREUM_MISBEHAVIOUR_TYPE_URL,
} from './type-urls.ts'
import { createUpdateVerifier } from './verify-update.ts'

/** What a client is composed with. */
export interface EthereumClientOptions<Key> {
  /** `blstScheme`, or another implementation of BLS12-381. */
  readonly bls: BlsScheme<Key>
}

/** A light client of Ethereum, which also knows the head that isn't final yet. */
export interface EthereumClient extends LightClient {
  /** The newest attested head above what is final; it may still be reorganised away: not for packets. */
  optimisticHead(store: ClientStore): OptimisticHead | undefined
  /** Names the forks after what is final, instead of those that were named before. */
  extendForks(store: ClientStore, forks: readonly Fork[]): void
  /** Throws unless `path` has `value` in the optimistic head's state. */
  verifyOptimisticMembership(
    store: ClientStore,
    proof: Uint8Array,
    path: readonly Uint8Array[],
    value: Uint8Array,
    context: ClientContext,
  ): void
}

/** Bytes that keccak-256 takes in at once. */
const KECCAK_BLOCK_BYTES = 136

/**
 * The Ethereum light client: Altair's sync protocol, and EIP-1186 proofs of an IBC contract's commitments
 * under finalised execution state roots. Refusals are `ethereum/…`. BLS and hashes of proofs are charged to
 * the context before they are done, whatever this process remembers of them. Spec: consensus-specs
 * specs/*\/light-client/sync-protocol.md; ICS-02; EIP-1186.
 *
 * DIFFERS FROM SPEC: nothing is ever forced, every update needs two thirds of its committee (an optimistic
 * one too), and types are those of the attested header's fork.
 */
export function createEthereumClient<Key>({ bls }: EthereumClientOptions<Key>): EthereumClient {
  const committees = createCommittees(bls)
  const verifier = createUpdateVerifier(committees)
  return {
    clientType: 'ethereum',
    typeUrls: {
      clientState: ETHEREUM_CLIENT_STATE_TYPE_URL,
      consensusState: ETHEREUM_CONSENSUS_STATE_TYPE_URL,
      messages: [ETHEREUM_HEADER_TYPE_URL, ETHEREUM_MISBEHAVIOUR_TYPE_URL],
    },
    initialise: (store, clientState, consensusState, context) =>
      initialise(store, committees, { clientState, consensusState }, context),
    verifyClientMessage(store, message, context) {
      const client = activeClient(store, context.timeNanoseconds)
      const decoded = decodeClientMessage(chainConfigOf(client), message)
      if (decoded.kind === 'header') verifier.verifyUpdate(store, client, decoded.update, context)
      else verifier.verifyMisbehaviour(store, client, [decoded.first, decoded.second], context)
    },
    checkForMisbehaviour(store, message) {
      const config = chainConfigOf(readClientState(store))
      const decoded = decodeClientMessage(config, message)
      if (decoded.kind === 'misbehaviour') return provesMisbehaviour(config, decoded.first, decoded.second)
      return contradictsStored(store, decoded.update)
    },
    updateState(store, message, context) {
      const decoded = decodeClientMessage(chainConfigOf(readClientState(store)), message)
      // Misbehaviour that proved nothing changes nothing.
      return decoded.kind === 'misbehaviour' ? [] : storeUpdate(store, committees, decoded.update, context)
    },
    updateStateOnMisbehaviour(store) {
      writeClientState(store, { ...readClientState(store), isFrozen: true })
    },
    verifyMembership(store, height, proof, path, value, context) {
      const { client, state } = provable(store, height.revisionHeight, context)
      requireCommitment(commitmentAt(client, state.stateRoot, path, proof, context), value)
    },
    verifyNonMembership(store, height, proof, path, context) {
      const { client, state } = provable(store, height.revisionHeight, context)
      if (commitmentAt(client, state.stateRoot, path, proof, context)) throw errors.valuePresent()
    },
    status,
    latestHeight: (store) => heightOfSlot(readClientState(store).latestSlot),
    timestampAtHeight: (store, height) =>
      timestampNanoseconds(requireConsensusState(store, height.revisionHeight)),
    differenceFrom,
    recover: recoverClient,
    forgetStates,
    extendForks,
    optimisticHead,
    verifyOptimisticMembership(store, proof, path, value, context) {
      const client = activeClient(store, context.timeNanoseconds)
      const head = optimisticHead(store)
      if (!head) throw errors.noOptimisticHead()
      requireCommitment(commitmentAt(client, head.stateRoot, path, proof, context), value)
    },
  }
}

/**
 * The consensus state that creates a client names the trusted block and brings the bootstrap that proves the
 * rest of it: whoever trusts the client has to check `beacon_root` and the client state, nothing else.
 */
function initialise(
  store: ClientStore,
  committees: Committees,
  { clientState, consensusState }: { clientState: Any; consensusState: Any },
  context: ClientContext,
): void {
  const client = decodeClientState(clientState)
  validateClientState(client)
  const given = decodeConsensusState(consensusState)
  if (!given.bootstrap) throw errors.invalidConsensusState({ reason: 'the bootstrap is missing' })
  const config = chainConfigOf(client)
  const bootstrap = decodeBootstrap(config, given.bootstrap)
  context.charge?.('blsKey', config.syncCommitteeSize)
  validateLightClientBootstrap(config, given.beaconRoot, bootstrap)
  const { slot } = bootstrap.header.beacon
  const state = consensusStateOf(bootstrap.header)
  if (!equalConsensusStates(given, state)) {
    throw errors.invalidConsensusState({ reason: 'it is not what its bootstrap proves' })
  }
  if (client.latestSlot !== slot)
    throw errors.invalidClientState({ reason: 'the latest slot is not that of the bootstrap' })
  writeClientState(store, client)
  writeConsensusState(store, slot, state, context)
  writeCommittee(store, periodAt(config, slot), committees.stored(bootstrap.currentSyncCommittee))
}

function status(store: ClientStore, timeNanoseconds: bigint): ClientStatus {
  const client = readClientState(store)
  if (client.isFrozen) return 'Frozen'
  const latest = readConsensusState(store, client.latestSlot)
  const isExpired =
    !latest || timestampNanoseconds(latest) + nanosecondsOf(client.trustingPeriod) <= timeNanoseconds
  return isExpired ? 'Expired' : 'Active'
}

function activeClient(store: ClientStore, timeNanoseconds: bigint): ClientState {
  const current = status(store, timeNanoseconds)
  if (current === 'Frozen') throw errors.clientFrozen()
  if (current === 'Expired') throw errors.clientExpired()
  return readClientState(store)
}

function provable(
  store: ClientStore,
  slot: bigint,
  context: ClientContext,
): { client: ClientState; state: ConsensusState } {
  const client = activeClient(store, context.timeNanoseconds)
  if (slot > client.latestSlot) throw errors.proofHeightTooHigh({ slot, latest: client.latestSlot })
  return { client, state: requireConsensusState(store, slot) }
}

function commitmentAt(
  client: ClientState,
  stateRoot: Uint8Array,
  path: readonly Uint8Array[],
  proofBytes: Uint8Array,
  context: ClientContext,
): Uint8Array | undefined {
  const proof = decodeStorageProof(proofBytes)
  context.charge?.('hash', keccakBlocks(proof))
  const contract = { address: client.ibcContractAddress, commitmentSlot: client.ibcCommitmentSlot }
  return verifyIbcCommitment(stateRoot, contract, path, proof)
}

function keccakBlocks({ accountProof, storageProof }: ContractStorageProof): number {
  const blocks = (node: Uint8Array) => Math.floor(node.length / KECCAK_BLOCK_BYTES) + 1
  return [...accountProof, ...storageProof].reduce((sum, node) => sum + blocks(node), 0)
}

function requireConsensusState(store: ClientStore, slot: bigint): ConsensusState {
  const state = readConsensusState(store, slot)
  if (!state) throw errors.consensusStateNotFound({ slot })
  return state
}

function optimisticHead(store: ClientStore): OptimisticHead | undefined {
  const head = readOptimisticHead(store)
  return head && head.slot > readClientState(store).latestSlot ? head : undefined
}
