import { U256_MAX } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusal } from '../../testing/refusal.fixture.ts'
import { decodeAmount, encodeAmount, parseAmount } from './amounts.ts'

describe('amounts in state', () => {
  it('are the shortest big-endian bytes', () => {
    expect(encodeAmount(1n)).toEqual(Uint8Array.of(1))
    expect(encodeAmount(256n)).toEqual(Uint8Array.of(1, 0))
    expect(encodeAmount(U256_MAX)).toEqual(new Uint8Array(32).fill(255))
    expect(decodeAmount(undefined)).toBe(0n)
  })

  it('read back what was written', () => {
    fc.assert(fc.property(fc.bigInt(1n, U256_MAX), (amount) => decodeAmount(encodeAmount(amount)) === amount))
  })

  it('are never zero, negative or beyond 256 bits', () => {
    for (const amount of [0n, -1n, U256_MAX + 1n])
      expect(() => encodeAmount(amount)).toThrow('stored amounts')
  })

  it('are asked for as plain decimals', () => {
    expect(parseAmount('1', 'x')).toBe(1n)
    expect(parseAmount(U256_MAX.toString(), 'x')).toBe(U256_MAX)
    for (const text of [
      '',
      '0',
      '-1',
      '+1',
      '01',
      '1.0',
      '1e1',
      ' 1',
      (U256_MAX + 1n).toString(),
      '9'.repeat(1_000),
    ]) {
      expect(refusal(() => parseAmount(text, 'x'))).toBe('ledger/1')
    }
  })
})
