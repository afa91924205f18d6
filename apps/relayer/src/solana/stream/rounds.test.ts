import { afterEach, describe, expect, it } from 'vitest'

import { StreamError } from '../stream-error.ts'
import type { RecordSource } from './record-source.ts'
import { runRounds } from './rounds.ts'

const open: RecordSource[] = []
afterEach(async () => {
  for (const source of open.splice(0)) await source.close()
})

/** A round that lasts until it is told to stop. */
const endless = (stop: AbortSignal) =>
  new Promise<never>((_, reject) => {
    stop.addEventListener('abort', () => reject(new StreamError('stopped')))
  })

describe('rounds', () => {
  it('whose start does not fit are told of, and begin again', async () => {
    const told: string[] = []
    let starts = 0
    const sink = {
      onStart() {
        starts += 1
        if (starts === 1) throw new StreamError('votes that do not hold', 3n)
        told.push('start')
      },
      onRecord: () => undefined,
      onProblem: (error: StreamError) => void told.push(error.message),
    }
    open.push(
      runRounds(sink, (stop) => {
        told.push('round')
        return endless(stop)
      }),
    )
    await expect.poll(() => told, { timeout: 60_000 }).toContain('round')
    expect(told).toEqual(['slot 3: votes that do not hold', 'start', 'round'])
  })
})
