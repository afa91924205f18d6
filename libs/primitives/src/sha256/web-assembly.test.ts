import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lanesModule } from './lanes-module.ts'
import { scalarModule } from './scalar-module.ts'
import {
  constant,
  get,
  i32,
  i32x4,
  instantiate,
  moduleOf,
  repeat,
  set,
  signed,
  unsigned,
  valueType,
} from './web-assembly.ts'

describe('LEB128', () => {
  // The examples of DWARF 4, figures 22 and 23
  it.each([
    [2, [2]],
    [127, [127]],
    [128, [0x80, 1]],
    [129, [0x81, 1]],
    [12857, [0xb9, 0x64]],
  ])('unsigned %i', (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes)
  })

  it.each([
    [2, [2]],
    [-2, [0x7e]],
    [63, [0x3f]],
    [64, [0xc0, 0]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [127, [0xff, 0]],
    [-127, [0x81, 0x7f]],
    [128, [0x80, 1]],
    [-128, [0x80, 0x7f]],
    [-129, [0xff, 0x7e]],
  ])('signed %i', (value, bytes) => {
    expect(signed(value)).toEqual(bytes)
  })
})

describe('modules', () => {
  it('carry any 32-bit constant', () => {
    const any = fc.oneof(fc.integer(), fc.integer({ min: 0, max: 0xffffffff }))
    fc.assert(
      fc.property(any, (value) => {
        const { memory, run } = instantiate(
          moduleOf(1, [], [...constant(8), ...constant(value), ...i32.store(4)]),
        )
        run(0)
        expect(new Int32Array(memory)[3]).toBe(value | 0)
      }),
    )
  })

  it('repeat as often as they are told', () => {
    const body = [...get(1), ...constant(3), ...i32.add, ...set(1)]
    const code = [...repeat(0, body), ...constant(0), ...get(1), ...i32.store(0)]
    const { memory, run } = instantiate(moduleOf(1, [[1, valueType.i32]], code))
    for (const count of [1, 2, 1000]) {
      run(count)
      expect(new Int32Array(memory)[0]).toBe(3 * count)
    }
  })

  it('fill four lanes with a word', () => {
    const code = [...constant(0), ...i32x4.splat(0x89abcdef), ...i32x4.store(16)]
    const { memory, run } = instantiate(moduleOf(1, [], code))
    run(0)
    expect([...new Uint32Array(memory, 0, 9)]).toEqual([0, 0, 0, 0, ...Array<number>(4).fill(0x89abcdef), 0])
  })

  it('have the memory asked for, which never grows', () => {
    expect(instantiate(moduleOf(3, [], [])).memory.byteLength).toBe(3 * 65536)
  })

  it('are the same each time, and small', () => {
    expect(scalarModule()).toEqual(scalarModule())
    expect(lanesModule()).toEqual(lanesModule())
    expect(scalarModule().length).toBeLessThan(10_000)
    expect(lanesModule().length).toBeLessThan(20_000)
  })

  it('are refused when they are malformed', () => {
    expect(() => instantiate([...scalarModule()].with(0, 1))).toThrow('magic')
    expect(() => instantiate(moduleOf(1, [], i32.add))).toThrow('not enough arguments')
  })
})
