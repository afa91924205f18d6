// Sets that left and sign on: they outrun the header that names the next set, or speak of what is long past.
import { sha256, utf8 } from '@causeway/primitives'
import type { AttestationMessage } from '../../src/attestation/attestation-bytes.ts'
import { FOUR, THREE, TWENTY, UNEQUAL, headerOf, messageAt } from './cast.ts'
import type { CastSet } from './cast.ts'
import type { Step } from './client.ts'

const DAY = 86_400n
const forged = sha256(utf8('forged'))
const by = (set: CastSet, height: bigint, next: CastSet, changes: Partial<AttestationMessage> = {}) =>
  headerOf(set, messageAt(height, next, changes))
const daysOn = (height: bigint, days: bigint) => messageAt(height, FOUR).timeSeconds + days * DAY

/** The hub: FOUR signs to 120, TWENTY to 140, UNEQUAL on. FOUR forges before anybody shows 120. */
const rotation = by(FOUR, 120n, TWENTY)
const secondRotation = by(TWENTY, 140n, UNEQUAL)

/** A forged header right behind the rotation, and one of the same set to follow it. */
export function outrunByOne(): Step[] {
  return [
    { name: 'forged at r + 1 by the old set', header: by(FOUR, 121n, FOUR, { appHash: forged }) },
    { name: 'the next set is not known yet', header: by(TWENTY, 121n, TWENTY) },
    { name: 'the rotation fills a gap', header: rotation },
    { name: 'the rotation again', header: rotation },
    { name: 'the next set is believed nothing', header: by(TWENTY, 130n, TWENTY) },
    { name: 'and is not heard below its start', header: by(TWENTY, 120n, TWENTY, { appHash: forged }) },
    { name: 'what is true of r + 1', header: by(TWENTY, 121n, TWENTY) },
  ]
}

/** The liars name a set of their own, which goes on: the rotation is behind its start. */
export function outrunByASetOfTheirOwn(): Step[] {
  return [
    {
      name: 'forged at r + 1, naming a set of their own',
      header: by(FOUR, 121n, THREE, { appHash: forged }),
    },
    { name: 'that set goes on', header: by(THREE, 150n, THREE, { appHash: forged }) },
    { name: 'the rotation tells of the next set', header: rotation },
    { name: 'once', header: rotation },
    { name: 'a header that names nothing new', header: by(FOUR, 119n, FOUR) },
    { name: 'the next set tells of the one after it', header: secondRotation },
    { name: 'which is believed nothing', header: by(UNEQUAL, 151n, UNEQUAL) },
    { name: 'what is true of a later height', header: by(UNEQUAL, 150n, UNEQUAL) },
  ]
}

/** The liars name the true next set, which goes on in good faith. */
export function outrunInTheNextSetsName(): Step[] {
  return [
    { name: 'forged above r, naming the next set', header: by(FOUR, 125n, TWENTY, { appHash: forged }) },
    { name: 'it goes on', header: by(TWENTY, 130n, TWENTY) },
    { name: 'it is not heard below where it was named', header: by(TWENTY, 125n, TWENTY) },
    { name: 'the rotation tells that it began before', header: rotation },
    { name: 'what is true of the forged height', header: by(TWENTY, 125n, TWENTY) },
  ]
}

/** Far ahead of the hub, and contradicted by its times. */
export function outrunInTime(): Step[] {
  const late = { appHash: forged, timeSeconds: messageAt(135n, FOUR).timeSeconds }
  return [
    { name: 'forged at r + 1 with a time to come', header: by(FOUR, 121n, THREE, late) },
    { name: 'that set goes on', header: by(THREE, 122n, THREE, late) },
    { name: 'the rotation tells of the next set', header: rotation },
    { name: 'a later height that is earlier', header: by(TWENTY, 130n, TWENTY) },
  ]
}

/** They freeze it themselves, to have it stand by their state. */
export function learningOnceFrozen(): Step[] {
  const lies = [1, 2].map((i) => by(THREE, 150n, THREE, { appHash: sha256(utf8(`lie ${i}`)) }))
  const now = daysOn(150n, 1n)
  return [
    {
      name: 'forged at r + 1, naming a set of their own',
      header: by(FOUR, 121n, THREE, { appHash: forged }),
    },
    { name: 'they contradict themselves', headers: [lies[0]!, lies[1]!], now },
    { name: 'nothing is believed', header: by(THREE, 151n, THREE), now },
    { name: 'the rotation tells of the next set', header: rotation, now },
    {
      name: 'which contradicts more',
      headers: [by(FOUR, 121n, THREE, { appHash: forged }), by(TWENTY, 121n, TWENTY)],
      now,
    },
    { name: 'the second rotation comes too late', header: secondRotation, now: now + 14n * DAY },
  ]
}

