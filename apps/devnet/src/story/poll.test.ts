import { describe, expect, it } from 'vitest'
import { poll } from './poll.ts'

const { signal } = new AbortController()

describe('poll', () => {
  it('asks until there is an answer, through errors', async () => {
    let asked = 0
    const ask = async () => {
      asked += 1
      if (asked === 1) throw new Error('refused')
      return asked < 3 ? undefined : asked
    }
    expect(await poll('an answer', ask, { signal, timeoutMs: 5_000, everyMs: 1 })).toBe(3)
  })

  it('says what it waited for, and the last error', async () => {
    const silent = poll('a block', async () => undefined, { signal, timeoutMs: 5, everyMs: 1 })
    await expect(silent).rejects.toThrow(/^waited 0.005 s for a block$/)
    const failing = poll('a block', () => Promise.reject(new Error('refused')), {
      signal,
      timeoutMs: 5,
      everyMs: 1,
    })
    await expect(failing).rejects.toThrow('waited 0.005 s for a block; the last error was: refused')
  })

  it('ends with the signal, in the middle of a pause', async () => {
    const controller = new AbortController()
    const waiting = poll('ever', async () => undefined, {
      signal: controller.signal,
      timeoutMs: 60_000,
      everyMs: 60_000,
    })
    controller.abort(new Error('Ctrl-C'))
    await expect(waiting).rejects.toThrow('Ctrl-C')
  })
})
