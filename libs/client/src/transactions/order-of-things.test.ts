// What keeps transactions apart: nonces that are never given twice, and a queue for each account.
import { describe, expect, it } from 'vitest'
import { createNonces } from './nonces.ts'
import { createQueue } from './queue.ts'

describe('nonces', () => {
  it('are the time, ascending, whatever the clock does', () => {
    const times = [1_000.9, 1_000, 1_000, 990, 1_005, 1_004]
    const nonces = createNonces(() => times.shift()!)
    expect(Array.from({ length: 6 }, () => nonces.next())).toEqual([
      1_000n,
      1_001n,
      1_002n,
      1_003n,
      1_005n,
      1_006n,
    ])
  })
})

describe('a queue', () => {
  it('runs tasks of one name in order, also after one that failed; others side by side', async () => {
    const queue = createQueue()
    const log: string[] = []
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const first = queue.run('a', async () => {
      log.push('a1 begins')
      await held
      log.push('a1 fails')
      throw new Error('a1')
    })
    const second = queue.run('a', async () => {
      log.push('a2')
      return 2
    })
    await queue.run('b', async () => void log.push('b'))
    release()
    await expect(first).rejects.toThrow('a1')
    expect(await second).toBe(2)
    expect(log).toEqual(['a1 begins', 'b', 'a1 fails', 'a2'])
  })
})
