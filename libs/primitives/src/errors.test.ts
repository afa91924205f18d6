import { describe, expect, it } from 'vitest'
import { AssertionError, ProtocolError, assert, defineErrors, isProtocolError } from './errors.ts'

const errors = defineErrors('ledger', {
  insufficient: [1, (d: { need: bigint; have: bigint }) => `need ${d.need}, have ${d.have}`],
  closed: [2, () => 'closed'],
})

describe('ProtocolError', () => {
  it('is data with a derived text', () => {
    const error = errors.insufficient({ need: 2n, have: 1n })
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error).toMatchObject({ codespace: 'ledger', code: 1, detail: { need: 2n, have: 1n } })
    expect(error.message).toBe('need 2, have 1')
    expect(errors.closed().message).toBe('closed')
  })

  it('is told apart from bugs', () => {
    expect(isProtocolError(errors.closed())).toBe(true)
    expect(isProtocolError(new AssertionError('x'))).toBe(false)
    expect(isProtocolError(new TypeError('x'))).toBe(false)
    expect(isProtocolError(undefined)).toBe(false)
  })

  it('numbers are positive and unique', () => {
    expect(() => defineErrors('x', { a: [1, () => ''], b: [1, () => ''] })).toThrow(AssertionError)
    expect(() => defineErrors('x', { a: [0, () => ''] })).toThrow(AssertionError)
  })
})

describe('assert', () => {
  it('throws something that is no ProtocolError', () => {
    expect(() => assert(1 > 2, 'arithmetic')).toThrow(AssertionError)
    expect(() => assert(2 > 1, 'arithmetic')).not.toThrow()
  })
})