/** What was told is forgotten with the slashing of who told it. */
export function learnedAndForgotten(): Step[] {
  const at = (days: bigint) => daysOn(121n, days)
  const alive = (height: bigint, days: bigint) =>
    by(THREE, height, THREE, { appHash: forged, timeSeconds: at(days) })
  return [
    {
      name: 'forged at r + 1, naming a set of their own',
      header: by(FOUR, 121n, THREE, { appHash: forged }),
    },
    { name: 'that set goes on', header: alive(122n, 10n), now: at(10n) },
    { name: 'the rotation, too old for a state', header: rotation, now: at(15n) },
    { name: 'and on', header: alive(123n, 20n), now: at(20n) },
    {
      name: 'its last second is over',
      headers: [by(FOUR, 121n, THREE, { appHash: forged }), by(TWENTY, 121n, TWENTY)],
      now: daysOn(120n, 21n),
    },
    {
      name: 'in its last second',
      headers: [by(FOUR, 121n, THREE, { appHash: forged }), by(TWENTY, 121n, TWENTY)],
      now: daysOn(120n, 21n) - 1n,
    },
  ]
}

/** A set that signs for long: what is older than three halves of a trusting period stands. */
export function longPast(): Step[] {
  const on = (height: bigint, days: bigint, changes: Partial<AttestationMessage> = {}) =>
    by(FOUR, height, FOUR, { timeSeconds: daysOn(100n, days), ...changes })
  const days = (count: bigint) => ({ now: daysOn(100n, count) + 60n })
  return [
    { name: 'ten days on', header: on(200n, 10n), ...days(10n) },
    { name: 'twenty', header: on(300n, 20n), ...days(20n) },
    { name: 'thirty', header: on(400n, 30n), ...days(30n) },
    { name: 'a gap below what stands', header: on(150n, 29n), ...days(30n) },
    {
      name: 'a pair at the first height',
      headers: [on(100n, 30n), on(100n, 30n, { appHash: forged })],
      ...days(30n),
    },
    {
      name: 'a later one that is earlier, than one of the first height',
      headers: [on(100n, 30n), on(399n, 29n)],
      ...days(30n),
    },
    { name: 'a gap above it', header: on(201n, 29n), ...days(30n) },
    {
      name: 'a pair above what stands for good',
      headers: [on(101n, 30n), on(101n, 30n, { appHash: forged })],
      ...days(30n),
    },
  ]
}

/** It expires, and contradictions are heard until it can be retired. */
export function contradictedOnceExpired(): Step[] {
  const end = messageAt(121n, FOUR).timeSeconds + 14n * DAY
  const pair = [by(FOUR, 121n, FOUR, { appHash: forged }), by(TWENTY, 121n, TWENTY)] as const
  return [
    { name: 'forged at r + 1', header: by(FOUR, 121n, FOUR, { appHash: forged }) },
    { name: 'expired, it believes nothing', header: by(FOUR, 122n, FOUR), now: end },
    { name: 'the next set is not known', headers: pair, now: end },
    { name: 'the rotation tells of it', header: rotation, now: end + 13n * DAY },
    { name: 'too late', headers: pair, now: end + 14n * DAY },
    { name: 'in the last second', headers: pair, now: end + 14n * DAY - 1n },
  ]
}

/** What no hub attests. */
export function zeros(): Step[] {
  const none = new Uint8Array(32)
  return [
    { name: 'an app hash of zeros', header: by(FOUR, 110n, FOUR, { appHash: none }) },
    { name: 'a next set of zeros', header: by(FOUR, 110n, FOUR, { nextSetHash: none }) },
    {
      name: 'a contradiction with an app hash of zeros',
      headers: [by(FOUR, 110n, FOUR), by(FOUR, 110n, FOUR, { appHash: none })],
    },
    { name: 'an app hash of zeros at a known height', header: by(FOUR, 100n, FOUR, { appHash: none }) },
    { name: 'further ahead than four bytes count', header: by(FOUR, 100n + (1n << 32n), FOUR, soon) },
    { name: 'as far as they do', header: by(FOUR, 99n + (1n << 32n), FOUR, soon) },
  ]
}

const soon = { timeSeconds: messageAt(111n, FOUR).timeSeconds }
