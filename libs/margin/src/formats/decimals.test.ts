import { describe, expect, it } from 'vitest'
import { caseReader } from './decimals.ts'
import { parseExactJson } from './exact-number.ts'

const read = (json: string, scaling?: 'plain' | 'e18') => caseReader(parseExactJson(json), 'case', scaling)

describe('case reader', () => {
  it('reads decimals as numbers or texts, exactly where asked', () => {
    const reader = read('{"a": 0.1, "b": "0.300000000000000001", "c": ".5", "d": 1e-7}')
    expect([reader.number('a'), reader.number('b'), reader.number('c'), reader.number('d')]).toEqual([
      0.1, 0.3, 0.5, 1e-7,
    ])
    expect(reader.e18('b')).toBe(300_000_000_000_000_001n)
  })

  it('integers in units of 10⁻¹⁸, beyond 2⁵³, and floats among them', () => {
    const reader = read('{"a": 28015554547138552659968, "b": -1, "c": -3.0437158518905995e+20}', 'e18')
    expect(reader.number('a')).toBe(28015.554547138552)
    expect(reader.e18('a')).toBe(28_015_554_547_138_552_659_968n)
    expect(reader.e18('b')).toBe(-1n)
    expect(reader.number('c')).toBe(-304.37158518905995)
  })

  it('whole numbers, flags and texts are never scaled', () => {
    const reader = read('{"seconds": 500400, "yes": 1, "no": false, "name": "ETH"}', 'e18')
    expect(reader.whole('seconds')).toBe(500_400)
    expect([reader.flag('yes'), reader.flag('no'), reader.text('name')]).toEqual([true, false, 'ETH'])
  })

  it('objects and lists, and what has a value', () => {
    const reader = read('{"o": {"x": 5}, "list": [1, "2"], "many": [{"x": 1}, {"x": 2}], "none": null}')
    expect(reader.object('o').number('x')).toBe(5)
    expect(reader.list('list', (each) => each.number('item'))).toEqual([1, 2])
    expect(reader.objects('many').map((each) => each.whole('x'))).toEqual([1, 2])
    expect([reader.has('o'), reader.has('none'), reader.has('missing')]).toEqual([true, false, false])
    expect(reader.raw('none')).toBe(null)
  })

  it('says which member is missing or of another kind', () => {
    const reader = read('{"o": {"x": "y"}, "list": [{}, 5], "half": 0.5, "two": 2, "long": ""}')
    expect(() => reader.number('missing')).toThrow('case.missing: a decimal is expected, not nothing')
    expect(() => reader.object('o').number('x')).toThrow('case.o.x: a decimal is expected, not "y"')
    expect(() => reader.number('long')).toThrow('case.long: a decimal')
    expect(() => reader.objects('list')).toThrow('case.list[1]: an object is expected, not 5')
    expect(() => reader.objects('o')).toThrow('case.o: a list is expected, not an object')
    expect(() => reader.whole('half')).toThrow('case.half: a whole number is expected, not 0.5')
    expect(() => reader.flag('two')).toThrow('case.two: true or false is expected, not 2')
    expect(() => reader.text('two')).toThrow('case.two: a text is expected, not 2')
    expect(() => reader.object('two')).toThrow('case.two: an object is expected, not 2')
    expect(() => caseReader(null, 'case')).toThrow('case: an object is expected, not null')
  })

  it('whole numbers are bounded', () => {
    expect(() => read('{"a": 1e300}').whole('a')).toThrow('a whole number')
    expect(() => read(`{"a": "${'9'.repeat(500)}"}`).whole('a')).toThrow('a decimal is expected')
  })
})
