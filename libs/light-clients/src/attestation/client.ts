// A light client of the hub, as contracts on other chains keep one: two set hashes instead of a commit.
import { assert, equalBytes } from '@causeway/primitives'
import { requireLength } from './attestation-bytes.ts'
import type { AttestationMessage } from './attestation-bytes.ts'
import type { BlsScheme } from './bls/scheme.ts'
import { errors } from './errors.ts'
import { verifyAttestation } from './verify-attestation.ts'
import type { AttestationHeader } from './verify-attestation.ts'

/** What is known of one height. */
export interface AttestedState {
  readonly timeSeconds: bigint
  /** The state after the height before: what memberships are proven against. */
  readonly appHash: Uint8Array
  readonly nextSetHash: Uint8Array
}

/** A client of the hub. Never changed: every step gives a new one. */
export interface HubClientState {
  readonly chainId: string
  readonly trustingPeriodSeconds: bigint
  readonly maxClockDriftSeconds: bigint
  readonly latestHeight: bigint
  /** The first height that the current set is known to sign. */
  readonly currentSetStart: bigint
  /** Hash of the set that signs heights from `currentSetStart` to `latestHeight`. */
  readonly currentSetHash: Uint8Array
  /** Hash of the set that signs `latestHeight` + 1. */
  readonly nextSetHash: Uint8Array
  readonly isFrozen: boolean
  readonly states: ReadonlyMap<bigint, AttestedState>
}

/** What a client starts with: one attestation that is trusted, and the set that signed it. */
export interface TrustedAttestation extends AttestedState {
  readonly chainId: string
  readonly height: bigint
  readonly setHash: Uint8Array
}

/** What an update did. */
export type HubClientUpdate = 'updated' | 'unchanged' | 'frozen'

const HASH_BYTES = 32

/** Makes a client. Throws `attestation/1`, `/26`. */
export function createHubClient(
  trusted: TrustedAttestation,
  periods: Pick<HubClientState, 'trustingPeriodSeconds' | 'maxClockDriftSeconds'>,
): HubClientState {
  const { chainId, height, setHash, nextSetHash, timeSeconds, appHash } = trusted
  if (chainId === '') throw errors.invalidClientState({ reason: 'the chain id is empty' })
  if (height < 2n) throw errors.invalidClientState({ reason: 'height 2 is the first that is attested' })
  if (timeSeconds <= 0n) throw errors.invalidClientState({ reason: 'its time is not after 1970' })
  if (periods.trustingPeriodSeconds <= 0n) {
    throw errors.invalidClientState({ reason: 'the trusting period is not positive' })
  }
  for (const [what, hash] of Object.entries({ setHash, nextSetHash, appHash })) {
    requireLength(what, hash, HASH_BYTES)
  }
  return {
    ...periods,
    chainId,
    latestHeight: height,
    currentSetStart: height,
    currentSetHash: setHash,
    nextSetHash,
    isFrozen: false,
    states: new Map([[height, { timeSeconds, appHash, nextSetHash }]]),
  }
}

/** Whether a client may be used at a time. */
export function hubClientStatus(state: HubClientState, nowSeconds: bigint): 'Active' | 'Frozen' | 'Expired' {
  if (state.isFrozen) return 'Frozen'
  return expires(state) <= nowSeconds ? 'Expired' : 'Active'
}

/**
 * Takes a header: a new height moves the client on or fills a gap; the same attestation again changes
 * nothing; one that contradicts what is known (another one of its height, or a time that went backwards)
 * freezes the client. Throws `attestation/*`.
 */
export function updateHubClient(
  scheme: BlsScheme,
  state: HubClientState,
  header: AttestationHeader,
  nowSeconds: bigint,
): { state: HubClientState; update: HubClientUpdate } {
  // 1. Judge: the client is active, the header neither from the future nor expired
  if (state.isFrozen) throw errors.frozen()
  requireNotExpired(state, nowSeconds)
  const { height, timeSeconds: time } = header.message
  const limit = nowSeconds + state.maxClockDriftSeconds
  if (time >= limit) throw errors.fromFuture({ time, limit })
  // Also below the latest height: its signers could not be slashed for it any more
  const oldest = nowSeconds - state.trustingPeriodSeconds
  if (time <= oldest) throw errors.tooOld({ time, oldest })
  // 2. Replay
  const known = state.states.get(height)
  if (known !== undefined && isSame(known, header.message)) return { state, update: 'unchanged' }
  // 3. Authenticate
  verifyAttestation(scheme, onChain(header, state), setHashAt(state, height))
  // 4. Write
  if (known !== undefined || isOutOfOrder(state, height, time)) {
    return { state: { ...state, isFrozen: true }, update: 'frozen' }
  }
  return { state: withHeader(state, header), update: 'updated' }
}

