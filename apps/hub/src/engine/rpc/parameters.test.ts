import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { errorText, failureText, InvalidParams, readRequest, rpcErrors, successText } from './json-rpc.ts'
import { heightParameter, isDescending, pageOf, perPage } from './method.ts'
import { jsonParameters, uriParameters } from './parameters.ts'
import type { Parameters } from './parameters.ts'

const names = ['height', 'flag', 'text', 'tx', 'data']
const named = (params: unknown): Parameters => jsonParameters(params, names)
const uri = (query: string): Parameters => uriParameters(new URLSearchParams(query))

describe('parameters in JSON', () => {
  it('come by name', () => {
    const parameters = named({ height: '5', flag: true, text: 'x', tx: 'YT0x', data: '0aFF' })
    expect(parameters.integer('height')).toBe(5n)
    expect(parameters.flag('flag')).toBe(true)
    expect(parameters.text('text')).toBe('x')
    expect(parameters.bytes('tx')).toEqual(utf8('a=1'))
    expect(parameters.hexBytes('data')).toEqual(Uint8Array.of(10, 255))
    expect(parameters.json('text')).toBe('x')
  })

  it('come by position, and none is fine', () => {
    expect(named(['5', true, 'x', 'YT0x', '']).integer('height')).toBe(5n)
    expect(named(['5', true, 'x', 'YT0x', '']).text('text')).toBe('x')
    for (const nothing of [undefined, null, {}, []]) {
      const parameters = named(nothing)
      expect(parameters.integer('height')).toBeUndefined()
      expect(parameters.flag('flag')).toBe(false)
      expect(parameters.text('text')).toBe('')
      expect(parameters.bytes('tx')).toEqual(new Uint8Array(0))
    }
    expect(() => named(['1', '2'])).toThrow(InvalidParams)
    expect(() => named(5)).toThrow(InvalidParams)
    expect(() => named('x')).toThrow(InvalidParams)
  })

  it('names that every object has are no parameters', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(jsonParameters({}, [name]).json(name)).toBeUndefined()
    }
  })

  it.each<[string, (parameters: Parameters) => unknown, unknown]>([
    ['an integer', (p) => p.integer('x'), 'abc'],
    ['an integer', (p) => p.integer('x'), '1.5'],
    ['an integer', (p) => p.integer('x'), 1.5],
    ['an integer', (p) => p.integer('x'), '9223372036854775808'],
    ['an integer', (p) => p.integer('x'), {}],
    ['a flag', (p) => p.flag('x'), 'true'],
    ['a text', (p) => p.text('x'), 5],
    ['bytes', (p) => p.bytes('x'), 'YT0'],
    ['bytes', (p) => p.bytes('x'), '????'],
    ['bytes', (p) => p.bytes('x'), 'YT0x YT0x'],
    ['bytes', (p) => p.bytes('x'), 5],
    ['hex', (p) => p.hexBytes('x'), 'abc'],
    ['hex', (p) => p.hexBytes('x'), 'zz'],
    ['hex', (p) => p.hexBytes('x'), '0xab'],
  ])('%s is refused when it is none', (_, read, value) => {
    expect(() => read(jsonParameters({ x: value }, ['x']))).toThrow(InvalidParams)
  })

  it('integers reach from −2⁶³ to 2⁶³ − 1, whole numbers count', () => {
    const read = (value: unknown): unknown => jsonParameters({ x: value }, ['x']).integer('x')
    expect(read('9223372036854775807')).toBe(2n ** 63n - 1n)
    expect(read('-9223372036854775808')).toBe(-(2n ** 63n))
    expect(read(7)).toBe(7n)
    expect(read('')).toBeUndefined()
  })

  it('bytes are read as they were written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const buffer = Buffer.from(bytes)
        const parameters = jsonParameters({ a: buffer.toString('base64'), b: buffer.toString('hex') }, [
          'a',
          'b',
        ])
        expect(parameters.bytes('a')).toEqual(bytes)
        expect(parameters.hexBytes('b')).toEqual(bytes)
        // A Buffer's slice would share its bytes
        expect(parameters.bytes('a').constructor).toBe(Uint8Array)
        expect(parameters.hexBytes('b').constructor).toBe(Uint8Array)
      }),
    )
  })
})

