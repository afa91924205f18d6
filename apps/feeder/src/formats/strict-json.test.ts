import { describe, expect, it } from 'vitest'
import { refusalOf } from '../refusal.fixture.ts'
import { NumberText, parseStrictJson } from './strict-json.ts'

describe('parseStrictJson', () => {
  it('keeps numbers as the text that was sent', () => {
    const value = parseStrictJson(
      ' {"a":[1.10, -0.5e3,12345678901234567890.123456789],"b":{"c":null,"d":true}} ',
    )
    expect(value).toEqual(
      new Map<string, unknown>([
        [
          'a',
          [
            new NumberText('1.10'),
            new NumberText('-0.5e3'),
            new NumberText('12345678901234567890.123456789'),
          ],
        ],
        [
          'b',
          new Map<string, unknown>([
            ['c', null],
            ['d', true],
          ]),
        ],
      ]),
    )
  })

  it('reads strings and their escapes', () => {
    expect(parseStrictJson(String.raw`"a\"\\\/\u00e9\n"`)).toBe('a"\\/é\n')
    expect(parseStrictJson('[]')).toEqual([])
    expect(parseStrictJson('{}')).toEqual(new Map())
  })

  it.each([
    ['a key that comes twice', '{"price":"1","price":"2"}'],
    ['the same key in another writing', '{"price":"1","pric\\u0065":"2"}'],
    ['NaN', '{"price":NaN}'],
    ['Infinity', '[Infinity]'],
    ['a leading zero', '[01]'],
    ['a bare point', '[1.]'],
    ['a plus', '[+1]'],
    ['hex', '[0x10]'],
    ['a single quote', "['a']"],
    ['a comma too many', '[1,]'],
    ['a member without value', '{"a"}'],
    ['a line break in a string', '"a\nb"'],
    ['an unknown escape', String.raw`"\x41"`],
    ['an open object', '{"a":1'],
    ['something behind', '{} {}'],
    ['nothing', ''],
    ['HTML', '<html>'],
  ])('refuses %s', (_, text) => {
    expect(refusalOf(() => parseStrictJson(text))).toBe('feeder/1')
  })

  it('is bounded in depth, so that a flood of brackets ends no process', () => {
    expect(refusalOf(() => parseStrictJson('['.repeat(100_000)))).toBe('feeder/1')
    expect(refusalOf(() => parseStrictJson(`${'['.repeat(16)}1${']'.repeat(16)}`))).toBe('none')
    expect(refusalOf(() => parseStrictJson(`${'['.repeat(17)}1${']'.repeat(17)}`))).toBe('feeder/1')
  })

  it('agrees with JSON.parse on what both take', () => {
    const text = JSON.stringify({ a: [1, 2.5, 'x', { b: [], c: {} }], d: false, 'ü"': '\u2028\u0000' })
    expect(plain(parseStrictJson(text))).toEqual(JSON.parse(text))
  })
})

function plain(value: unknown): unknown {
  if (value instanceof NumberText) return Number(value.text)
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]))
  return value
}
