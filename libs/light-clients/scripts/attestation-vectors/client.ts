import type { JsonValue } from '@causeway/primitives'
import { isProtocolError, sha256, utf8 } from '@causeway/primitives'
import { nobleG1Scheme } from '../../src/attestation/bls/noble-scheme.ts'
import { createHubClient, freezeHubClient, updateHubClient } from '../../src/attestation/client.ts'
import type { HubClientState } from '../../src/attestation/client.ts'
import type { AttestationHeader } from '../../src/attestation/verify-attestation.ts'
import { CHAIN_ID, FOUR, THREE, TWENTY, headerJson, headerOf, hex, messageAt } from './cast.ts'
import * as outrun from './outrun.ts'

const TRUSTING_PERIOD_SECONDS = 14n * 86_400n
const DRIFT_SECONDS = 30n
const at = (height: bigint, next = FOUR) => messageAt(height, next)
const START = at(100n)
const NOW = START.timeSeconds + 10_000n

/** A header, or two as misbehaviour, shown at a time. */
export type Step =
  | { readonly name: string; readonly header: AttestationHeader; readonly now?: bigint }
  | {
      readonly name: string
      readonly headers: readonly [AttestationHeader, AttestationHeader]
      readonly now?: bigint
    }

/** Clients step by step: what each header does to them. */
export function clientVectors(): JsonValue {
  return {
    what: 'a client from one trusted attestation; each step a header (or two, as misbehaviour) at a time',
    scenarios: [
      scenario('it moves on, fills gaps and follows its sets', following()),
      scenario('it freezes at another attestation of a known height', conflicting()),
      scenario('it freezes when time goes backwards', goingBack()),
      scenario('it freezes at a time in a gap that is after the gap', aheadBelow()),
      scenario('it freezes at a time in a gap that is before the gap', beforeFirst()),
      scenario('it freezes at two attestations of a new height', misbehaving()),
      scenario('it freezes at two attestations whose times go backwards', misbehavingInTime()),
      scenario('it expires', expiring()),
      scenario('a set that left contradicts what it signed', [...rotated(), ...contradictedLate()]),
      scenario('a set that left contradicts for three halves of a trusting period', [
        ...rotated(),
        ...contradictedInTheLastSecond(),
      ]),
      scenario('a set that left contradicts the times of the next', [...rotated(), ...contradictedInTime()]),
      scenario('a set that comes back contradicts from its first height', [...rotated(), ...comingBack()]),
      scenario('once frozen, it hears misbehaviour for a trusting period', hearingMore()),
      scenario('a set that left outruns the rotation by one height', outrun.outrunByOne()),
      scenario('a set that left names another in its place', outrun.outrunByASetOfTheirOwn()),
      scenario('a set that left names the true next set too late', outrun.outrunInTheNextSetsName()),
      scenario('a set that left runs ahead of the time', outrun.outrunInTime()),
      scenario('once frozen, it learns of sets that contradict', outrun.learningOnceFrozen()),
      scenario(
        'a set that it was told of is heard for three halves of a trusting period',
        outrun.learnedAndForgotten(),
      ),
      scenario('what is older than three halves of a trusting period stands', outrun.longPast()),
      scenario('once expired, it hears misbehaviour for a trusting period', outrun.contradictedOnceExpired()),
      scenario('what no hub attests is refused', outrun.zeros()),
    ],
  }
}

function following(): Step[] {
  const rotation = headerOf(FOUR, at(120n, TWENTY))
  return [
    { name: 'the attestation it began with', header: headerOf(FOUR, START, [2]) },
    { name: 'a header of the set that was not announced', header: headerOf(TWENTY, at(110n)) },
    { name: 'a later height', header: headerOf(FOUR, at(110n), [0]) },
    { name: 'a height between', header: headerOf(FOUR, at(105n)) },
    { name: 'a height below the current set’s start', header: headerOf(FOUR, at(99n)) },
    { name: 'a rotation: the set changes after it', header: rotation },
    { name: 'the rotation again', header: rotation },
    { name: 'the old set signs on', header: headerOf(FOUR, at(121n)) },
    { name: 'the new set signs', header: headerOf(TWENTY, at(130n, TWENTY), [0, 19]) },
    { name: 'the old set fills a gap that is closed', header: headerOf(FOUR, at(115n)) },
    { name: 'the new set fills a gap', header: headerOf(TWENTY, at(125n, TWENTY)) },
    {
      name: 'from the future',
      header: headerOf(TWENTY, messageAt(140n, TWENTY, { timeSeconds: NOW + 30n })),
    },
    {
      name: 'as far ahead as may be',
      header: headerOf(TWENTY, messageAt(140n, THREE, { timeSeconds: NOW + 29n })),
    },
  ]
}