describe('parameters in a URI', () => {
  it('are numbers, quoted texts, quoted or hex bytes', () => {
    expect(uri('x=5').integer('x')).toBe(5n)
    expect(uri('x="5"').integer('x')).toBe(5n)
    expect(uri('x=-5').integer('x')).toBe(-5n)
    expect(uri('x=true').flag('x')).toBe(true)
    expect(uri('x="a b"').text('x')).toBe('a b')
    expect(uri('x=0x6162').text('x')).toBe('ab')
    expect(uri('x="a=1"').bytes('x')).toEqual(utf8('a=1'))
    expect(uri('x=0x613D31').bytes('x')).toEqual(utf8('a=1'))
    expect(uri('x=0X61').hexBytes('x')).toEqual(utf8('a'))
    expect(uri('x={"a":1}').json('x')).toEqual({ a: 1 })
    expect(uri('').integer('x')).toBeUndefined()
    expect(uri('x=').text('x')).toBe('')
    expect(uri('').bytes('x')).toEqual(new Uint8Array(0))
    expect(uri('').json('x')).toBeUndefined()
  })

  it.each<[string, (parameters: Parameters) => unknown]>([
    ['x=abc', (p) => p.integer('x')],
    ['x=0x5', (p) => p.bytes('x')],
    ['x=0xzz', (p) => p.bytes('x')],
    ['x=abc', (p) => p.text('x')],
    ['x=5', (p) => p.text('x')],
    ['x=abcd', (p) => p.bytes('x')],
    ['x=yes', (p) => p.flag('x')],
    ['x={', (p) => p.json('x')],
  ])('%s is refused where it does not belong', (query, read) => {
    expect(() => read(uri(query))).toThrow(InvalidParams)
  })
})

describe('heights and pages', () => {
  const height = (value: unknown): bigint =>
    heightParameter(jsonParameters({ height: value }, ['height']), 10n, 3n)

  it('lie between the lowest and the latest', () => {
    expect(height(undefined)).toBe(10n)
    expect([height('3'), height('10')]).toEqual([3n, 10n])
    const code = (value: number): unknown => expect.objectContaining({ codespace: 'engine', code: value })
    expect(() => height('0')).toThrow(code(85))
    expect(() => height('-1')).toThrow(code(85))
    expect(() => height('11')).toThrow(code(86))
    expect(() => height('2')).toThrow(code(87))
  })

  it('have 30 items a page, 100 at most', () => {
    const size = (value: unknown): number => perPage(jsonParameters({ per_page: value }, ['per_page']))
    expect([undefined, '0', '-5', '1', '100', '101', '9223372036854775807'].map(size)).toEqual([
      30, 30, 30, 1, 100, 100, 100,
    ])
  })

  it('pages cut a list without loss', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 250 }), fc.integer({ min: 1, max: 100 }), (items, size) => {
        const pages = Math.max(1, Math.ceil(items.length / size))
        const collected: number[] = []
        for (let page = 1; page <= pages; page++) {
          const parameters = jsonParameters({ page: String(page), per_page: String(size) }, [
            'page',
            'per_page',
          ])
          collected.push(...pageOf(parameters, items))
        }
        expect(collected).toEqual(items)
        const beyond = jsonParameters({ page: String(pages + 1), per_page: String(size) }, [
          'page',
          'per_page',
        ])
        expect(() => pageOf(beyond, items)).toThrow(expect.objectContaining({ code: 88 }))
      }),
      { numRuns: 50 },
    )
  })

  it('are ordered as asked', () => {
    const order = (value: unknown, byDefault: boolean): boolean =>
      isDescending(jsonParameters({ order_by: value }, ['order_by']), byDefault)
    expect([order('', true), order('', false), order('asc', true), order('desc', false)]).toEqual([
      true,
      false,
      false,
      true,
    ])
    expect(() => order('DESC', true)).toThrow(expect.objectContaining({ codespace: 'engine', code: 84 }))
  })
})

describe('JSON-RPC', () => {
  it('reads requests', () => {
    expect(readRequest({ jsonrpc: '2.0', id: 'a', method: 'm', params: [1] })).toEqual({
      id: 'a',
      method: 'm',
      params: [1],
    })
    expect(readRequest({ id: 1.9, method: 'm' })).toMatchObject({ id: 1 })
    expect(readRequest({ method: 'm' })).toBe('notification')
    expect(readRequest({ id: null, method: 'm' })).toBe('notification')
    for (const bad of [null, 5, 'x', [], { id: true, method: 'm' }, { id: 1 }, { id: 1, method: 5 }]) {
      expect(readRequest(bad)).toMatchObject({ fault: expect.any(String) as string })
    }
  })

  it('writes responses', () => {
    expect(JSON.parse(successText('a"b', '{"x":1}'))).toEqual({ jsonrpc: '2.0', id: 'a"b', result: { x: 1 } })
    expect(JSON.parse(errorText(undefined, rpcErrors.parse))).toEqual({
      jsonrpc: '2.0',
      error: { code: -32700, message: 'Parse error. Invalid JSON' },
    })
    expect(JSON.parse(errorText(3, rpcErrors.server, 'why'))).toMatchObject({ id: 3, error: { data: 'why' } })
  })

  it('tells what a caller did wrong, and nothing of what is wrong inside', () => {
    const data = (error: unknown): unknown => (JSON.parse(failureText(1, error)) as { error: unknown }).error
    expect(data(errors.txInCache())).toEqual({
      code: -32603,
      message: 'Internal error',
      data: 'tx already exists in cache',
    })
    expect(data(new InvalidParams('x is wrong'))).toMatchObject({ code: -32602 })
    const secret = new Error('/secret/path: connection refused')
    expect(JSON.stringify(data(secret))).not.toContain('secret')
    expect(data('thrown text')).toMatchObject({ code: -32603, data: 'internal failure' })
  })
})
