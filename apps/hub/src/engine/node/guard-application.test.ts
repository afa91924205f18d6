import { describe, expect, it } from 'vitest'
import { AssertionError, finish, utf8 } from '@causeway/primitives'
import type { Application } from '../application.ts'
import { errors } from '../errors.ts'
import { createKeyValueApplication } from '../kvstore.fixture.ts'
import { STEPS, createSteppingApplication } from '../stepping.fixture.ts'
import { guardApplication } from './guard-application.ts'
import { REQUEST_INFO } from './handshake.ts'

const halted = expect.objectContaining({ codespace: 'engine', code: 49 })
const checkTx = { tx: utf8('a=1'), type: 0 as const }

function guarded(change: Partial<Application> = {}): { application: Application; broken: unknown[] } {
  const broken: unknown[] = []
  const inner = { ...createKeyValueApplication(), ...change }
  return { broken, application: guardApplication(inner, (error) => void broken.push(error)) }
}

describe('a guarded application', () => {
  it('answers as the application does', () => {
    const { application, broken } = guarded()
    expect(application.info(REQUEST_INFO).version).toBe('1.0.0')
    expect(application.checkTx(checkTx).code).toBe(0)
    expect(application.prepareProposal({ txs: [], maxTxBytes: 1n } as never)).toEqual({ txs: [] })
    expect(application.extendVote({} as never).voteExtension).toEqual(utf8('extension'))
    expect(application.verifyVoteExtension({} as never).status).toBe(1)
    expect(application.processProposal({ txs: [] } as never).status).toBe(1)
    expect(application.initChain({} as never).validators).toEqual([])
    expect(application.finalizeBlock({ txs: [], height: 1n } as never).txResults).toEqual([])
    expect(application.commit()).toEqual({ retainHeight: 0n })
    expect(application.query({ data: utf8('a'), path: '' } as never).log).toBe('does not exist')
    expect(broken).toEqual([])
  })

  it.each<keyof Application>([
    'info',
    'initChain',
    'checkTx',
    'prepareProposal',
    'processProposal',
    'extendVote',
    'verifyVoteExtension',
    'finalizeBlock',
    'commit',
    'query',
  ])('is not reached any more when %s broke', (method) => {
    const failure = new AssertionError('conservation broken')
    const { application, broken } = guarded({
      [method]: () => {
        throw failure
      },
    })
    expect(() => (application[method] as (request: unknown) => unknown)({})).toThrow(failure)
    expect(broken).toEqual([failure])
    expect(() => application.info(REQUEST_INFO)).toThrow(halted)
    expect(() => application.checkTx(checkTx)).toThrow(halted)
    expect(() => application.commit()).toThrow(halted)
    expect(broken).toHaveLength(1)
  })

  it('may refuse with a protocol error', () => {
    const { application, broken } = guarded({
      query: () => {
        throw errors.notFound({ what: 'path' })
      },
    })
    expect(() => application.query({} as never)).toThrow(expect.objectContaining({ code: 83 }))
    expect(application.checkTx(checkTx).code).toBe(0)
    expect(broken).toEqual([])
  })
})

describe('a guarded application that executes in steps', () => {
  const request = { txs: [], height: 1n } as never

  function stepping() {
    const broken: unknown[] = []
    const inner = createSteppingApplication()
    const application = guardApplication(inner, (error) => void broken.push(error))
    return { inner, application, broken, steps: application.finalizeInSteps!(request) }
  }

  it('does so one by one', () => {
    const { inner, application, broken, steps } = stepping()
    expect(inner.log).toEqual([])
    for (let done = 1; done < STEPS; done++) {
      expect(steps.next().done).toBe(false)
      expect(inner.log).toHaveLength(done)
      expect(application.info(REQUEST_INFO).lastBlockHeight).toBe(0n)
    }
    expect(steps.next()).toMatchObject({ done: true, value: { txResults: [] } })
    expect(application.commit()).toEqual({ retainHeight: 0n })
    expect(broken).toEqual([])
  })

  it('takes one step where the application knows no others', () => {
    const { application } = guarded()
    expect(application.finalizeInSteps!(request).next()).toMatchObject({ done: true })
  })

  it('is not reached any more when a step broke, which is told once', () => {
    const { inner, application, broken, steps } = stepping()
    inner.behaviour.breakAt = 'step 2'
    steps.next()
    expect(() => finish(steps)).toThrow('step 2 is broken')
    expect(broken).toEqual([expect.any(AssertionError)])
    inner.behaviour.breakAt = undefined
    expect(() => application.checkTx(checkTx)).toThrow(halted)
    expect(() => finish(application.finalizeInSteps!(request))).toThrow(halted)
    expect(inner.log).toEqual(['1.1'])
    expect(broken).toHaveLength(1)
  })

  it('does no further step when it broke elsewhere', () => {
    const { inner, application, broken, steps } = stepping()
    steps.next()
    inner.behaviour.breakAt = 'info'
    expect(() => application.info(REQUEST_INFO)).toThrow('info is broken')
    expect(() => finish(steps)).toThrow(halted)
    expect(inner.log).toEqual(['1.1'])
    expect(broken).toHaveLength(1)
  })

  it('may refuse with a protocol error in a step', () => {
    const refusal = errors.notFound({ what: 'a block' })
    const { application, broken } = guarded({
      *finalizeInSteps() {
        yield
        throw refusal
      },
    })
    expect(() => finish(application.finalizeInSteps!(request))).toThrow(refusal)
    expect(application.checkTx(checkTx).code).toBe(0)
    expect(broken).toEqual([])
  })
})
