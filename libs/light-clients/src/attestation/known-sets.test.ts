import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256, utf8 } from '@causeway/primitives'
import { FOUR, THREE, TWENTY, UNEQUAL, headerOf, messageAt } from '../../scripts/attestation-vectors/cast.ts'
import type { CastSet } from '../../scripts/attestation-vectors/cast.ts'
import { codeOf } from '../refusal.fixture.ts'
import { createHubClient, freezeHubClient, updateHubClient } from './client.ts'
import type { HubClientState } from './client.ts'
import {
  hearingPeriodSeconds,
  heardSet,
  namedSet,
  standingHeight,
  withKnownSet,
  withMark,
} from './known-sets.ts'
import { mclG1Scheme } from './schemes.fixture.ts'
import type { AttestationHeader } from './verify-attestation.ts'

const TRUSTING = 14n * 86_400n
const PERIODS = { trustingPeriodSeconds: TRUSTING, maxClockDriftSeconds: 30n }
const START = messageAt(100n, FOUR)
const NOW = START.timeSeconds + 1_000n
const fresh = () => createHubClient({ ...START, setHash: FOUR.hash }, PERIODS)
const forged = sha256(utf8('forged'))

/** Clients are shown headers until one freezes them; what each did. */
function show(state: HubClientState, headers: readonly AttestationHeader[]): string[] {
  const results: string[] = []
  for (const header of headers) {
    const code = codeOf(() => {
      const done = updateHubClient(mclG1Scheme, state, header, NOW)
      state = done.state
      results.push(done.update)
    })
    if (code !== 'accepted') results.push(code)
  }
  return results
}

describe('a set that was rotated out', () => {
  /** The hub: FOUR signs to 120, TWENTY to 140, UNEQUAL on. */
  const signerOf = (height: bigint): [CastSet, CastSet] => {
    if (height < 120n) return [FOUR, FOUR]
    if (height === 120n) return [FOUR, TWENTY]
    if (height < 140n) return [TWENTY, TWENTY]
    return height === 140n ? [TWENTY, UNEQUAL] : [UNEQUAL, UNEQUAL]
  }
  const truth = (height: bigint) => {
    const [signers, next] = signerOf(height)
    return headerOf(signers, messageAt(height, next))
  }

  it('is contradicted wherever it forges, whatever it names and however it goes on', () => {
    fc.assert(
      fc.property(
        fc.bigInt(121n, 160n),
        fc.constantFrom(FOUR, THREE, TWENTY, UNEQUAL),
        fc.option(fc.bigInt(1n, 20n), { nil: undefined }),
        (height, named, on) => {
          const lie = headerOf(FOUR, messageAt(height, named, { appHash: forged }))
          const more = on === undefined ? [] : [headerOf(named, messageAt(height + on, named))]
          const walk = [...new Set([120n, 140n, height])].map((at) => truth(at))
          const results = show(fresh(), [lie, ...more, ...walk])
          expect(results[0]).toBe('updated')
          expect(results.at(-1), results.join()).toMatch(/^frozen$|^attestation\/20$/)
        },
      ),
      { numRuns: 12 },
    )
  })

  it('teaches nothing true that freezes a client which was told the truth', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(101n, 160n), { minLength: 3, maxLength: 6 }), (heights) => {
        const results = show(
          fresh(),
          [...heights, 120n, 140n].map((height) => truth(height)),
        )
        expect(results).not.toContain('frozen')
      }),
      { numRuns: 10 },
    )
  })

  it('is heard by what it shows only: a header changed anywhere teaches nothing', () => {
    const lie = headerOf(FOUR, messageAt(121n, THREE, { appHash: forged }))
    const on = headerOf(THREE, messageAt(150n, THREE, { appHash: forged }))
    const rotation = truth(120n)
    const { message } = rotation
    const changed = [
      { ...rotation, signature: on.signature },
      { ...rotation, message: { ...message, nextSetHash: UNEQUAL.hash } },
      { ...rotation, message: { ...message, height: 119n } },
      { ...rotation, message: { ...message, timeSeconds: message.timeSeconds + 1n } },
      { ...rotation, set: { ...rotation.set, totalPower: 1n } },
    ]
    for (const header of changed) expect(show(fresh(), [lie, on, header]).at(-1)).toMatch(/^attestation/)
    expect(show(fresh(), [lie, on, rotation]).at(-1)).toBe('learned')
  })
})

