// What is said about refusals: of whatever code of the hub, and of each of this package.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adviceFor } from './advice.ts'
import { ClientError, errors, hubRefusal, isNodeFault } from './errors.ts'

const RETRIES = ['now', 'later', 'never']
const details = {
  url: 'u',
  told: 't',
  denom: 'd',
  amount: '1',
  reason: 'r',
  what: 'w',
  method: 'm',
  code: 1,
  expected: 'e',
  got: 'g',
  name: 'n',
  symbol: 's',
  value: 'v',
  step: 's',
  side: 'buy',
  token: 't',
  where: 'w',
  chain: 'c',
  needed: 'n',
  wallet: 'w',
  signed: 's',
  txHash: 'AB',
  seconds: 1,
  untilHeight: '2',
  account: 'a',
  denoms: 'd',
  address: 'a',
  height: '1',
  market: 'm',
  from: '1',
  to: '2',
  sequence: '1',
  client: 'c',
}

describe('advice', () => {
  it('is one sentence or more for whatever the hub refuses, and the texts are bounded', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.string({ maxLength: 3_000 }), (codespace, code, log) => {
        const error = hubRefusal({ codespace, code, log }, { txHash: 'AB' })
        expect(RETRIES).toContain(error.retry)
        expect(error.advice).toMatch(/\S.*\.$/s)
        expect(error).toMatchObject({ codespace, code, outcome: 'refused', txHash: 'AB' })
        expect(error.message.length).toBeLessThan(codespace.length + 1_100)
      }),
    )
    expect(hubRefusal({ codespace: 'tx', code: 4, log: '' }).outcome).toBeUndefined()
  })

  it('to try again at once is given only for what a new signature mends', () => {
    const now = ['tx/30']
    for (const each of now) {
      const [codespace, code] = each.split('/') as [string, string]
      expect(adviceFor(codespace, Number(code)).retry).toBe('now')
    }
    expect(adviceFor('constructor', 0).retry).toBe('never')
    expect(adviceFor('__proto__', 0).retry).toBe('never')
  })

  it('is there for every code of this package, each used once', () => {
    const all = Object.values(errors).map((make) => (make as (detail: object) => ClientError)(details))
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length)
    for (const error of all) {
      expect(error).toBeInstanceOf(ClientError)
      expect(error.message).not.toContain('undefined')
      expect(error.advice).toMatch(/[.)]$/)
      expect(RETRIES).toContain(error.retry)
      expect(isNodeFault(error)).toBe(error.code <= 3)
    }
    // What may have been done is never said to be safe to do again.
    for (const error of all.filter(({ outcome }) => outcome === 'unknown')) expect(error.retry).toBe('never')
  })
})