const other = (height: bigint) =>
  headerOf(FOUR, messageAt(height, FOUR, { appHash: sha256(utf8('forged')) }), [3])

const timed = (height: bigint, timeSeconds: bigint) =>
  headerOf(FOUR, messageAt(height, FOUR, { timeSeconds }))

function conflicting(): Step[] {
  return [
    { name: 'a later height', header: headerOf(FOUR, at(110n)) },
    { name: 'another app hash at that height', header: other(110n) },
    { name: 'anything, once frozen', header: headerOf(FOUR, at(111n)) },
    { name: 'misbehaviour, once frozen', headers: [headerOf(FOUR, at(110n)), other(110n)] },
  ]
}

function goingBack(): Step[] {
  return [
    { name: 'a later height', header: headerOf(FOUR, at(110n)) },
    { name: 'a higher one at the same second', header: timed(112n, START.timeSeconds + 10n) },
    { name: 'a height above with a time before the latest', header: timed(113n, START.timeSeconds + 9n) },
  ]
}

function aheadBelow(): Step[] {
  return [
    { name: 'a later height', header: headerOf(FOUR, at(110n)) },
    { name: 'a height between, at the second of the latest', header: timed(109n, START.timeSeconds + 10n) },
    { name: 'a height between with a time after the latest', header: timed(105n, START.timeSeconds + 11n) },
  ]
}

function beforeFirst(): Step[] {
  return [
    { name: 'a later height', header: headerOf(FOUR, at(110n)) },
    { name: 'a height between with a time before the first', header: timed(105n, START.timeSeconds - 1n) },
  ]
}

function misbehaving(): Step[] {
  const first = headerOf(FOUR, at(110n))
  return [
    { name: 'the same attestation twice', headers: [first, headerOf(FOUR, at(110n), [1])] },
    { name: 'two heights in order', headers: [first, other(111n)] },
    { name: 'one is signed by another set', headers: [first, headerOf(TWENTY, at(110n, TWENTY))] },
    { name: 'one signature is wrong', headers: [first, { ...other(110n), signature: first.signature }] },
    { name: 'two attestations', headers: [first, other(110n)] },
  ]
}

function misbehavingInTime(): Step[] {
  const first = headerOf(FOUR, at(110n))
  return [{ name: 'a higher height that is earlier', headers: [timed(111n, START.timeSeconds + 9n), first] }]
}

function expiring(): Step[] {
  const end = START.timeSeconds + TRUSTING_PERIOD_SECONDS
  return [
    { name: 'a later height', header: headerOf(FOUR, at(110n)), now: end - 1n },
    {
      name: 'a height between whose own time is a trusting period ago',
      header: timed(105n, START.timeSeconds),
      now: end,
    },
    { name: 'a height between in time', header: headerOf(FOUR, at(105n)), now: end },
    { name: 'in the last second', header: headerOf(FOUR, at(110n)), now: end + 9n },
    { name: 'at the end of the trusting period', header: headerOf(FOUR, at(112n)), now: end + 10n },
    {
      name: 'misbehaviour comes too late',
      headers: [headerOf(FOUR, at(110n)), other(110n)],
      now: end + 10n + TRUSTING_PERIOD_SECONDS,
    },
  ]
}

/** A false state below a rotation, and a header of the next set above it. */
function rotated(): Step[] {
  return [
    { name: 'a later height', header: headerOf(FOUR, at(110n)) },
    { name: 'a false state', header: other(115n) },
    { name: 'a rotation', header: headerOf(FOUR, at(120n, TWENTY)) },
    { name: 'the new set signs', header: headerOf(TWENTY, at(130n, TWENTY)) },
  ]
}

const FIRST_RETIRED = at(120n).timeSeconds + (TRUSTING_PERIOD_SECONDS * 3n) / 2n
const trueAndFalse = [headerOf(FOUR, at(115n)), other(115n)] as const

/** The next set keeps the client alive. */
const signed = (height: bigint, now: bigint): Step => ({
  name: 'the new set signs later',
  header: headerOf(TWENTY, messageAt(height, TWENTY, { timeSeconds: now - 1n })),
  now,
})
const keptAlive = (height: bigint): Step[] => [
  signed(height, FIRST_RETIRED - TRUSTING_PERIOD_SECONDS),
  signed(height + 10n, FIRST_RETIRED - 1n),
]

