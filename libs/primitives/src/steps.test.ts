import { describe, expect, it } from 'vitest'
import { AssertionError } from './errors.ts'
import { SharedSteps, StepPauses, finish } from './steps.ts'
import type { Steps } from './steps.ts'

/** Steps that tell of themselves; after so many they come to `result`, or fail. */
function* told(log: string[], count: number, failure?: Error): Steps<string> {
  for (let i = 1; i <= count; i++) {
    log.push(`step ${i}`)
    yield
  }
  log.push('last')
  if (failure !== undefined) throw failure
  return 'result'
}

function shared(count = 3, failure?: Error): { log: string[]; steps: SharedSteps<string> } {
  const log: string[] = []
  return { log, steps: new SharedSteps(told(log, count, failure)) }
}

const ALL = ['step 1', 'step 2', 'step 3', 'last']

describe('steps done at once', () => {
  it('come to their result', () => {
    const log: string[] = []
    expect(finish(told(log, 3))).toBe('result')
    expect(log).toEqual(ALL)
    expect(finish(told([], 0))).toBe('result')
  })

  it('go on from where somebody left them', () => {
    const log: string[] = []
    const steps = told(log, 3)
    steps.next()
    log.push('left')
    expect(finish(steps)).toBe('result')
    expect(log).toEqual(['step 1', 'left', 'step 2', 'step 3', 'last'])
  })

  it('throw what a step throws', () => {
    const failure = new Error('broken')
    expect(() => finish(told([], 2, failure))).toThrow(failure)
  })
})

describe('shared steps', () => {
  it('are begun by nobody but who does one', () => {
    const { log, steps } = shared()
    steps.drive()
    expect(log).toEqual([])
  })

  it('are done one by one by their driver', () => {
    const { log, steps } = shared()
    const driver = steps.drive()
    for (let i = 1; i <= 3; i++) {
      expect(driver.next()).toEqual({ done: false, value: undefined })
      expect(log).toEqual(ALL.slice(0, i))
    }
    expect(driver.next()).toEqual({ done: true, value: 'result' })
    expect(log).toEqual(ALL)
  })

  it.each([0, 1, 2, 3])('may be finished by another after %s of them', (before) => {
    const { log, steps } = shared()
    const driver = steps.drive()
    for (let i = 0; i < before; i++) driver.next()
    expect(steps.finish()).toBe('result')
    expect(log).toEqual(ALL)
    expect(driver.next()).toEqual({ done: true, value: 'result' })
    expect(log).toEqual(ALL)
  })

  it('may be done in turns', () => {
    const { log, steps } = shared()
    const driver = steps.drive()
    expect(steps.advance()).toBe(true)
    expect(driver.next().done).toBe(false)
    expect(steps.advance()).toBe(true)
    expect(log).toEqual(ALL.slice(0, 3))
    expect(driver.next()).toEqual({ done: true, value: 'result' })
  })

  it('do nothing after their end', () => {
    const { log, steps } = shared()
    while (steps.advance());
    expect(steps.advance()).toBe(false)
    expect([steps.finish(), steps.finish(), finish(steps.drive()), finish(steps.drive())]).toEqual(
      Array.from({ length: 4 }, () => 'result'),
    )
    expect(log).toEqual(ALL)
  })

  it('may come to nothing, and still are done once', () => {
    let runs = 0
    const steps = new SharedSteps<undefined>(
      (function* (): Steps<undefined> {
        runs++
        yield
        return undefined
      })(),
    )
    expect(steps.finish()).toBeUndefined()
    expect(steps.finish()).toBeUndefined()
    expect(runs).toBe(1)
  })

  it.each([0, 1, 3])('keep for their driver what one throws that another does, after %s', (before) => {
    const failure = new Error('broken')
    const { log, steps } = shared(3, failure)
    const driver = steps.drive()
    for (let i = 0; i < before; i++) driver.next()
    // The other is told only that none is left.
    while (steps.advance());
    expect(steps.advance()).toBe(false)
    expect(() => driver.next()).toThrow(failure)
    expect(log).toEqual(ALL)
  })

  it('throw what their driver’s step throws at the driver, again and again', () => {
    const failure = new Error('broken')
    const { log, steps } = shared(1, failure)
    expect(() => finish(steps.drive())).toThrow(failure)
    expect(() => steps.finish()).toThrow(failure)
    expect(() => finish(steps.drive())).toThrow(failure)
    expect(steps.advance()).toBe(false)
    expect(log).toEqual(['step 1', 'last'])
  })

  it('keep a thrown undefined', () => {
    const steps = new SharedSteps(
      (function* (): Steps<string> {
        throw undefined
      })(),
    )
    expect(steps.advance()).toBe(false)
    let thrown: unknown = 'nothing'
    try {
      steps.finish()
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeUndefined()
  })

  it('are not waited for by one of them, which does not spoil them', () => {
    const refused: unknown[] = []
    const running: boolean[] = []
    const own: SharedSteps<string>[] = []
    function* asking(): Steps<string> {
      const [steps] = own
      running.push(steps!.isRunning)
      for (const wait of [() => steps!.advance(), () => steps!.finish(), () => finish(steps!.drive())]) {
        try {
          wait()
        } catch (error) {
          refused.push(error)
        }
      }
      yield
      return 'result'
    }
    const steps = new SharedSteps(asking())
    own.push(steps)
    expect(steps.isRunning).toBe(false)
    expect(steps.advance()).toBe(true)
    expect(steps.isRunning).toBe(false)
    expect(steps.finish()).toBe('result')
    expect(running).toEqual([true])
    expect(refused).toHaveLength(3)
    for (const error of refused) expect(error).toBeInstanceOf(AssertionError)
  })
})

describe('pauses between steps', () => {
  it('last together as long as the steps', () => {
    let now = 100
    const pauses = new StepPauses(() => now)
    const pass = (milliseconds: number) => (now += milliseconds)
    pass(10)
    expect(pauses.begin()).toBe(true)
    pass(10)
    pauses.end()
    pass(3)
    expect(pauses.begin()).toBe(true)
    pass(4)
    pauses.end()
    // 14 of pauses, 13 of steps: another step comes first.
    expect(pauses.begin()).toBe(false)
    pass(1)
    expect(pauses.begin()).toBe(true)
  })
})
