import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isProtocolError } from '@causeway/primitives'
import { attributesOf } from './attributes.ts'
import { compareDecimals, leadingDecimal, parseDecimal } from './decimal.ts'
import { matches } from './match.ts'
import { parseQuery } from './query.ts'

// The cases of CometBFT v0.38 libs/pubsub/query/syntax, TestParseValid
const valid = [
  "tm.events.type='NewBlock'",
  "tm.events.type = 'NewBlock'",
  "tm.events.name = ''",
  "tm.events.type='TIME'",
  "tm.events.type='DATE'",
  "tm.events.type='='",
  'tm.events.type EXISTS',
  '  tm.events.type  EXISTS  ',
  "tm.events.type='NewBlock' AND abci.account.name='Igor'",
  "tm.events.type='NewBlock' AND abci.account.name CONTAINS 'Igor'",
  'abci.account.balance >= 100.5',
  'abci.account.balance<5',
  'block.height=5',
  'block.time > TIME 2013-05-03T14:45:00Z',
  'block.date = DATE 2013-05-03',
  "a-b._c='x'",
]

const invalid = [
  '',
  '   ',
  '=',
  '>==',
  "='NewBlock'",
  "tm.events.type='TIME",
  "tm.events.type=TIME'",
  'tm.events.type==',
  'tm.events.type=NewBlock',
  "tm.events.type 'NewBlock' =",
  "tm.events.type>'NewBlock'",
  'tm.events.type=',
  'tm.events.typeNewBlock',
  "tm.events.type'NewBlock'",
  "'NewBlock'",
  'NewBlock',
  "tm.events.type='NewBlock' AND",
  "AND tm.events.type='NewBlock'",
  "tm.events.type='NewBlock' AND abci.account.name",
  "tm.events.type='NewBlock' abci.account.name='x'",
  'a CONTAINS 5',
  'a = -23',
  'a = &',
  'block.time > DATE xyz-pdq',
  'block.time > DATE 0000-00-00',
  'block.time > DATE 2021-01-99',
  'block.time > TIME 2021-01-01T34:56:78Z',
  'block.time > TIME 2021-01-99T34:56:11+3',
  'block.time > TIME 1800-01-01T00:00:00Z',
  "a EXISTS 'x'",
  "EXISTS = 'x'",
]

