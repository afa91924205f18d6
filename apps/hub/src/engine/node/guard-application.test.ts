import { describe, expect, it } from 'vitest'
import { AssertionError, utf8 } from '@causeway/primitives'
import type { Application } from '../application.ts'
import { errors } from '../errors.ts'
import { createKeyValueApplication } from '../kvstore.fixture.ts'
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