function contradictedLate(): Step[] {
  const byNewSet = (height: bigint, next = TWENTY) => headerOf(TWENTY, at(height, next))
  const stranger = headerOf(THREE, at(115n, THREE))
  return [
    { name: 'it signs nothing new', header: headerOf(FOUR, at(125n)) },
    { name: 'the new set is not heard below its start', header: byNewSet(115n) },
    { name: 'nor as misbehaviour', headers: [byNewSet(115n), byNewSet(115n, FOUR)] },
    { name: 'a set that never was is not heard', header: stranger },
    { name: 'nor beside another', headers: [headerOf(FOUR, at(115n)), stranger] },
    { name: 'what is true of the height of the false state', header: headerOf(FOUR, at(115n), [1]) },
  ]
}

function contradictedInTheLastSecond(): Step[] {
  return [
    ...keptAlive(140n),
    { name: 'too late', headers: trueAndFalse, now: FIRST_RETIRED },
    { name: 'in the last second', headers: trueAndFalse, now: FIRST_RETIRED - 1n },
  ]
}

function contradictedInTime(): Step[] {
  return [{ name: 'a height of the new set, by the old', header: timed(125n, at(131n).timeSeconds) }]
}

function comingBack(): Step[] {
  return [
    { name: 'a rotation to the set before', header: headerOf(TWENTY, at(140n)) },
    { name: 'it signs', header: headerOf(FOUR, at(150n, TWENTY)) },
    { name: 'and leaves again', header: headerOf(TWENTY, at(160n, TWENTY)) },
    ...keptAlive(170n),
    { name: 'what is true of its first reign', headers: trueAndFalse, now: FIRST_RETIRED + 10n },
  ]
}

function hearingMore(): Step[] {
  const ahead = timed(110n, NOW + 29n)
  const end = NOW + TRUSTING_PERIOD_SECONDS
  const both = [headerOf(FOUR, at(115n)), other(115n)] as const
  return [
    { name: 'a height ahead of the clock', header: ahead },
    { name: 'misbehaviour', headers: both },
    { name: 'more of it in the last second', headers: both, now: end - 1n },
    { name: 'and too late, although it has not expired', headers: both, now: end },
  ]
}

function scenario(name: string, steps: readonly Step[]): JsonValue {
  const trusted = { ...START, setHash: FOUR.hash }
  const periods = { trustingPeriodSeconds: TRUSTING_PERIOD_SECONDS, maxClockDriftSeconds: DRIFT_SECONDS }
  let state = createHubClient(trusted, periods)
  const initial = stateJson(state)
  return {
    name,
    chainId: CHAIN_ID,
    trustingPeriodSeconds: TRUSTING_PERIOD_SECONDS.toString(),
    maxClockDriftSeconds: DRIFT_SECONDS.toString(),
    initial,
    steps: steps.map((step) => {
      const now = step.now ?? NOW
      const done = takeStep(state, step, now)
      state = done.state
      const shown =
        'header' in step
          ? { header: headerJson(step.header) }
          : { misbehaviour: step.headers.map((header) => headerJson(header)) }
      return {
        name: step.name,
        nowSeconds: now.toString(),
        ...shown,
        result: done.result,
        after: stateJson(state),
      }
    }),
  }
}

function takeStep(state: HubClientState, step: Step, now: bigint): { state: HubClientState; result: string } {
  try {
    if ('headers' in step) {
      return { state: freezeHubClient(nobleG1Scheme, state, step.headers, now), result: 'frozen' }
    }
    const { state: next, update } = updateHubClient(nobleG1Scheme, state, step.header, now)
    return { state: next, result: update }
  } catch (error) {
    if (isProtocolError(error)) return { state, result: `${error.codespace}/${error.code}` }
    throw error
  }
}

function stateJson(state: HubClientState): JsonValue {
  const heights = [...state.states].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    latestHeight: state.latestHeight.toString(),
    currentSetStart: state.currentSetStart.toString(),
    currentSetHash: hex(state.currentSetHash),
    nextSetHash: hex(state.nextSetHash),
    isFrozen: state.frozenAtSeconds !== undefined,
    states: heights.map(([height, { timeSeconds, appHash, nextSetHash }]) => ({
      height: height.toString(),
      timeSeconds: timeSeconds.toString(),
      appHash: hex(appHash),
      nextSetHash: hex(nextSetHash),
    })),
  }
}
