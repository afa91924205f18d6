import { describe, expect, it } from 'vitest'

import { RelayError } from '../errors.ts'
import type { FailureClass, Retry } from '../errors.ts'
import { judgeFailure } from './judge-failure.ts'
import { isSetAside, retryDelayMs } from './retry-strategy.ts'

const delays = (retry: Retry, upTo: number) =>
  Array.from({ length: upTo }, (_, index) => Number(retryDelayMs(index + 1, retry)))

describe('retry delays', () => {
  it('double from half a second; from the sixth failure on they are minutes, in the end an hour', () => {
    expect(delays('later', 11)).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 300_000, 600_000, 1_200_000, 2_400_000, 3_600_000, 3_600_000,
    ])
  })

  it('are nothing for the first failure that may be tried now', () => {
    expect(delays('now', 3)).toEqual([0, 1_000, 2_000])
  })

  it('are long at once for what should never be tried again: an operator may still repair it', () => {
    expect(delays('never', 2)).toEqual([300_000, 300_000])
  })

  it('stay bounded for any number of failures', () => {
    expect(retryDelayMs(1_000_000, 'later')).toBe(3_600_000n)
    expect(isSetAside(5)).toBe(false)
    expect(isSetAside(6)).toBe(true)
  })
})

describe('the verdict on a failure', () => {
  const verdict = (failure: FailureClass, batchSize: number, retry: Retry = 'later') =>
    judgeFailure(new RelayError(failure, retry, ''), batchSize)

  it('blames a message only where the chain did, or where it was alone', () => {
    expect(verdict('message', 5)).toBe('message')
    expect(verdict('transaction', 1)).toBe('message')
    expect(verdict('transaction', 5)).toBe('apart')
    expect(verdict('transaction', 5, 'now')).toBe('again')
    expect(verdict('gas', 5)).toBe('apart')
    expect(verdict('gas', 1)).toBe('message')
  })

  it('blames a message that the chain named, even where trying at once may help', () => {
    const named = new RelayError('transaction', 'now', '', { messageIndex: 0 })
    expect([judgeFailure(named, 5), judgeFailure(named, 1)]).toEqual(['message', 'message'])
  })

  it('is done for what another relayer was quicker with', () => {
    expect(verdict('redundant', 5)).toBe('done')
  })

  it('holds the lane, not the messages, for everything that is nobody’s fault', () => {
    const classes: FailureClass[] = [
      'endpoint',
      'sequence',
      'fees',
      'busy',
      'client',
      'unconfirmed',
      'config',
    ]
    expect(classes.map((failure) => verdict(failure, 1))).toEqual(classes.map(() => 'lane'))
  })
})
