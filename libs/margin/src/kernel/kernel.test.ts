import { afterEach, describe, expect, it, vi } from 'vitest'
import { MarginError } from '../errors.ts'
import { ln } from '../math/ln.ts'
import { black76, logMoneyness, valueOf } from '../pricing/black76.ts'
import type { OptionColumns, OptionKernel, Shock } from './columns.ts'
import { kernelInputs } from './inputs.fixture.ts'
import type { KernelInput } from './inputs.fixture.ts'
import { optionKernel } from './option-kernel.ts'
import { scalarKernel } from './scalar-kernel.ts'
import { createWasmKernel } from './wasm-kernel.ts'

const wasm = createWasmKernel()!
const scalar = scalarKernel()
const kernels = [wasm, scalar]

afterEach(() => {
  vi.unstubAllGlobals()
  // What was imported without WebAssembly is nobody else's
  vi.resetModules()
})

function fill(kernel: OptionKernel, inputs: readonly KernelInput[]): OptionColumns {
  const columns = kernel.columns(inputs.length)
  inputs.forEach((input, i) => {
    columns.forward[i] = input.forward
    columns.strike[i] = input.strike
    columns.volatility[i] = input.volatility
    columns.discount[i] = input.discount
    columns.sign[i] = input.sign
    columns.amount[i] = ((i % 11) - 5) * 1.7
    columns.logRatio[i] = logMoneyness(input.forward, input.strike)
  })
  return columns
}

/** Where the bits of two columns differ, for few numbers in a message. */
function differences(a: Float64Array, b: Float64Array, count: number): number[] {
  const [x, y] = [a, b].map((column) => new BigInt64Array(column.slice(0, count).buffer))
  return Array.from({ length: count }, (_, i) => i)
    .filter((i) => x![i] !== y![i])
    .slice(0, 5)
}

const shocks: readonly Shock[] = [
  { forward: 1000, logShift: 0, volatilityScale: 1, volatilityFloor: 0, discount: 1 },
  { forward: 1180, logShift: ln(1.18), volatilityScale: 1.5, volatilityFloor: 0.02, discount: 0.98 },
  { forward: 340, logShift: ln(0.34), volatilityScale: 0, volatilityFloor: 0, discount: 0.5 },
  { forward: 6000, logShift: ln(6), volatilityScale: 100, volatilityFloor: 24, discount: 1.2 },
  { forward: 0, logShift: -708, volatilityScale: 1, volatilityFloor: 0.4, discount: 1 },
]

describe('the WebAssembly kernel', () => {
  it('gives the bits of the scalar one, random and extreme inputs alike', () => {
    const inputs = kernelInputs(1, 120_000)
    const [a, b] = kernels.map((kernel) => {
      const columns = fill(kernel, inputs)
      kernel.price(0, inputs.length)
      return columns.value
    })
    process.stdout.write(`kernel: ${inputs.length} options compared bit by bit\n`)
    expect(differences(a!, b!, inputs.length)).toEqual([])
    expect(a!.subarray(0, inputs.length).every((value) => value >= 0 && value < Infinity)).toBe(true)
  })

  it('gives the bits of black76', () => {
    const inputs = kernelInputs(2, 5_000)
    const { value } = fill(wasm, inputs)
    wasm.price(0, inputs.length)
    inputs.forEach(({ forward, strike, volatility, discount, sign }, i) => {
      if (value[i] !== black76(forward, strike, volatility, discount, sign > 0)) expect.fail(`option ${i}`)
    })
  })

  it('gives the bits of the scalar one under shocks, one by one and in total', () => {
    const inputs = kernelInputs(3, 30_000)
    const [a, b] = kernels.map((kernel) => fill(kernel, inputs))
    for (const shock of shocks) {
      for (const kernel of kernels) kernel.revalue(0, inputs.length, shock)
      expect(differences(a!.value, b!.value, inputs.length)).toEqual([])
      const totals = kernels.map((kernel) => kernel.total(1573, 20_001, shock))
      expect(totals[0]).toBe(totals[1])
      expect(totals[0]! - totals[0]!).toBe(0)
    }
  })
})

