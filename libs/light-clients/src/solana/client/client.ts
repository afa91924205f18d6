import type { Any } from '@causeway/protocol'
import type { ClientState, ConsensusState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { EMPTY_BYTES, NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import type { ClientContext, ClientStatus, ClientStore, LightClient } from '../../light-client.ts'
import { clocksIn } from '../bank/clock.ts'
import { verifyCommitment, verifyNoCommitment } from '../commitments/verify-commitment.ts'
import { TREE_DEPTH } from '../commitments/tree.ts'
import { KEY_BYTES } from '../addresses.ts'
import { readEpochStakes } from '../epoch-stakes.ts'
import { errors } from '../errors.ts'
import { decodeClientMessage } from './client-message.ts'
import { nanosecondsOf, validateClientState } from './client-state.ts'
import {
  heightOfSlot,
  readClientState,
  readConsensusState,
  readOptimisticHead,
  trustedFromSeconds,
  writeClientState,
  writeConsensusState,
  writeValidatorSet,
} from './client-storage.ts'
import { consensusStateOf, timestampNanoseconds } from './consensus-state.ts'
import { decodeClientState, decodeCommitmentProof, decodeConsensusState } from './decode.ts'
import { contradictsStored } from './misbehaviour.ts'
import { differenceFrom, forgetStates, recoverClient } from './recover-client.ts'
import { storeHeader } from './store-header.ts'
import {
  SOLANA_CLIENT_STATE_TYPE_URL,
  SOLANA_CONSENSUS_STATE_TYPE_URL,
  SOLANA_HEADER_TYPE_URL,
  SOLANA_MISBEHAVIOUR_TYPE_URL,
} from './type-urls.ts'
import { verifyHeader, verifyMisbehaviour } from './verify-message.ts'
import type { SolanaCrypto } from './verify-message.ts'

/** A light client of Solana, which also knows the confirmed head that isn't final yet. */
export interface SolanaClient extends LightClient {
  /** The newest confirmed slot above what is final; it may still be abandoned: not for packets. */
  optimisticHead(store: ClientStore): { slot: bigint; timestampSeconds: bigint } | undefined
  /** Throws unless `path` has `value` in the optimistic head's state. */
  verifyOptimisticMembership(
    store: ClientStore,
    proof: Uint8Array,
    path: readonly Uint8Array[],
    value: Uint8Array,
    context: ClientContext,
  ): void
}

/** Hashes of a path: its levels, the leaf and the tag. */
const HASHES_PER_PROOF = TREE_DEPTH + 2

/**
 * The Solana light client: votes or certificates of an epoch's validators settle a slot's bank hash, the
 * lattice hash proves what the slot wrote, and of that the client keeps the Clock's time, the roots of its
 * counterparty's trees and the next epoch's validators. Refusals are `solana/…`. Spec: ICS-02; the design is
 * told in docs/solana-light-client.md.
 */
export function createSolanaClient<Key>(crypto: SolanaCrypto<Key>): SolanaClient {
  return {
    clientType: 'solana',
    typeUrls: {
      clientState: SOLANA_CLIENT_STATE_TYPE_URL,
      consensusState: SOLANA_CONSENSUS_STATE_TYPE_URL,
      messages: [SOLANA_HEADER_TYPE_URL, SOLANA_MISBEHAVIOUR_TYPE_URL],
    },
    initialise,
    verifyClientMessage(store, message, context) {
      const client = activeClient(store, context.timeNanoseconds)
      const decoded = decodeClientMessage(client, message)
      if (decoded.kind === 'header') verifyHeader(store, client, decoded, context, crypto)
      else verifyMisbehaviour(store, client, decoded, context, crypto)
    },
    checkForMisbehaviour(store, message) {
      const client = readClientState(store)
      const decoded = decodeClientMessage(client, message)
      if (decoded.kind === 'misbehaviour') return true
      const { slot, bankHash, isFinal } = decoded.evidence.claim
      const { writes } = decoded.state
      const state = consensusStateOf(client, bankHash, clocksIn(writes).after, writes)
      return contradictsStored(store, { slot, isFinal, state })
    },
    updateState(store, message, context) {
      const decoded = decodeClientMessage(readClientState(store), message)
      return decoded.kind === 'header' ? storeHeader(store, decoded, context) : []
    },
    updateStateOnMisbehaviour(store) {
      writeClientState(store, { ...readClientState(store), isFrozen: true })
    },
    verifyMembership(store, height, proof, path, value, context) {
      const roots = provenRoots(store, height.revisionHeight, context)
      verifyCommitment(roots, path, value, decodeCommitmentProof(proof))
    },
    verifyNonMembership(store, height, proof, path, context) {
      const roots = provenRoots(store, height.revisionHeight, context)
      verifyNoCommitment(roots, path, decodeCommitmentProof(proof))
    },
    status,
    latestHeight: (store) => heightOfSlot(readClientState(store).latestSlot),
    timestampAtHeight: (store, height) =>
      timestampNanoseconds(requireConsensusState(store, height.revisionHeight)),
    differenceFrom,
    recover: recoverClient,
    forgetStates,
    optimisticHead(store) {
      const head = optimisticState(store)
      return head && { slot: head.slot, timestampSeconds: head.state.timestampSeconds }
    },
    verifyOptimisticMembership(store, proof, path, value, context) {
      activeClient(store, context.timeNanoseconds)
      const head = optimisticState(store)
      if (!head) throw errors.noOptimisticHead()
      context.charge?.('hash', HASHES_PER_PROOF)
      verifyCommitment(requireRoots(head.state), path, value, decodeCommitmentProof(proof))
    },
  }
}

/**
 * A client begins at a checkpoint that its creator vouches for: a slot, its bank hash and time, and the
 * validators of its epoch. Whoever lists the client checks all of that, and the client state.
 */
function initialise(store: ClientStore, clientState: Any, consensusState: Any, context: ClientContext): void {
  const client = decodeClientState(clientState)
  validateClientState(client)
  const { epochStakes, ...given } = decodeConsensusState(consensusState)
  const refuse = (reason: string) => errors.invalidConsensusState({ reason })
  if (given.bankHash.length !== KEY_BYTES) throw refuse('the bank hash is none')
  if (given.commitmentsRoot.length > 0 || given.receiptsRoot.length > 0)
    throw refuse('roots come with headers')
  if (given.timestampSeconds * NANOSECONDS_PER_SECOND > context.timeNanoseconds)
    throw refuse('it is in the future')
  const stakes = readEpochStakes(epochStakes)
  if (stakes.epoch !== given.epoch || given.epoch !== client.latestEpoch)
    throw refuse('the validators are of another epoch')
  if (3n * stakes.recordedStake < 2n * stakes.totalStake || stakes.totalStake === 0n)
    throw refuse('two thirds of the stake are not in the set')
  writeClientState(store, client)
  writeConsensusState(store, client.latestSlot, { ...given, epochStakes: EMPTY_BYTES }, context)
  writeValidatorSet(store, given.epoch, stakes.bytes, given.timestampSeconds)
}

function status(store: ClientStore, timeNanoseconds: bigint): ClientStatus {
  const client = readClientState(store)
  if (client.isFrozen) return 'Frozen'
  const from = trustedFromSeconds(store, client.latestEpoch)
  const isExpired =
    from === undefined ||
    from * NANOSECONDS_PER_SECOND + nanosecondsOf(client.trustingPeriod) <= timeNanoseconds
  return isExpired ? 'Expired' : 'Active'
}

function activeClient(store: ClientStore, timeNanoseconds: bigint): ClientState {
  const current = status(store, timeNanoseconds)
  if (current === 'Frozen') throw errors.clientFrozen()
  if (current === 'Expired') throw errors.clientExpired()
  return readClientState(store)
}

function provenRoots(store: ClientStore, slot: bigint, context: ClientContext): ConsensusState {
  const client = activeClient(store, context.timeNanoseconds)
  if (slot > client.latestSlot) throw errors.proofHeightTooHigh({ slot, latest: client.latestSlot })
  context.charge?.('hash', HASHES_PER_PROOF)
  return requireRoots(requireConsensusState(store, slot))
}

function requireRoots(state: ConsensusState): ConsensusState {
  if (state.commitmentsRoot.length === 0) throw errors.rootAbsent()
  return state
}

function requireConsensusState(store: ClientStore, slot: bigint): ConsensusState {
  const state = readConsensusState(store, slot)
  if (!state) throw errors.consensusStateNotFound({ slot })
  return state
}

function optimisticState(store: ClientStore): { slot: bigint; state: ConsensusState } | undefined {
  const head = readOptimisticHead(store)
  return head?.state && head.slot > readClientState(store).latestSlot
    ? { slot: head.slot, state: head.state }
    : undefined
}
