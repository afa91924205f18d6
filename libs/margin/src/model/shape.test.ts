import { describe, expect, it } from 'vitest'
import { ExactNumber } from '../formats/exact-number.ts'
import { accepts } from './json-schema.fixture.ts'
import {
  exact,
  flag,
  list,
  missing,
  number,
  oneOf,
  optional,
  positive,
  record,
  text,
  whole,
} from './shape.ts'
import type { Shape } from './shape.ts'

/** The value read, or the refusal's text. */
function outcome(shape: Shape<unknown>, value: unknown): unknown {
  try {
    return shape.read(value, 'at')
  } catch (error) {
    return (error as Error).message
  }
}

/** Reader and schema agree on a plain JSON value. */
function agree(shape: Shape<unknown>, accepted: readonly unknown[], refused: readonly unknown[]): void {
  for (const value of accepted) {
    expect(String(outcome(shape, value)), JSON.stringify(value)).not.toContain('is expected')
    expect(accepts(shape.schema, value), JSON.stringify(value)).toBe(true)
  }
  for (const value of refused) {
    expect(String(outcome(shape, value)), JSON.stringify(value)).toContain('is expected')
    expect(accepts(shape.schema, value), JSON.stringify(value)).toBe(false)
  }
}

const point = record<{ x: number; y: number; name?: string }>({
  x: number({ min: 0, max: 1 }),
  y: optional(number({ min: 0, max: 1 }), 0.5),
  name: missing(text),
})

describe('shapes: reader and schema accept the same', () => {
  it('numbers', () => {
    agree(number({ min: -1, max: 2 }), [-1, 0, 2, 1e-300], [-1.0001, 3, '1', null, true, [], {}])
    agree(positive(5), [1e-9, 5], [0, -1, 5.1, 'x'])
    agree(whole({ min: 0, max: 10 }), [0, 10, 3], [0.5, 11, -1, '3'])
    agree(exact({ min: 0, max: 1 }), [0, 1, 0.55], [1.1, -0.1, '0.5'])
  })

  it('flags, texts, choices', () => {
    agree(flag, [true, false], [0, 'true', null])
    agree(text, ['a', 'x'.repeat(64)], ['', 'x'.repeat(65), 5])
    agree(oneOf('up', 'down'), ['up', 'down'], ['left', 1, null])
  })

  it('lists and records', () => {
    agree(list(flag, { min: 1, max: 2 }), [[true], [true, false]], [[], [true, true, true], [1], {}, 'x'])
    agree(
      point,
      [{ x: 1 }, { x: 1, y: 0, name: 'p' }],
      [{}, { x: 2 }, { x: 1, z: 1 }, { x: 1, name: '' }, [], null],
    )
  })
})

describe('shapes: what is read', () => {
  it('exact numbers keep the digits that doubles lose', () => {
    const close = new ExactNumber('0.549999999999999999')
    expect(exact({ min: 0, max: 1 }).read(close, 'at')).toBe(549_999_999_999_999_999n)
    expect(number({ min: 0, max: 1 }).read(close, 'at')).toBe(0.55)
    expect(exact({ min: 0, max: 1 }).read(0.55, 'at')).toBe(550_000_000_000_000_000n)
    expect(whole({ min: 0, max: 9 }).read(new ExactNumber('5.000'), 'at')).toBe(5)
    expect(outcome(whole({ min: 0, max: 9 }), new ExactNumber('5.0000000000000000001'))).toContain(
      'a whole number',
    )
  })

  it('members that may be missing have their fallback, or are missing', () => {
    expect(point.read({ x: 1 }, 'at')).toEqual({ x: 1, y: 0.5 })
    expect(Object.keys(point.read({ x: 1 }, 'at'))).toEqual(['x', 'y'])
    expect(point.read({ x: 1, y: 0, name: 'p' }, 'at')).toEqual({ x: 1, y: 0, name: 'p' })
  })

  it('inherited members are none', () => {
    expect(outcome(record({ toString: text }), {})).toBe('at.toString: a value is expected, not nothing')
    expect(outcome(point, JSON.parse('{"x": 1, "__proto__": 5}'))).toContain('at.__proto__: no other member')
  })

  it('refusals name the place and what was there, shortened', () => {
    const nested = record({ rows: list(point, { min: 0, max: 9 }) })
    expect(outcome(nested, { rows: [{ x: 1 }, { x: 'y' }] })).toBe(
      'at.rows[1].x: a number is expected, not "y"',
    )
    expect(outcome(flag, 'z'.repeat(500))).toBe(`at: true or false is expected, not "${'z'.repeat(80)}"`)
    expect(outcome(flag, [1, 2])).toContain('not a list of 2')
    expect(outcome(flag, { a: 1 })).toContain('not an object')
    expect(outcome(flag, new ExactNumber('7'))).toContain('not 7')
    expect(outcome(point, new ExactNumber('7'))).toContain('an object is expected, not 7')
    expect(outcome(number({ min: 0, max: 1 }), Number.NaN)).toContain('not NaN')
  })
})
