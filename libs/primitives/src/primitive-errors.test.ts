import { describe, expect, it } from 'vitest'
import { errors } from './primitive-errors.ts'

describe('errors of primitives', () => {
  it('keep their numbers, which are append-only', () => {
    const thrown = [
      errors.badHex({ length: 3 }),
      errors.badUtf8(),
      errors.badBase64(),
      errors.badBech32({ expected: 'cway', reason: 'no separator' }),
      errors.badDecimal({ what: 'amount' }),
      errors.truncated({ need: 8, have: 3 }),
      errors.varintOverlong(),
      errors.outOfRange({ what: 'height', max: 255n }),
      errors.divisionByZero(),
    ]
    expect(thrown).toHaveLength(Object.keys(errors).length)
    expect(thrown.map((error) => error.code)).toEqual([1, 2, 3, 4, 5, 10, 11, 20, 21])
    expect(new Set(thrown.map((error) => error.codespace))).toEqual(new Set(['primitives']))
  })

  it('tell what was wrong', () => {
    expect(errors.badHex({ length: 3 }).message).toContain('3 characters')
    expect(errors.badBech32({ expected: 'cway', reason: 'no separator' }).message).toBe(
      'expected a cway1… address: no separator',
    )
    expect(errors.truncated({ need: 8, have: 3 }).message).toBe('expected 8 bytes, 3 are left')
    expect(errors.outOfRange({ what: 'height', max: 255n }).message).toBe('height: expected 0 … 255')
  })
})
