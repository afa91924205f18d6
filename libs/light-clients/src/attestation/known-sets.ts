// The sets of attestors that a client of the hub knows: whom it hears, from which height on, and for how
// long.
import { equalBytes, toHex } from '@causeway/primitives'
import type { AttestationMessage } from './attestation-bytes.ts'
import type { HubClientState } from './client.ts'

/** A set that signed heights, or that one which is known named for them. */
export interface KnownSet {
  /** The first height that it is known to sign. */
  readonly start: bigint
  /** An attested time at which it was in office: of the last height that it signed, or that named it. */
  readonly endSeconds: bigint
}

/** A set that may contradict. */
interface HeardSet {
  readonly start: bigint
  /** `undefined`: it signs the height above the latest, and is heard as long as the client lives. */
  readonly endSeconds: bigint | undefined
}

/** Marks of the heights that a client reached, in a trusting period. */
const MARKS_IN_TRUSTING_PERIOD = 14n

/**
 * How long a set may contradict after its time in office, in seconds: the unbonding period, of which the
 * trusting period is two thirds. As long its members can be slashed for what they sign, and so for as long,
 * but no longer, is a state open to contradiction.
 */
export function hearingPeriodSeconds({ trustingPeriodSeconds }: HubClientState): bigint {
  return (trustingPeriodSeconds * 3n) / 2n
}

/** A set that is heard at a time, or nothing. */
export function heardSet(
  state: HubClientState,
  setHash: Uint8Array,
  atSeconds: bigint,
): HeardSet | undefined {
  const known = recordOf(state, setHash, atSeconds)
  if (!equalBytes(setHash, state.nextSetHash)) return known
  const isInOffice = equalBytes(state.nextSetHash, state.currentSetHash)
  const start = isInOffice ? state.currentSetStart : state.latestHeight + 1n
  return { start: known === undefined ? start : min(known.start, start), endSeconds: undefined }
}

/**
 * What is known of the set that a message names, from now on; nothing if the message tells nothing new, or
 * its signers are not heard at its height. A set never tells of another for longer than it is heard itself.
 */
export function namedSet(
  state: HubClientState,
  signersHash: Uint8Array,
  { height, timeSeconds, nextSetHash }: AttestationMessage,
  atSeconds: bigint,
): KnownSet | undefined {
  const signers = heardSet(state, signersHash, atSeconds)
  if (signers === undefined || height < signers.start) return undefined
  const start = height + 1n
  const endSeconds = min(timeSeconds, signers.endSeconds ?? timeSeconds)
  if (endSeconds + hearingPeriodSeconds(state) <= atSeconds) return undefined
  const before = heardSet(state, nextSetHash, atSeconds)
  const isKnown = before !== undefined && before.start <= start
  if (isKnown && (before.endSeconds === undefined || before.endSeconds >= endSeconds)) return undefined
  return { start, endSeconds }
}

/** Known sets with one more: from the lowest height and to the latest time that is known of it. */
export function withKnownSet(
  state: HubClientState,
  setHash: Uint8Array,
  { start, endSeconds }: KnownSet,
  atSeconds: bigint,
): HubClientState['knownSets'] {
  const before = recordOf(state, setHash, atSeconds)
  const merged = {
    start: before === undefined ? start : min(before.start, start),
    endSeconds: before === undefined || before.endSeconds < endSeconds ? endSeconds : before.endSeconds,
  }
  return new Map([...state.knownSets, [toHex(setHash), merged]])
}

/**
 * The height up to which everything stands: the last mark (see `withMark`) that is older than a period. What
 * lies below is open to nothing more: its signers can't be slashed for it, whatever times they attest.
 */
export function standingHeight(state: HubClientState, atSeconds: bigint, periodSeconds: bigint): bigint {
  const last = markOf(state.trustingPeriodSeconds, atSeconds - periodSeconds)
  let standing = 0n
  // Heights and times ascend together
  for (const [mark, height] of state.marks) if (mark < last && height > standing) standing = height
  return standing
}

/** Marks with a height that was reached: the first in each fourteenth of a trusting period is one. */
export function withMark(
  marks: HubClientState['marks'],
  trustingPeriodSeconds: bigint,
  { height, timeSeconds }: Pick<AttestationMessage, 'height' | 'timeSeconds'>,
): HubClientState['marks'] {
  const mark = markOf(trustingPeriodSeconds, timeSeconds)
  return marks.has(mark) ? marks : new Map([...marks, [mark, height]])
}

function markOf(trustingPeriodSeconds: bigint, timeSeconds: bigint): bigint {
  return (timeSeconds * MARKS_IN_TRUSTING_PERIOD) / trustingPeriodSeconds
}

function recordOf(state: HubClientState, setHash: Uint8Array, atSeconds: bigint): KnownSet | undefined {
  const known = state.knownSets.get(toHex(setHash))
  const isHeard = known !== undefined && atSeconds < known.endSeconds + hearingPeriodSeconds(state)
  return isHeard ? known : undefined
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