describe('parseQuery', () => {
  it.each(valid)('reads %j', (text) => {
    expect(parseQuery(text).length).toBeGreaterThan(0)
  })

  it.each(invalid)('refuses %j', (text) => {
    expect(() => parseQuery(text)).toThrow(expect.objectContaining({ codespace: 'engine', code: 80 }))
  })

  it('refuses what is longer than 512 bytes', () => {
    expect(parseQuery(`a='${'x'.repeat(507)}'`)).toHaveLength(1)
    const long = expect.objectContaining({ codespace: 'engine', code: 81 })
    expect(() => parseQuery(`a='${'x'.repeat(509)}'`)).toThrow(long)
    expect(() => parseQuery(`a='${'ö'.repeat(260)}'`)).toThrow(long)
  })

  it('throws nothing but protocol errors, whatever it is given', () => {
    const words = [
      'a.b',
      '=',
      '<',
      '>=',
      'AND',
      'EXISTS',
      'CONTAINS',
      "'x'",
      '5',
      '1.5',
      'TIME',
      'DATE',
      "'",
      ' ',
    ]
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...words)).map((parts) => parts.join(' ')),
    )
    fc.assert(
      fc.property(text, (query) => {
        try {
          parseQuery(query)
        } catch (error) {
          expect(isProtocolError(error)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('reads operators and operands', () => {
    expect(parseQuery("a.b CONTAINS 'x' AND c >= 6.50 AND d EXISTS AND e < DATE 2020-01-02")).toEqual([
      { tag: 'a.b', operator: 'CONTAINS', operand: { kind: 'text', text: 'x' } },
      {
        tag: 'c',
        operator: '>=',
        operand: { kind: 'number', text: '6.50', number: { units: 650n, scale: 2 } },
      },
      { tag: 'd', operator: 'EXISTS' },
      {
        tag: 'e',
        operator: '<',
        operand: { kind: 'date', text: '2020-01-02', nanoseconds: 1577923200_000_000_000n },
      },
    ])
  })
})

const events = [
  { type: 'tm', attributes: [{ key: 'event', value: 'Tx', index: true }] },
  {
    type: 'transfer',
    attributes: [
      { key: 'amount', value: '80atom', index: true },
      { key: 'amount', value: '6.5stake', index: true },
      { key: 'sender', value: 'AddrC', index: false },
      { key: '', value: 'no key', index: true },
    ],
  },
  {
    type: 'clock',
    attributes: [
      { key: 'time', value: '2021-11-23T22:04:19Z', index: true },
      { key: 'date', value: '2021-11-23', index: true },
    ],
  },
  { type: '', attributes: [{ key: 'ignored', value: '1', index: true }] },
]
const attributes = attributesOf(events, [['tx.height', '5']])

describe('matches', () => {
  it.each<[string, boolean]>([
    ["tm.event='Tx'", true],
    ["tm.event='NewBlock'", false],
    ["tm.event='Tx' AND tx.height=5", true],
    ["tm.event='Tx' AND tx.height=6", false],
    ['tx.height > 4 AND tx.height < 6', true],
    ['transfer.amount = 80', true],
    ['transfer.amount > 79', true],
    ['transfer.amount > 80', false],
    ['transfer.amount = 6.5', true],
    ['transfer.amount <= 6.5', true],
    ['transfer.amount < 6.4', false],
    ["transfer.sender CONTAINS 'ddr'", true],
    ["transfer.sender CONTAINS 'x'", false],
    ["transfer.sender = 'AddrC'", true],
    ['transfer.sender = 5', false],
    ['transfer.sender EXISTS', true],
    ['transfer EXISTS', true],
    ["transfer = ''", true],
    ['trans EXISTS', false],
    ['nothing EXISTS', false],
    ['clock.time > TIME 2021-11-23T22:04:18Z', true],
    ['clock.time >= TIME 2021-11-24T00:04:19+02:00', true],
    ['clock.time < TIME 2021-11-23T22:04:19Z', false],
    ['clock.date = DATE 2021-11-23', true],
    ['clock.date < DATE 2021-11-23', false],
    ['clock.time = DATE 2021-11-23', false],
    ["transfer.sender='AddrC' AND clock.date EXISTS", true],
  ])('%s: %s', (query, expected) => {
    expect(matches(parseQuery(query), attributes)).toBe(expected)
  })

  it('nothing matches where nothing happened', () => {
    expect(matches(parseQuery('a EXISTS'), new Map())).toBe(false)
  })
})

describe('decimals', () => {
  it('compare exactly, however large', () => {
    const large = '115792089237316195423570985008687907853269984665640564039457584007913129639935'
    expect(compareDecimals(parseDecimal(large)!, parseDecimal(`${large.slice(0, -1)}4`)!)).toBeGreaterThan(0)
    expect(compareDecimals(parseDecimal('1.50')!, parseDecimal('1.5')!)).toBe(0)
    expect(compareDecimals(parseDecimal('-1')!, parseDecimal('0.001')!)).toBeLessThan(0)
  })

  it('are refused when they are none, or endless', () => {
    for (const text of ['', '.5', '1.', '1e5', '+1', 'x', '1'.repeat(129)])
      expect(parseDecimal(text)).toBeUndefined()
    expect(leadingDecimal('6.5stake')).toEqual({ units: 65n, scale: 1 })
    expect(leadingDecimal('stake')).toBeUndefined()
  })

  it('order as numbers do', () => {
    const pair = fc.tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 999 }))
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        const text = ([whole, rest]: readonly [number, number]): string =>
          `${whole}.${String(rest).padStart(3, '0')}`
        const order = Number(text(a)) - Number(text(b))
        expect(Math.sign(compareDecimals(parseDecimal(text(a))!, parseDecimal(text(b))!))).toBe(
          Math.sign(order),
        )
      }),
    )
  })
})