describe('a set', () => {
  const end = START.timeSeconds
  const knowing = (endSeconds: bigint, start = 50n) => ({
    ...fresh(),
    knownSets: withKnownSet(fresh(), THREE.hash, { start, endSeconds }, NOW),
  })

  it('is heard for three halves of a trusting period, the next one always', () => {
    const state = knowing(end)
    expect(hearingPeriodSeconds(state)).toBe(21n * 86_400n)
    expect(heardSet(state, THREE.hash, end + 21n * 86_400n - 1n)).toEqual({ start: 50n, endSeconds: end })
    expect(heardSet(state, THREE.hash, end + 21n * 86_400n)).toBeUndefined()
    expect(heardSet(state, TWENTY.hash, NOW)).toBeUndefined()
    expect(heardSet(state, FOUR.hash, end + 999n * 86_400n)).toEqual({ start: 100n, endSeconds: undefined })
  })

  it('never tells of another for longer than it is heard itself, nor below itself', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 200n), fc.bigInt(-2_000_000n, 1_000n), (height, offset) => {
        const timeSeconds = end + offset
        const named = namedSet(knowing(end), THREE.hash, messageAt(height, TWENTY, { timeSeconds }), NOW)
        const isTold = height >= 50n && NOW < timeSeconds + 21n * 86_400n
        const told = { start: height + 1n, endSeconds: offset < 0n ? timeSeconds : end }
        expect(named).toEqual(isTold ? told : undefined)
      }),
    )
  })

  it('is told of once, unless it began lower or was in office later', () => {
    const tell = (height: bigint, later: bigint) =>
      namedSet(
        knowing(end),
        FOUR.hash,
        messageAt(height, THREE, { timeSeconds: end + later, nextSetHash: THREE.hash }),
        NOW,
      )
    expect(tell(100n, 0n)).toBeUndefined()
    expect(tell(100n, 5n)).toEqual({ start: 101n, endSeconds: end + 5n })
    expect(
      namedSet(knowing(end, 200n), FOUR.hash, messageAt(100n, THREE, { timeSeconds: end }), NOW),
    ).toEqual({ start: 101n, endSeconds: end })
    // Those that are told of one that signs the next height already
    expect(namedSet(knowing(end), THREE.hash, messageAt(120n, FOUR), NOW)).toBeUndefined()
  })

  it('is known from the lowest height and to the latest time, whatever the order', () => {
    const known = fc.record({ start: fc.bigInt(2n, 99n), endSeconds: fc.bigInt(end - 1_000n, end + 1_000n) })
    fc.assert(
      fc.property(fc.array(known, { minLength: 1, maxLength: 5 }), (facts) => {
        let state: HubClientState = fresh()
        for (const fact of facts) {
          state = { ...state, knownSets: withKnownSet(state, THREE.hash, fact, NOW) }
        }
        const starts = facts.map(({ start }) => start).sort((a, b) => Number(a - b))
        const ends = facts.map(({ endSeconds }) => endSeconds).sort((a, b) => Number(b - a))
        expect(heardSet(state, THREE.hash, NOW)).toEqual({ start: starts[0], endSeconds: ends[0] })
      }),
    )
  })
})

describe('what is long past', () => {
  it('stands up to the last mark before, by a count of all that was reached', () => {
    const day = (time: bigint) => time / 86_400n
    const steps = fc.array(fc.record({ up: fc.bigInt(1n, 50n), later: fc.bigInt(0n, 400_000n) }), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(steps, fc.bigInt(0n, 60n), (all, daysOn) => {
        let [height, timeSeconds] = [100n, START.timeSeconds]
        const reached = [{ height, timeSeconds }]
        for (const { up, later } of all) {
          height += up
          timeSeconds += later
          reached.push({ height, timeSeconds })
        }
        const marks = reached.reduce<HubClientState['marks']>(
          (before, one) => withMark(before, TRUSTING, one),
          new Map(),
        )
        const at = START.timeSeconds + daysOn * 86_400n
        const firsts = reached.filter(
          (one, i) => i === 0 || day(one.timeSeconds) > day(reached[i - 1]!.timeSeconds),
        )
        const past = firsts.filter((one) => day(one.timeSeconds) < day(at - TRUSTING))
        expect(standingHeight({ ...fresh(), marks }, at, TRUSTING)).toBe(past.at(-1)?.height ?? 0n)
      }),
    )
  })

  it('is judged by the time at which the client stopped', () => {
    const pair = [
      headerOf(FOUR, messageAt(110n, FOUR)),
      headerOf(FOUR, messageAt(110n, FOUR, { appHash: forged })),
    ] as const
    const stop = START.timeSeconds + TRUSTING
    const frozen = freezeHubClient(mclG1Scheme, fresh(), pair, stop + TRUSTING - 1n)
    expect(frozen.frozenAtSeconds).toBe(stop)
    expect(codeOf(() => freezeHubClient(mclG1Scheme, frozen, pair, stop + TRUSTING))).toBe('attestation/20')
    expect(freezeHubClient(mclG1Scheme, frozen, pair, stop + TRUSTING - 1n)).toEqual(frozen)
  })
})
