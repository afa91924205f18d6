import { assert, fromUtf8 } from '@causeway/primitives'
import type { Storage } from '@causeway/state-tree'
import { createKeyValueApplication } from './kvstore.fixture.ts'
import type { KeyValueApplication } from './kvstore.fixture.ts'
import type { Timers } from './node/schedule.ts'

/** Steps of every block, its last included. */
export const STEPS = 4

/** A key-value application that executes its blocks in steps. */
export interface SteppingApplication extends KeyValueApplication {
  /** Steps as `height.step`, checked transactions as their text, and commits, in order. */
  readonly log: string[]
}

/**
 * The key-value application in `STEPS` steps; `behaviour.breakAt = 'step 2'` breaks the second, and
 * `during` is called within each.
 */
export function createSteppingApplication(
  storage?: Storage,
  during: (step: number) => void = () => undefined,
): SteppingApplication {
  const inner = createKeyValueApplication(storage)
  const log: string[] = []
  return {
    ...inner,
    log,
    checkTx: (request) => {
      log.push(fromUtf8(request.tx)!)
      return inner.checkTx(request)
    },
    *finalizeInSteps(request) {
      for (let step = 1; step <= STEPS; step++) {
        assert(inner.behaviour.breakAt !== `step ${step}`, `step ${step} is broken`)
        log.push(`${request.height}.${step}`)
        during(step)
        if (step < STEPS) yield
      }
      return inner.finalizeBlock(request)
    },
    commit: () => {
      log.push('commit')
      return inner.commit()
    },
  }
}

/** Timers that go on when a test says so. */
export interface HeldTimers extends Timers {
  /** Calls what waits for its time: a block is begun, when there is work. */
  tick(): void
  /** Lets the block under way do its next step; false when nobody waits for his turn. */
  step(): boolean
  /** How many wait for their turn. */
  readonly soonWaiting: number
  /** How many wait for their time. */
  readonly timeWaiting: number
}

/** Makes timers that a test holds. */
export function holdTimers(): HeldTimers {
  const soon: (() => void)[] = []
  let later: (() => void)[] = []
  return {
    now: () => 0,
    soon: (callback) => void soon.push(callback),
    after: (_, callback) => {
      // Each waits for itself, though the same may be asked for twice.
      const waiting = (): void => callback()
      later.push(waiting)
      return () => void (later = later.filter((other) => other !== waiting))
    },
    tick: () => {
      for (const callback of later.splice(0)) callback()
    },
    step: () => {
      const next = soon.shift()
      next?.()
      return next !== undefined
    },
    get soonWaiting() {
      return soon.length
    },
    get timeWaiting() {
      return later.length
    },
  }
}
