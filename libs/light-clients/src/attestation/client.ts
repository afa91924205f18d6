// A light client of the hub, as contracts on other chains keep one: two set hashes instead of a commit.
import { assert, equalBytes, toHex } from '@causeway/primitives'
import { requireLength } from './attestation-bytes.ts'
import type { AttestationMessage } from './attestation-bytes.ts'
import { attestorSetHash } from './attestor-set.ts'
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

/** A set that signed heights and does no more. */
export interface RetiredSet {
  /** The first height that it was known to sign. */
  readonly start: bigint
  /** The attested time of the last one. */
  readonly endSeconds: bigint
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
  /** By their hash in hex: within the trusting period they can still contradict. */
  readonly retiredSets: ReadonlyMap<string, RetiredSet>
  /** When it was frozen; it never thaws. */
  readonly frozenAtSeconds: bigint | undefined
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
  const isRotating = !equalBytes(setHash, nextSetHash)
  return {
    ...periods,
    chainId,
    latestHeight: height,
    currentSetStart: height,
    currentSetHash: setHash,
    nextSetHash,
    retiredSets: new Map(isRotating ? [[toHex(setHash), { start: height, endSeconds: timeSeconds }]] : []),
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
 * freezes the client. Throws `attestation/*`.
 */
export function updateHubClient(
  scheme: BlsScheme,
  state: HubClientState,
  header: AttestationHeader,
  nowSeconds: bigint,
): { state: HubClientState; update: HubClientUpdate } {
  // 1. Judge: the client is active, the header neither from the future nor expired
  if (state.frozenAtSeconds !== undefined) throw errors.frozen()
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
  // 3. Authenticate and write: what contradicts by any set trusted lately, what is new by that of its height
  if (known !== undefined || isOutOfOrder(state, height, time)) {
    verifyContradiction(scheme, state, header, nowSeconds)
    return { state: { ...state, frozenAtSeconds: nowSeconds }, update: 'frozen' }
  }
  verifyAttestation(scheme, onChain(header, state), setHashAt(state, height))
  return { state: withHeader(state, header, nowSeconds), update: 'updated' }
}

/**
 * Freezes a client that is shown two attestations that contradict each other: different ones of one height,
 * or times that go backwards. Each is signed by a set that is trusted or was within the trusting period. A
 * client that is frozen stays so; a trusting period later nothing is heard any more. Throws `attestation/*`.
 */
export function freezeHubClient(
  scheme: BlsScheme,
  state: HubClientState,
  headers: readonly [AttestationHeader, AttestationHeader],
  nowSeconds: bigint,
): HubClientState {
  requireNotExpired(state, nowSeconds)
  const { frozenAtSeconds = nowSeconds, trustingPeriodSeconds } = state
  if (nowSeconds >= frozenAtSeconds + trustingPeriodSeconds) throw errors.frozen()
  const [first, second] = headers
  if (!contradict(first.message, second.message)) throw errors.notMisbehaviour()
  for (const header of headers) verifyContradiction(scheme, state, header, nowSeconds)
  return { ...state, frozenAtSeconds }
}

/** What is known of a height, to prove memberships against. Throws `attestation/20`, `/21`, `/27`. */
export function attestedStateAt(state: HubClientState, height: bigint, nowSeconds: bigint): AttestedState {
  if (state.frozenAtSeconds !== undefined) throw errors.frozen()
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

/**
 * Verifies a header that only stops the client: signed by a set that is trusted, or was within the trusting
 * period. Not below the set's first height, so that a set made up by liars takes back nothing older; no bound
 * above, for honest validators contradict the chain neither in office nor later.
 */
function verifyContradiction(
  scheme: BlsScheme,
  state: HubClientState,
  header: AttestationHeader,
  nowSeconds: bigint,
): void {
  const setHash = attestorSetHash(header.set)
  const start = trustedSince(state, setHash, nowSeconds)
  if (start === undefined) throw errors.setNotTrusted()
  const { height } = header.message
  if (height < start) throw errors.beforeCurrentSet({ height, start })
  verifyAttestation(scheme, onChain(header, state), setHash)
}

/** The first height that a set was known to sign, unless it is not trusted any more or never was. */
function trustedSince(state: HubClientState, setHash: Uint8Array, now: bigint): bigint | undefined {
  const retired = state.retiredSets.get(toHex(setHash))
  if (retired !== undefined && now < retired.endSeconds + state.trustingPeriodSeconds) return retired.start
  if (!equalBytes(setHash, state.nextSetHash)) return undefined
  return equalBytes(state.nextSetHash, state.currentSetHash) ? state.currentSetStart : state.latestHeight + 1n
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
  if (height < state.latestHeight) return { ...state, states }
  const signers = state.nextSetHash
  const isSameSet = equalBytes(signers, state.currentSetHash)
  const isRotation = !equalBytes(signers, nextSetHash)
  return {
    ...state,
    states,
    latestHeight: height,
    currentSetStart: isSameSet ? state.currentSetStart : state.latestHeight + 1n,
    currentSetHash: signers,
    nextSetHash,
    retiredSets: isRotation ? withRetired(state, signers, timeSeconds, now) : state.retiredSets,
  }
}

/** One that was back while it was still trusted stays known from its first height on. */
function withRetired(
  state: HubClientState,
  signers: Uint8Array,
  endSeconds: bigint,
  now: bigint,
): ReadonlyMap<string, RetiredSet> {
  const start = trustedSince(state, signers, now)
  assert(start !== undefined, 'the next set is trusted')
  return new Map([...state.retiredSets, [toHex(signers), { start, endSeconds }]])
}
