import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { tendermintErrors } from '@causeway/light-clients'
import { ibcErrors } from '@causeway/messaging'
import type { ProtocolError } from '@causeway/primitives'

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

/**
 * What each of the hub's codes means that speaks of a whole transaction; the hub's own tests keep the
 * table.
 */
const HUB = {
  sequence: ['tx/4', 'tx/32'],
  fees: ['tx/5', 'tx/9', 'tx/13', 'tx/103'],
  gas: ['tx/11', 'tx/101'],
  config: ['tx/8', 'tx/12', 'tx/15', 'tx/107'],
  busy: ['block/33', 'block/37'],
  redundant: ['block/35'],
  transaction: [
    ...[2, 6, 18, 21, 30, 31, 100, 102, 104, 105, 106].map((code) => `tx/${code}`),
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 30, 31, 32, 34, 36].map((code) => `block/${code}`),
  ],
}

describe('a refusal by the hub', () => {
  const documented = readFileSync(new URL('../../../../docs/hub.md', import.meta.url), 'utf8')
  const codes = [...documented.matchAll(/^\| `([a-z]+)\/(\d+)` \|/gm)].map(
    ([, space, code]) => `${space}/${code}`,
  )

  it('by a code of a whole transaction is read by the table: a new code has to be judged here', () => {
    const ofTransactions = codes.filter((code) => /^(tx|block)\//.test(code))
    expect(ofTransactions.length).toBeGreaterThan(30)
    expect([...Object.values(HUB).flat()].sort()).toEqual(ofTransactions.sort())
    for (const [failure, ones] of Object.entries(HUB)) {
      for (const one of ones) {
        const [codespace = '', code] = one.split('/')
        const refused = classifyRefusal({ codespace, code: Number(code), log: 'whatever it says' })
        expect([one, refused.failure]).toEqual([one, failure])
      }
    }
  })

  it('by a module is a message’s, except for what the light client and the wallet’s own margin say', () => {
    const others = codes.filter((code) => !/^(tx|block|risk)\//.test(code))
    expect(others.length).toBeGreaterThan(20)
    for (const one of others) {
      const [codespace = '', code] = one.split('/')
      expect([one, judge(Number(code), codespace)]).toEqual([one, ['transaction', 'later']])
    }
    expect(judge(1, 'risk')).toEqual(['fees', 'later'])
    expect(judge(2, 'risk')).toEqual(['fees', 'later'])
  })

  it('because of its client stops the lane, not the message', () => {
    const said = ({ codespace, code, message }: ProtocolError) => judge(code, codespace, message)
    expect(said(ibcErrors.clientNotActive({ clientId: '07-tendermint-0', status: 'Expired' }))).toEqual([
      'client',
      'later',
    ])
    for (const error of [
      tendermintErrors.trustingPeriodExpired({ expires: 1n, now: 2n }),
      tendermintErrors.clientFrozen(),
      tendermintErrors.clientExpired(),
      tendermintErrors.headerFromFuture({ time: 2n, limit: 1n }),
    ])
      expect(said(error)).toEqual(['client', 'later'])
    expect(said(tendermintErrors.wrongSignature({ index: 0 }))).toEqual(['transaction', 'later'])
    expect(said(ibcErrors.tooManyPayloads({ count: 9, max: 4 }))).toEqual(['transaction', 'later'])
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
