import { describe, expect, it } from 'vitest'
import { startSchedule } from './schedule.ts'
import type { BlockSchedule, Timers } from './schedule.ts'

interface Fixture {
  readonly log: string[]
  readonly end: () => void
  work: boolean
  produceTakes: number
  /** Lets time pass, one timer after the other. */
  pass(milliseconds: number): void
}

/** `offBy`: how much later than asked each timer fires; less than 0 is earlier. */
function schedule(options: BlockSchedule, offBy = 0): Fixture {
  let now = 0
  let waiting: { at: number; order: number; callback: () => void }[] = []
  let order = 0
  const timers: Timers = {
    now: () => now,
    soon: (callback) => callback(),
    after(milliseconds, callback) {
      const timer = { at: now + Math.trunc(milliseconds) + offBy, order: order++, callback }
      waiting.push(timer)
      return () => void (waiting = waiting.filter((other) => other !== timer))
    },
  }
  const log: string[] = []
  const fixture: Fixture = {
    log,
    work: true,
    produceTakes: 0,
    end: startSchedule(
      options,
      {
        hasWork: () => fixture.work,
        produce: (done) => {
          log.push(`block at ${now}`)
          now += fixture.produceTakes
          done()
        },
      },
      timers,
    ),
    pass(milliseconds) {
      const until = now + milliseconds
      for (;;) {
        const next = waiting.sort((a, b) => a.at - b.at || a.order - b.order)[0]
        if (!next || next.at > until) break
        waiting = waiting.filter((timer) => timer !== next)
        now = Math.max(now, next.at)
        next.callback()
      }
      now = Math.max(now, until)
    },
  }
  return fixture
}

describe('the schedule', () => {
  it('makes a block at each interval', () => {
    const fixture = schedule({ everyMilliseconds: 100 })
    fixture.pass(350)
    expect(fixture.log).toEqual(['block at 100', 'block at 200', 'block at 300'])
  })

  it('counts the time that a block takes', () => {
    const fixture = schedule({ everyMilliseconds: 100 })
    fixture.produceTakes = 30
    fixture.pass(400)
    expect(fixture.log).toEqual(['block at 100', 'block at 200', 'block at 300', 'block at 400'])
  })

  it('leaves a tenth of the interval to callers, however long blocks take', () => {
    for (const [takes, expected] of [
      [85, [100, 200, 300]],
      [95, [100, 205, 310]],
      [1000, [100, 1110, 2120]],
    ] as const) {
      const fixture = schedule({ everyMilliseconds: 100 })
      fixture.produceTakes = takes
      fixture.pass(2500)
      expect(fixture.log.slice(0, 3)).toEqual(expected.map((at) => `block at ${at}`))
    }
  })

  it('keeps its pace with timers that fire early or late, as real ones do', () => {
    const early = schedule({ everyMilliseconds: 100 }, -0.7)
    early.work = false
    early.pass(10_000)
    expect(early.log).toHaveLength(100)
    const late = schedule({ everyMilliseconds: 100 }, 20)
    late.work = false
    late.pass(10_050)
    expect(late.log).toHaveLength(100)
  })

  it('makes empty blocks at their own pace', () => {
    const fixture = schedule({ everyMilliseconds: 100, emptyEveryMilliseconds: 1000 })
    fixture.work = false
    fixture.pass(1050)
    expect(fixture.log).toEqual(['block at 1000'])
    fixture.work = true
    fixture.pass(200)
    expect(fixture.log).toEqual(['block at 1000', 'block at 1100', 'block at 1200'])
    fixture.work = false
    fixture.pass(1100)
    expect(fixture.log.slice(3)).toEqual(['block at 2200'])
  })

  it('makes none on demand', () => {
    const fixture = schedule('onDemand')
    fixture.pass(10_000)
    expect(fixture.log).toEqual([])
  })

  it('ends', () => {
    const fixture = schedule({ everyMilliseconds: 100 })
    fixture.pass(150)
    fixture.end()
    fixture.pass(1000)
    expect(fixture.log).toEqual(['block at 100'])
  })
})
