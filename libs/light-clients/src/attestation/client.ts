// A light client of the hub, as contracts on other chains keep one: two set hashes instead of a commit.
import { assert, equalBytes, toHex } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import { requireLength } from './attestation-bytes.ts'
import type { AttestationMessage } from './attestation-bytes.ts'
import { attestorSetHash } from './attestor-set.ts'
import type { BlsScheme } from './bls/scheme.ts'
import { errors } from './errors.ts'
import {
  hearingPeriodSeconds,
  heardSet,
  namedSet,
  standingHeight,
  withKnownSet,
  withMark,
} from './known-sets.ts'
import type { KnownSet } from './known-sets.ts'
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
  /** By their hash in hex, what is known of sets beside the next one: for a while they may contradict. */
  readonly knownSets: ReadonlyMap<string, KnownSet>
  /** The first height that was reached in each fourteenth of a trusting period, by its number since 1970. */
  readonly marks: ReadonlyMap<bigint, bigint>
  /** When it was frozen, or had expired if that was before; it never thaws. */
  readonly frozenAtSeconds: bigint | undefined
  readonly states: ReadonlyMap<bigint, AttestedState>
}

/** What a client starts with: one attestation that is trusted, and the set that signed it. */
export interface TrustedAttestation extends AttestedState {
  readonly chainId: string
  readonly height: bigint
  readonly setHash: Uint8Array
}

/** What an update did; `learned`: it told no state, but of a set that may contradict from now on. */
export type HubClientUpdate = 'updated' | 'unchanged' | 'frozen' | 'learned'

const HASH_BYTES = 32
/** A contract counts heights from one state to the next, and seconds since the first, in four bytes. */
const AHEAD_MAX = 0xffff_ffffn

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
    if (isZero(hash)) throw errors.invalidClientState({ reason: `${what} is zero` })
  }
  const isRotating = !equalBytes(setHash, nextSetHash)
  return {
    ...periods,
    chainId,
    latestHeight: height,
    currentSetStart: height,
    currentSetHash: setHash,
    nextSetHash,
    knownSets: new Map(isRotating ? [[toHex(setHash), { start: height, endSeconds: timeSeconds }]] : []),
    marks: withMark(new Map(), periods.trustingPeriodSeconds, trusted),
    frozenAtSeconds: undefined,
    states: new Map([[height, { timeSeconds, appHash, nextSetHash }]]),
  }
}

/** Whether a client may be used at a time. */
export function hubClientStatus(state: HubClientState, nowSeconds: bigint): 'Active' | 'Frozen' | 'Expired' {
  if (state.frozenAtSeconds !== undefined) return 'Frozen'
  return expires(state) <= nowSeconds ? 'Expired' : 'Active'
}

/**
 * Takes a header: a new height moves the client on or fills a gap; the same attestation again changes
 * nothing; one that contradicts what is known (another one of its height, or a time that went backwards)
 * freezes the client. One that can be believed no more, by a set that is still heard, tells of the set that
 * it names; so does any while a client that has stopped still hears. Throws `attestation/*`.
 */
export function updateHubClient(
  scheme: BlsScheme,
  state: HubClientState,
  header: AttestationHeader,
  nowSeconds: bigint,
): { state: HubClientState; update: HubClientUpdate } {
  // 1. Judge: the header is not from the future; what is expired, or shown too late, only tells of a set
  const { height, timeSeconds: time } = header.message
  const limit = nowSeconds + state.maxClockDriftSeconds
  if (time >= limit) throw errors.fromFuture({ time, limit })
  const stopped = stoppedError(state, nowSeconds)
  if (stopped !== undefined) return learn(scheme, state, header, nowSeconds, stopped)
  // Also below the latest height: its signers could not be slashed for it any more
  const oldest = nowSeconds - state.trustingPeriodSeconds
  if (time <= oldest) return learn(scheme, state, header, nowSeconds, errors.tooOld({ time, oldest }))
  // 2. Replay
  const known = state.states.get(height)
  if (known !== undefined && isSame(known, header.message)) return { state, update: 'unchanged' }
  // 3. Authenticate and write: what contradicts by any set that is heard, what is new by that of its height
  if (known !== undefined || isOutOfOrder(state, height, time)) {
    verifyContradiction(scheme, state, header, nowSeconds)
    return { state: { ...state, frozenAtSeconds: nowSeconds }, update: 'frozen' }
  }
  const refusal = newStateRefusal(state, header, nowSeconds)
  if (refusal !== undefined) return learn(scheme, state, header, nowSeconds, refusal)
  verifyHeader(scheme, state, header, attestorSetHash(header.set))
  return { state: withHeader(state, header, nowSeconds), update: 'updated' }
}

/**
 * Freezes a client that is shown two attestations that contradict each other: different ones of one height,
 * or times that go backwards. Each is signed by a set that is heard. A client that is frozen stays so. For a
 * trusting period after it was frozen, or expired, more is heard; then nothing. Throws `attestation/*`.
 */
export function freezeHubClient(
  scheme: BlsScheme,
  state: HubClientState,
  headers: readonly [AttestationHeader, AttestationHeader],
  nowSeconds: bigint,
): HubClientState {
  const at = heardAt(state, nowSeconds)
  const [first, second] = headers
  if (!contradict(first.message, second.message)) throw errors.notMisbehaviour()
  for (const header of headers) verifyContradiction(scheme, state, header, at)
  return { ...state, frozenAtSeconds: state.frozenAtSeconds ?? at }
}

