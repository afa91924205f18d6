import { describe, expect, it } from 'vitest'

import { asRelayError, RelayError } from '../errors.ts'
import { classifyRefusal, expectedSequence } from './classify.ts'

const judge = (code: number, codespace: string, log = '') => {
  const { failure, retry, messageIndex } = classifyRefusal({ code, codespace, log })
  return messageIndex === undefined ? [failure, retry] : [failure, retry, messageIndex]
}

describe('a refusal', () => {
  it('by the SDK is read by its code', () => {
    expect(judge(5, 'sdk')).toEqual(['fees', 'later'])
    expect(judge(11, 'sdk')).toEqual(['gas', 'now'])
    expect(judge(13, 'sdk')).toEqual(['fees', 'later'])
    expect(judge(20, 'sdk')).toEqual(['busy', 'later'])
    expect(judge(32, 'sdk')).toEqual(['sequence', 'now'])
    expect(judge(22, 'channel')).toEqual(['redundant', 'now'])
    expect(judge(99, 'unknown')).toEqual(['transaction', 'later'])
  })

  it('passed on as text only is read by its words', () => {
    const log =
      '/cosmos.tx.v1beta1.Service/Simulate: code 18 of sdk: account sequence mismatch, expected 7, got 5'
    expect(judge(0, 'simulate', log)).toEqual(['sequence', 'now'])
    expect(expectedSequence(log)).toBe(7n)
    expect(judge(0, 'simulate', 'client state is not active: Expired')).toEqual(['client', 'later'])
    expect(judge(0, 'simulate', 'recovered: no route for nobody')).toEqual(['transaction', 'later'])
    expect(expectedSequence('nothing of the kind')).toBeUndefined()
  })

  it('that names a message is that message’s, and its codes are not the wallet’s', () => {
    const log = 'failed to execute message; message index: 3: insufficient funds'
    expect(judge(5, 'sdk', log)).toEqual(['message', 'later', 3])
    expect(judge(0, 'simulate', 'message index: 0: client state is not active')).toEqual([
      'client',
      'later',
      0,
    ])
  })

  it('never carries more text than a log line bears', () => {
    expect(
      classifyRefusal({ code: 1, codespace: 'x', log: 'y'.repeat(10_000) }).message.length,
    ).toBeLessThanOrEqual(600)
  })
})

describe('any thrown value', () => {
  it('is read as a failure to be tried later, and a RelayError as itself', () => {
    const own = new RelayError('fees', 'never', 'x')
    expect(asRelayError(own)).toBe(own)
    expect(asRelayError(new TypeError('boom'))).toMatchObject({
      failure: 'endpoint',
      retry: 'later',
      message: 'boom',
    })
    expect(asRelayError('text')).toMatchObject({ message: 'text' })
  })
})
