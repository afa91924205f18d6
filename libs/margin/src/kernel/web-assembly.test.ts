import { describe, expect, it } from 'vitest'
import { kernelModule } from './module.ts'
import { createConstantPool, createProgram } from './program.ts'
import { constant, f64x2, get, i64x2, moduleOf, signed, unsigned, v128, valueType } from './web-assembly.ts'
import type { Code } from './web-assembly.ts'

declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => {
    exports: { memory: { buffer: ArrayBuffer }; run: (argument: number) => number }
  }
}

function compute(expression: Code): [number, number] {
  const run = {
    name: 'run',
    parameters: [valueType.i32],
    result: valueType.i32,
    locals: [],
    code: [...v128.store(get(0), expression), ...constant(7)],
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(1, [run])))
  new Float64Array(exports.memory.buffer).set([2.5, -3, 0.5, 4])
  expect(exports.run(1024)).toBe(7)
  const [low, high] = new Float64Array(exports.memory.buffer, 1024, 2)
  return [low!, high!]
}

const a = v128.load(constant(0))
const b = v128.load(constant(0), 16)

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
    [-129, [0xff, 0x7e]],
  ])('signed %i', (value, bytes) => {
    expect(signed(value)).toEqual(bytes)
  })
})

describe('instructions', () => {
  it.each<[string, Code, [number, number]]>([
    ['add', f64x2.add(a, b), [3, 1]],
    ['subtract', f64x2.subtract(a, b), [2, -7]],
    ['multiply', f64x2.multiply(a, b), [1.25, -12]],
    ['divide', f64x2.divide(a, b), [5, -0.75]],
    ['abs', f64x2.abs(a), [2.5, 3]],
    ['lesser', f64x2.lesser(a, b), [0.5, -3]],
    ['greater', f64x2.greater(a, b), [2.5, 4]],
    ['select by greaterThan', v128.select(a, b, f64x2.greaterThan(a, b)), [2.5, 4]],
    ['select by lessThan', v128.select(a, b, f64x2.lessThan(a, b)), [0.5, -3]],
    ['and with atLeast', v128.and(a, f64x2.atLeast(a, b)), [2.5, 0]],
    ['and with not', v128.and(a, v128.not(f64x2.atLeast(a, b))), [0, -3]],
    ['xor', v128.xor(a, v128.xor(a, b)), [0.5, 4]],
    ['loadLow', v128.loadLow(constant(0), 8), [-3, 0]],
    [
      'integers',
      i64x2.add(i64x2.shiftLeft(i64x2.shiftRight(b, 52), 52), v128.loadLow(constant(64))),
      [0.5, 4],
    ],
  ])('%s', (_name, expression, expected) => {
    expect(compute(expression)).toEqual(expected)
  })
})

describe('the pool', () => {
  it('holds each constant once, in both lanes', () => {
    const pool = createConstantPool()
    expect(pool.double(1.5)).toEqual(pool.bits(0x3ff8000000000000n))
    pool.double(-0)
    const doubles = new Float64Array(pool.bytes().buffer)
    expect([...doubles]).toEqual([1.5, 1.5, -0, -0])
  })
})

describe('a program', () => {
  it('keeps intermediates in locals of their own', () => {
    const program = createProgram(3)
    expect(program.keep([0x01])).toEqual(get(3))
    program.run([0x02])
    expect(program.keep([0x03])).toEqual(get(4))
    expect(program.code()).toEqual([0x01, 0x21, 3, 0x02, 0x03, 0x21, 4])
    expect(program.locals()).toBe(2)
  })
})

describe('the module', () => {
  it('is the same each time, and small; its constants fit the first page', () => {
    expect(kernelModule()).toEqual(kernelModule())
    expect(kernelModule().bytes.length).toBeLessThan(12_000)
    expect(kernelModule().constants.length).toBeLessThan(65_536)
  })
})
