import { describe, expect, it } from 'vitest'
import { DevnetFailure, attempt } from './failure.ts'
import { Interrupted } from './lifecycle.ts'

const failing = (error: unknown) => attempt('start the hub', 'hub.log', () => Promise.reject(error))

describe('attempt', () => {
  it('says what could not be done, why, and where to look', async () => {
    const failure = await failing(new Error('disk full')).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(DevnetFailure)
    expect(failure).toMatchObject({ message: 'could not start the hub: disk full', logPath: 'hub.log' })
  })

  it('leaves answers, interruptions and failures that are told already as they are', async () => {
    expect(await attempt('add', 'x.log', async () => 3)).toBe(3)
    await expect(failing(new Interrupted())).rejects.toBeInstanceOf(Interrupted)
    const told = new DevnetFailure('start the zone', 'zone.log', 'no')
    await expect(failing(told)).rejects.toBe(told)
  })
})