describe.each(kernels)('a kernel in $engine', (kernel) => {
  it('revalues with the shift of the logarithm and the scaled and floored volatility', () => {
    const inputs = kernelInputs(4, 200)
    const columns = fill(kernel, inputs)
    for (const shock of shocks) {
      kernel.revalue(0, inputs.length, shock)
      inputs.forEach(({ strike, sign }, i) => {
        const scaled = columns.volatility[i]! * shock.volatilityScale
        const volatility = Math.max(scaled, shock.volatilityFloor)
        const logRatio = columns.logRatio[i]! + shock.logShift
        const expected = valueOf(logRatio, shock.forward, strike, volatility, shock.discount, sign)
        if (columns.value[i] !== expected) expect.fail(`option ${i}`)
      })
    }
  })

  it('takes ranges of any length at any place and leaves what lies beside them', () => {
    const inputs = kernelInputs(5, 40)
    const columns = fill(kernel, inputs)
    kernel.price(0, inputs.length)
    const all = columns.value.slice(0, inputs.length)
    for (let first = 0; first < 6; first++) {
      for (let count = 0; count < 8; count++) {
        columns.value.fill(-1)
        kernel.price(first, count)
        const expected = Array.from(all, (value, i) => (i >= first && i < first + count ? value : -1))
        expect(Array.from(columns.value.subarray(0, inputs.length))).toEqual(expected)
      }
    }
  })

  it('adds amounts times values in two sums, from the first of the range on', () => {
    const inputs = kernelInputs(6, 100)
    const columns = fill(kernel, inputs)
    const shock = shocks[1]!
    kernel.revalue(0, inputs.length, shock)
    for (const [first, count] of [
      [0, 0],
      [0, 1],
      [3, 1],
      [3, 2],
      [7, 33],
      [8, 34],
    ] as const) {
      const sums: [number, number] = [0, 0]
      for (let i = 0; i < count; i++) sums[i % 2]! += columns.amount[first + i]! * columns.value[first + i]!
      expect(kernel.total(first, count, shock)).toBe(sums[0] + sums[1])
    }
  })

  it('names the first number that is no price', () => {
    const columns = fill(kernel, kernelInputs(7, 10))
    for (const bad of [Number.NaN, Infinity, -Infinity, -1, -5e-324]) {
      for (const name of ['forward', 'strike', 'volatility', 'discount'] as const) {
        const kept = columns[name][4]!
        columns[name][4] = bad
        expect(() => kernel.price(0, 9)).toThrow(MarginError)
        expect(() => kernel.price(0, 9)).toThrow(`${name}[4]`)
        expect(() => kernel.price(5, 4)).not.toThrow()
        columns[name][4] = kept
      }
    }
    expect(() => kernel.price(0, 9)).not.toThrow()
  })

  it('refuses a value beyond the doubles, and takes a sum beyond them', () => {
    const columns = fill(kernel, kernelInputs(8, 2))
    columns.forward[0] = columns.strike[0] = 1.7e308
    columns.discount[0] = 1
    expect(() => kernel.price(0, 1)).not.toThrow()
    columns.discount[0] = 10
    columns.strike[0] = 0
    columns.sign[0] = 1
    expect(() => kernel.price(0, 1)).toThrow('value[0] is beyond the largest number')
  })

  it('grows, and its columns then have room', () => {
    const before = kernel.columns(10).value.length
    const { value, strike } = kernel.columns(before + 1)
    expect(value.length).toBeGreaterThan(before)
    expect(strike.length).toBe(value.length)
    expect(kernel.columns(before).value).toBe(value)
    expect(fill(kernel, kernelInputs(9, 3)).value).toBe(value)
    expect(() => kernel.price(0, value.length + 1)).toThrow(RangeError)
    expect(() => kernel.price(-1, 1)).toThrow(RangeError)
    expect(() => kernel.total(0.5, 1, shocks[0]!)).toThrow(RangeError)
    expect(() => kernel.revalue(1, Number.NaN, shocks[0]!)).toThrow(RangeError)
  })
})

describe('optionKernel', () => {
  it('is the one of this program', () => {
    expect(optionKernel()).toBe(optionKernel())
    expect(optionKernel().engine).toBe('wasm')
  })

  it('is TypeScript where there is no WebAssembly', async () => {
    vi.stubGlobal('WebAssembly', undefined)
    vi.resetModules()
    expect((await import('./option-kernel.ts')).optionKernel().engine).toBe('typescript')
  })
})
