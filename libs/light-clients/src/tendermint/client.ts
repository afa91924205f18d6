import type { Any, Height } from '@causeway/protocol'
import type { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import type { ConsensusState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { verifyChained, verifyChainedAbsence } from '../ics23/chained.ts'
import { decodeMerkleProof } from '../ics23/decode.ts'
import { hashCount } from '../ics23/hash-count.ts'
import type { ClientContext, ClientStatus, ClientStore, LightClient } from '../light-client.ts'
import {
  HEADER_TYPE_URL,
  MISBEHAVIOUR_TYPE_URL,
  createMessageDecoder,
  decodeClientState,
  decodeConsensusState,
  type ClientMessage,
} from './client-message.ts'
import {
  completeClientState,
  completeConsensusState,
  validateClientState,
  validateConsensusState,
  type CompleteClientState,
} from './client-state.ts'
import {
  CLIENT_STATE_TYPE_URL,
  CONSENSUS_STATE_TYPE_URL,
  deleteConsensusState,
  lowestHeight,
  readClientState,
  readConsensusState,
  writeClientState,
  writeConsensusState,
} from './client-storage.ts'
import { durationNanoseconds } from './durations.ts'
import { errors } from './errors.ts'
import { consensusStateOf, trustedValidatorsOf, type CheckedHeader } from './header-message.ts'
import { ZERO_HEIGHT, compareHeights, heightText } from './heights.ts'
import { contradictsStored, provesMisbehaviour, verifyMisbehaviour } from './misbehaviour.ts'
import { differenceFrom, forgetStates, recoverClient } from './recover-client.ts'
import { meteredSignatures, type VerifySignatures } from './signatures.ts'
import { toNanoseconds } from './timestamps.ts'
import { verifyHeader } from './verify-header.ts'

/** What a client is composed with. */
export interface TendermintClientOptions {
  /** Ed25519 under ZIP-215 and secp256k1: `createSignatureVerifier()`, or one over native verifiers. */
  readonly verifySignatures: VerifySignatures
}

type HeaderMessage = Extract<ClientMessage, { kind: 'header' }>

/** A non-zero frozen height says that a client is frozen; its value means nothing. */
const FROZEN_HEIGHT: Height = { revisionNumber: 0n, revisionHeight: 1n }

/**
 * The 07-tendermint light client, for any CometBFT chain. What it stores has ibc-go's bytes. Its verdicts
 * are ibc-go's, except that it refuses inputs beyond its bounds of size and states that no header could
 * ever build on, and where `DIFFERS FROM SPEC` says so, here and in ics23. Refusals are `07-tendermint/…`,
 * those of a proof `ics23/…`; the numbers 2–15 are ibc-go's. Signatures and hashes are charged to the
 * context before they are done, whatever this process has memorised of them. Spec: ICS-07; ibc-go v10
 * modules/light-clients/07-tendermint.
 */
export function createTendermintClient({ verifySignatures }: TendermintClientOptions): LightClient {
  const decode = createMessageDecoder()
  return {
    clientType: '07-tendermint',
    typeUrls: {
      clientState: CLIENT_STATE_TYPE_URL,
      consensusState: CONSENSUS_STATE_TYPE_URL,
      messages: [HEADER_TYPE_URL, MISBEHAVIOUR_TYPE_URL],
    },
    initialise,
    verifyClientMessage(store, message, context) {
      const client = activeClient(store, context.timeNanoseconds)
      const decoded = decode(message)
      const metered = meteredSignatures(verifySignatures, context.charge)
      if (decoded.kind === 'header') {
        verifyHeaderMessage(store, client, decoded, context.timeNanoseconds, metered)
      } else {
        verifyMisbehaviour(store, client, decoded.misbehaviour, context.timeNanoseconds, metered)
      }
    },
    checkForMisbehaviour(store, message) {
      const decoded = decode(message)
      if (decoded.kind === 'misbehaviour') return provesMisbehaviour(decoded.misbehaviour)
      return contradictsStored(store, decoded.checked)
    },
    updateState(store, message, context) {
      const decoded = decode(message)
      // Misbehaviour that proved nothing changes nothing.
      return decoded.kind === 'misbehaviour' ? [] : storeHeader(store, decoded.checked, context)
    },
    updateStateOnMisbehaviour(store) {
      writeClientState(store, { ...readClientState(store), frozenHeight: FROZEN_HEIGHT })
    },
    verifyMembership(store, height, proof, path, value, context) {
      const { client, root } = provable(store, height, context)
      verifyChained(client.proofSpecs, root, path, value, chargedProof(proof, context))
    },
    verifyNonMembership(store, height, proof, path, context) {
      const { client, root } = provable(store, height, context)
      verifyChainedAbsence(client.proofSpecs, root, path, chargedProof(proof, context))
    },
    status,
    latestHeight: (store) => readClientState(store).latestHeight,
    timestampAtHeight: (store, height) => toNanoseconds(requireConsensusState(store, height).timestamp),
    differenceFrom,
    recover: recoverClient,
    forgetStates,
  }
}

function initialise(store: ClientStore, clientState: Any, consensusState: Any, context: ClientContext): void {
  const client = completeClientState(decodeClientState(clientState))
  validateClientState(client)
  const consensus = completeConsensusState(decodeConsensusState(consensusState))
  validateConsensusState(consensus)
  writeClientState(store, client)
  writeConsensusState(store, client.latestHeight, consensus, context)
}

function verifyHeaderMessage(
  store: ClientStore,
  client: CompleteClientState,
  { message, checked }: HeaderMessage,
  nowNanoseconds: bigint,
  verifySignatures: VerifySignatures,
): void {
  // 1. The state that it builds on
  const { trustedHeight } = checked
  const trusted = requireConsensusState(store, trustedHeight)
  // 2. Its trusted validators are those that the state announces; a header never crosses a revision
  const trustedValidators = trustedValidatorsOf(message, trusted)
  if (checked.height.revisionNumber !== trustedHeight.revisionNumber) {
    throw errors.invalidHeaderHeight({ reason: "its revision is not the trusted height's" })
  }
  // 3. What the light-client protocol asks
  verifyHeader(
    {
      chainId: client.chainId,
      height: trustedHeight.revisionHeight,
      timeNanoseconds: toNanoseconds(trusted.timestamp),
      nextValidatorsHash: trusted.nextValidatorsHash,
    },
    trustedValidators,
    { signedHeader: checked, validators: checked.validators, validatorsHash: checked.validatorsHash },
    nowNanoseconds,
    {
      trustLevel: client.trustLevel,
      trustingPeriodNanoseconds: durationNanoseconds(client.trustingPeriod),
      maxClockDriftNanoseconds: durationNanoseconds(client.maxClockDrift),
      verifySignatures,
    },
  )
}

function storeHeader(store: ClientStore, checked: CheckedHeader, context: ClientContext): Height[] {
  const client = readClientState(store)
  pruneLowest(store, client, context.timeNanoseconds)
  const { height } = checked
  if (readConsensusState(store, height)) return [height]
  const latestHeight = compareHeights(height, client.latestHeight) > 0 ? height : client.latestHeight
  writeClientState(store, { ...client, latestHeight })
  writeConsensusState(store, height, consensusStateOf(checked), context)
  return [height]
}

/** An update removes the lowest consensus state when that has expired: it can serve nothing any more. */
function pruneLowest(store: ClientStore, client: CompleteClientState, nowNanoseconds: bigint): void {
  const height = lowestHeight(store)
  if (!height) return
  if (isExpired(client, requireConsensusState(store, height), nowNanoseconds))
    deleteConsensusState(store, height)
}

function status(store: ClientStore, timeNanoseconds: bigint): ClientStatus {
  const client = readClientState(store)
  if (compareHeights(client.frozenHeight, ZERO_HEIGHT) !== 0) return 'Frozen'
  const latest = readConsensusState(store, client.latestHeight)
  return !latest || isExpired(client, latest, timeNanoseconds) ? 'Expired' : 'Active'
}

function activeClient(store: ClientStore, timeNanoseconds: bigint): CompleteClientState {
  const current = status(store, timeNanoseconds)
  if (current === 'Frozen') throw errors.clientFrozen()
  if (current === 'Expired') throw errors.clientExpired()
  return readClientState(store)
}

/** Client and root that a proof at `height` is checked with. */
function provable(
  store: ClientStore,
  height: Height,
  context: ClientContext,
): { client: CompleteClientState; root: Uint8Array } {
  const client = activeClient(store, context.timeNanoseconds)
  if (compareHeights(client.latestHeight, height) < 0) {
    throw errors.proofHeightTooHigh({ height: heightText(height), latest: heightText(client.latestHeight) })
  }
  return { client, root: requireConsensusState(store, height).root?.hash ?? new Uint8Array(0) }
}

/** A proof whose hashes are charged for before the first is made. */
function chargedProof(bytes: Uint8Array, { charge }: ClientContext): MerkleProof {
  const proof = decodeMerkleProof(bytes)
  charge?.('hash', hashCount(proof))
  return proof
}

function requireConsensusState(store: ClientStore, height: Height): ConsensusState {
  const state = readConsensusState(store, height)
  if (!state) throw errors.consensusStateNotFound({ height: heightText(height) })
  return state
}

function isExpired(client: CompleteClientState, state: ConsensusState, nowNanoseconds: bigint): boolean {
  return toNanoseconds(state.timestamp) + durationNanoseconds(client.trustingPeriod) <= nowNanoseconds
}
