import { describe, expect, it } from 'vitest'
import { AssertionError, finish, utf8 } from '@causeway/primitives'
import { createKeyValueApplication } from '../engine/kvstore.fixture.ts'
import { createSteppingApplication } from '../engine/stepping.fixture.ts'
import type { Application } from './application.ts'
import { containFailures } from './contain-failures.ts'
import { errors } from './errors.ts'

const query = { path: '/a', data: utf8('a'), height: 0n, prove: false }
const checkTx = { tx: utf8('a=1'), type: 0 as const }
const throwing = (thrown: unknown) => () => {
  throw thrown
}

describe('an application whose failures are contained', () => {
  it('answers as the application does', () => {
    const inner = createKeyValueApplication()
    const application = containFailures(inner)
    expect(application.query(query)).toEqual(inner.query(query))
    expect(application.checkTx(checkTx)).toEqual(inner.checkTx(checkTx))
    expect(application.processProposal({ txs: [] } as never).status).toBe(1)
    expect(application.prepareProposal({ txs: [], maxTxBytes: 1n } as never)).toEqual({ txs: [] })
    expect(application.commit()).toEqual({ retainHeight: 0n })
    expect(inner.calls).toEqual(['processProposal', 'prepareProposal', 'commit'])
  })

  it('answers a code and an id for anything thrown, and tells the operator the rest', () => {
    for (const thrown of [
      new AssertionError('secret'),
      new RangeError('secret'),
      'secret',
      undefined,
      null,
    ]) {
      const failures: Error[] = []
      const inner = { ...createKeyValueApplication(), query: throwing(thrown), checkTx: throwing(thrown) }
      const application = containFailures(inner, (failure) => void failures.push(failure))
      for (const answer of [application.query(query), application.checkTx(checkTx)]) {
        expect(answer).toMatchObject({ codespace: 'abci', code: 11 })
        expect(
          JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
        )
          // Nothing of what happened.
          .not.toMatch(/secret|Error|\.ts/)
        const failure = failures.shift()
        expect(failure?.message.startsWith(`${answer.log} in `)).toBe(true)
        expect(failure?.cause).toBe(thrown)
      }
    }
  })

  it('gives every failure an id of its own, and needs nobody to listen', () => {
    const application = containFailures({ ...createKeyValueApplication(), query: throwing(new Error('x')) })
    const ids = new Set(Array.from({ length: 50 }, () => application.query(query).log))
    expect(ids.size).toBe(50)
  })

  it('quotes and cuts the path that a stranger chose', () => {
    const failures: Error[] = []
    const inner = { ...createKeyValueApplication(), query: throwing(new Error('x')) }
    const application = containFailures(inner, (failure) => void failures.push(failure))
    application.query({ ...query, path: `/\n\u001b[31m${'x'.repeat(10_000)}` })
    expect(failures[0]!.message).not.toContain('\n')
    expect(failures[0]!.message).not.toContain('\u001b')
    expect(failures[0]!.message.length).toBeLessThan(200)
  })

  it('lets protocol errors and everything of consensus through', () => {
    const refusal = errors.unsupported({ method: 'this' })
    const broken = new AssertionError('broken')
    const consensus = [
      'info',
      'initChain',
      'prepareProposal',
      'processProposal',
      'extendVote',
      'verifyVoteExtension',
      'finalizeBlock',
      'commit',
    ] as const
    const failures: Error[] = []
    const inner = { ...createKeyValueApplication(), query: throwing(refusal) } as Application
    for (const method of consensus) inner[method] = throwing(broken)
    const application = containFailures(inner, (failure) => void failures.push(failure))
    expect(() => application.query(query)).toThrow(refusal)
    for (const method of consensus) {
      expect(() => (application[method] as (request: unknown) => unknown)({})).toThrow(broken)
    }
    expect(failures).toEqual([])
  })
})

describe('steps of a block whose failures are not contained', () => {
  const request = { txs: [], height: 1n } as never

  it('are those of the application, or one', () => {
    const inner = createSteppingApplication()
    const application = containFailures(inner)
    const steps = application.finalizeInSteps!(request)
    steps.next()
    expect(inner.log).toEqual(['1.1'])
    expect(application.query(query).log).toBe('does not exist')
    expect(finish(steps)).toEqual(inner.finalizeBlock(request))
    const atOnce = containFailures(createKeyValueApplication()).finalizeInSteps!(request)
    expect(atOnce.next().done).toBe(true)
  })

  it('throw what they throw, and a query between them that fails does not end them', () => {
    const failures: Error[] = []
    const inner = createSteppingApplication()
    const application = containFailures(inner, (failure) => void failures.push(failure))
    const steps = application.finalizeInSteps!(request)
    steps.next()
    inner.behaviour.breakAt = 'query'
    expect(application.query(query)).toMatchObject({ codespace: 'abci', code: 11 })
    expect(steps.next().done).toBe(false)
    inner.behaviour.breakAt = 'step 4'
    expect(() => finish(steps)).toThrow('step 4 is broken')
    expect(failures).toHaveLength(1)
  })
})
