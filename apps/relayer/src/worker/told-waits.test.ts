import pino from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { RelayError } from '../errors.ts'
import { testView, testWork } from '../plan/lane.fixture.ts'
import { planLane } from '../plan/plan-lane.ts'
import { ToldWaits } from './told-waits.ts'

let lines: Record<string, unknown>[]
let waits: ToldWaits

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  lines = []
  const log = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) })
  waits = new ToldWaits(log, 'ab/b-1', Date.now)
})
afterEach(() => void vi.useRealTimers())

it('tells of the oldest message that waits, and why, once in a while', () => {
  const works = [
    testWork({ sequence: 1n, eventHeight: 500n, seenAtMs: 1_000_000n }),
    testWork({ sequence: 2n, eventHeight: 600n, seenAtMs: 999_000n }),
  ]
  const look = () => {
    const view = testView({ works, nowMs: BigInt(Date.now()) })
    waits.messages(planLane(view), view)
  }
  look()
  expect(lines).toEqual([])
  for (let seconds = 0; seconds < 61; seconds += 1) {
    vi.advanceTimersByTime(1_000)
    look()
  }
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatchObject({
    ...{ lane: 'ab/b-1', packet: '07-tendermint-0/2', kind: 'recv', reason: 'not-provable', waiting: 2 },
    ...{ eventHeight: 600, client: 50, newest: 100, target: 200, msg: 'still waiting' },
  })
})

it('tells of a flight until it ends', () => {
  const end = waits.flight([testWork({ sequence: 7n })], 12n)
  vi.advanceTimersByTime(65_000)
  end()
  vi.advanceTimersByTime(65_000)
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatchObject({
    ...{ update: 12, messages: ['recv/07-tendermint-0/7'], count: 1, waitedMs: 60_000 },
    msg: 'flight has not ended yet',
  })
})

it('tells of a proof that is not to be had, once in a while', () => {
  const error = new RelayError('endpoint', 'later', 'pruned')
  for (let looks = 0; looks < 40; looks += 1) {
    waits.proof(testWork(), 9n, error)
    vi.advanceTimersByTime(1_000)
  }
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatchObject({ height: 9, failure: 'endpoint', error: 'pruned', msg: 'not proven' })
})
