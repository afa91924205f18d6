import { describe, expect, it } from 'vitest'
import { Interrupted, Lifecycle } from './lifecycle.ts'

function recorder() {
  const log: string[] = []
  const part = (name: string) => ({
    open: () => {
      log.push(`open ${name}`)
      return name
    },
    close: (opened: string) => void log.push(`close ${opened}`),
  })
  return { log, part }
}

describe('a lifecycle', () => {
  it('closes in the reverse order of starting, once', async () => {
    const { log, part } = recorder()
    const lifecycle = new Lifecycle()
    for (const name of ['hub', 'zone', 'relayer']) {
      const { open, close } = part(name)
      expect(await lifecycle.start(name, open, close)).toBe(name)
    }
    expect(await lifecycle.stop()).toEqual([])
    await lifecycle.stop()
    expect(log).toEqual(['open hub', 'open zone', 'open relayer', 'close relayer', 'close zone', 'close hub'])
  })

  it('orders parts that opened side by side by when they were started', async () => {
    const { log, part } = recorder()
    const lifecycle = new Lifecycle()
    const slow = Promise.withResolvers<string>()
    const hub = lifecycle.start('hub', () => slow.promise, part('hub').close)
    await lifecycle.start('zone', part('zone').open, part('zone').close)
    slow.resolve('hub')
    await hub
    await lifecycle.stop()
    expect(log).toEqual(['open zone', 'close zone', 'close hub'])
  })

  it('interrupts the starter at once, and closes the part that was still opening', async () => {
    const { log, part } = recorder()
    const lifecycle = new Lifecycle()
    await lifecycle.start('hub', part('hub').open, part('hub').close)
    const slow = Promise.withResolvers<string>()
    const starting = lifecycle.start('indexer', () => slow.promise, part('indexer').close)
    lifecycle.interrupt()
    await expect(starting).rejects.toBeInstanceOf(Interrupted)
    const stopped = lifecycle.stop()
    slow.resolve('indexer')
    expect(await stopped).toEqual([])
    expect(log).toEqual(['open hub', 'close indexer', 'close hub'])
  })

  it('starts nothing and waits for nothing after the end', async () => {
    const { log, part } = recorder()
    const lifecycle = new Lifecycle()
    lifecycle.interrupt()
    const { open, close } = part('hub')
    await expect(lifecycle.start('hub', open, close)).rejects.toBeInstanceOf(Interrupted)
    await expect(lifecycle.during(Promise.reject(new Error('unseen')))).rejects.toBeInstanceOf(Interrupted)
    await expect(lifecycle.during(new Promise(() => {}))).rejects.toBeInstanceOf(Interrupted)
    expect(log).toEqual([])
  })

  it('hands the first reason to whoever was waiting', async () => {
    const lifecycle = new Lifecycle()
    const waiting = lifecycle.during(new Promise(() => {}))
    lifecycle.interrupt(new Error('the hub has halted'))
    lifecycle.interrupt()
    await expect(waiting).rejects.toThrow('the hub has halted')
  })

  it('tells a failed start to its caller and has nothing to close for it', async () => {
    const lifecycle = new Lifecycle()
    const failing = lifecycle.start(
      'hub',
      () => Promise.reject(new Error('disk full')),
      () => {},
    )
    await expect(failing).rejects.toThrow('disk full')
    expect(await lifecycle.stop()).toEqual([])
  })

  it('goes on closing when one part fails or hangs, and names them', async () => {
    const { log, part } = recorder()
    const lifecycle = new Lifecycle(20)
    await lifecycle.start('hub', part('hub').open, part('hub').close)
    await lifecycle.start(
      'relayer',
      () => 1,
      () => new Promise<void>(() => {}),
    )
    await lifecycle.start(
      'indexer',
      () => 1,
      () => {
        throw new Error('database is gone')
      },
    )
    expect(await lifecycle.stop()).toEqual([
      { part: 'indexer', reason: 'database is gone' },
      { part: 'relayer', reason: 'it did not end within 20 ms' },
    ])
    expect(log).toEqual(['open hub', 'close hub'])
  })
})