/** What is known of a height, to prove memberships against. Throws `attestation/20`, `/21`, `/27`. */
export function attestedStateAt(state: HubClientState, height: bigint, nowSeconds: bigint): AttestedState {
  const stopped = stoppedError(state, nowSeconds)
  if (stopped !== undefined) throw stopped
  const known = state.states.get(height)
  if (known === undefined) throw errors.unknownHeight({ height })
  return known
}

/** Why a client that is not active does nothing new. */
function stoppedError(state: HubClientState, now: bigint): ProtocolError | undefined {
  if (state.frozenAtSeconds !== undefined) return errors.frozen()
  return expires(state) <= now ? errors.expired({ expires: expires(state), now }) : undefined
}

/**
 * The time by which a client judges whom it hears: now, or when it stopped. A trusting period after it
 * stopped nothing is heard any more, so that what exits go by is fixed before they begin. Throws
 * `attestation/20`, `/21`.
 */
function heardAt(state: HubClientState, now: bigint): bigint {
  const stop = state.frozenAtSeconds ?? expires(state)
  if (now >= stop + state.trustingPeriodSeconds) throw stoppedError(state, now)!
  return now < stop ? now : stop
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

/** Why a header can't be a new state: its set is not the one of its height, or it comes too late. */
function newStateRefusal(
  state: HubClientState,
  { message: { height, timeSeconds }, set }: AttestationHeader,
  now: bigint,
): ProtocolError | undefined {
  const { latestHeight, currentSetStart: start } = state
  const isAhead = height > latestHeight
  if (!isAhead && height < start) return errors.beforeCurrentSet({ height, start })
  if (!equalBytes(attestorSetHash(set), isAhead ? state.nextSetHash : state.currentSetHash)) {
    return errors.setMismatch()
  }
  const standing = isAhead ? 0n : standingHeight(state, now, state.trustingPeriodSeconds)
  if (!isAhead && height <= standing) return errors.standing({ height, standing })
  const [first] = state.states.values()
  if (height - latestHeight > AHEAD_MAX || timeSeconds - first!.timeSeconds > AHEAD_MAX) {
    return errors.tooFarAhead({ height, timeSeconds })
  }
  return undefined
}

/** Learns of the set that a header names, or throws why the header is good for nothing else. */
function learn(
  scheme: BlsScheme,
  state: HubClientState,
  header: AttestationHeader,
  now: bigint,
  refusal: ProtocolError,
): { state: HubClientState; update: HubClientUpdate } {
  const at = heardAt(state, now)
  const { message } = header
  const signersHash = attestorSetHash(header.set)
  const named = namedSet(state, signersHash, message, at)
  if (named === undefined || message.height <= standingHeight(state, at, hearingPeriodSeconds(state))) {
    throw refusal
  }
  verifyHeader(scheme, state, header, signersHash)
  return {
    state: { ...state, knownSets: withKnownSet(state, message.nextSetHash, named, at) },
    update: 'learned',
  }
}

/**
 * Verifies a header that only stops the client: signed by a set that is heard. Not below the set's first
 * height, so that a set made up by liars takes back nothing older, nor where everything stands; no bound
 * above, for honest validators contradict the chain neither in office nor later.
 */
function verifyContradiction(
  scheme: BlsScheme,
  state: HubClientState,
  header: AttestationHeader,
  at: bigint,
): void {
  const setHash = attestorSetHash(header.set)
  const set = heardSet(state, setHash, at)
  if (set === undefined) throw errors.setNotTrusted()
  const { height } = header.message
  if (height < set.start) throw errors.beforeCurrentSet({ height, start: set.start })
  const standing = standingHeight(state, at, hearingPeriodSeconds(state))
  if (height <= standing) throw errors.standing({ height, standing })
  verifyHeader(scheme, state, header, setHash)
}

function verifyHeader(
  scheme: BlsScheme,
  state: HubClientState,
  header: AttestationHeader,
  setHash: Uint8Array,
): void {
  if (isZero(header.message.appHash) || isZero(header.message.nextSetHash)) throw errors.zeroHash()
  verifyAttestation(scheme, onChain(header, state), setHash)
}

function isZero(hash: Uint8Array): boolean {
  return hash.every((byte) => byte === 0)
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

function withHeader(state: HubClientState, { message }: AttestationHeader, now: bigint): HubClientState {
  const { height, timeSeconds, appHash, nextSetHash } = message
  const states = new Map([...state.states, [height, { timeSeconds, appHash, nextSetHash }]])
  if (height < state.latestHeight) {
    // One that names another set than the chain of states went on with: it may contradict from here on
    const named = namedSet(state, state.currentSetHash, message, now)
    const knownSets = named === undefined ? state.knownSets : withKnownSet(state, nextSetHash, named, now)
    return { ...state, states, knownSets }
  }
  const signers = state.nextSetHash
  const isSameSet = equalBytes(signers, state.currentSetHash)
  const start = isSameSet ? state.currentSetStart : state.latestHeight + 1n
  const isRotation = !equalBytes(signers, nextSetHash)
  return {
    ...state,
    states,
    latestHeight: height,
    currentSetStart: start,
    currentSetHash: signers,
    nextSetHash,
    knownSets: isRotation
      ? withKnownSet(state, signers, { start, endSeconds: timeSeconds }, now)
      : state.knownSets,
    marks: withMark(state.marks, state.trustingPeriodSeconds, message),
  }
}