/**
 * Freezes a client that is shown two attestations that contradict each other, each signed by the set of its
 * height: different ones of one height, or times that go backwards. A client that is frozen stays so. Throws
 * `attestation/*`.
 */
export function freezeHubClient(
  scheme: BlsScheme,
  state: HubClientState,
  headers: readonly [AttestationHeader, AttestationHeader],
  nowSeconds: bigint,
): HubClientState {
  requireNotExpired(state, nowSeconds)
  const [first, second] = headers
  if (!contradict(first.message, second.message)) throw errors.notMisbehaviour()
  for (const header of headers) {
    verifyAttestation(scheme, onChain(header, state), setHashAt(state, header.message.height))
  }
  return { ...state, isFrozen: true }
}

/** What is known of a height, to prove memberships against. Throws `attestation/20`, `/21`, `/27`. */
export function attestedStateAt(state: HubClientState, height: bigint, nowSeconds: bigint): AttestedState {
  if (state.isFrozen) throw errors.frozen()
  requireNotExpired(state, nowSeconds)
  const known = state.states.get(height)
  if (known === undefined) throw errors.unknownHeight({ height })
  return known
}

function requireNotExpired(state: HubClientState, now: bigint): void {
  if (expires(state) <= now) throw errors.expired({ expires: expires(state), now })
}

function expires(state: HubClientState): bigint {
  const latest = state.states.get(state.latestHeight)
  assert(latest !== undefined, 'the latest height is known')
  return latest.timeSeconds + state.trustingPeriodSeconds
}

/** The chain id is the client's own: a header of another chain was signed over other bytes. */
function onChain(header: AttestationHeader, { chainId }: HubClientState): AttestationHeader {
  return { ...header, message: { ...header.message, chainId } }
}

function setHashAt(state: HubClientState, height: bigint): Uint8Array {
  if (height > state.latestHeight) return state.nextSetHash
  const start = state.currentSetStart
  if (height < start) throw errors.beforeCurrentSet({ height, start })
  return state.currentSetHash
}

function isSame(known: AttestedState, message: AttestedState): boolean {
  return (
    known.timeSeconds === message.timeSeconds &&
    equalBytes(known.appHash, message.appHash) &&
    equalBytes(known.nextSetHash, message.nextSetHash)
  )
}

/** At one height the chain attests one state, and its time never goes back. */
function contradict(a: AttestationMessage, b: AttestationMessage): boolean {
  if (a.height < b.height) return a.timeSeconds > b.timeSeconds
  if (a.height > b.height) return a.timeSeconds < b.timeSeconds
  return !isSame(a, b)
}

/** Whether a time contradicts that of the latest height, or of the one that the client began with. */
function isOutOfOrder({ states, latestHeight }: HubClientState, height: bigint, time: bigint): boolean {
  const latest = states.get(latestHeight)!.timeSeconds
  if (height > latestHeight) return time < latest
  const [first] = states.values()
  return time > latest || time < first!.timeSeconds
}

function withHeader(state: HubClientState, { message }: AttestationHeader): HubClientState {
  const { height, timeSeconds, appHash, nextSetHash } = message
  const states = new Map([...state.states, [height, { timeSeconds, appHash, nextSetHash }]])
  if (height < state.latestHeight) return { ...state, states }
  const isSameSet = equalBytes(state.nextSetHash, state.currentSetHash)
  return {
    ...state,
    states,
    latestHeight: height,
    currentSetStart: isSameSet ? state.currentSetStart : state.latestHeight + 1n,
    currentSetHash: state.nextSetHash,
    nextSetHash,
  }
}
