import { checkOptions, checkRange, checkValues } from './columns.ts'
import type { OptionColumns, OptionKernel } from './columns.ts'
import { kernelModule } from './module.ts'

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  price(count: number, ...addresses: readonly number[]): number
  revalue(count: number, ...rest: readonly number[]): void
  total(count: number, ...rest: readonly number[]): number
}

// What of the WebAssembly interface is used here: it is the same in Node and browsers, and part of neither's
// types.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => { exports: Exports }
}

const PAGE_BYTES = 65536
const COLUMNS = 8
/** 4 GiB less a page hold this many options. */
const OPTIONS_MAX = 67_000_000

/** The kernel in WebAssembly SIMD; undefined where that is missing or forbidden (a page's policy may). */
export function createWasmKernel(): OptionKernel | undefined {
  const { bytes, constants } = kernelModule()
  let exports: Exports
  try {
    exports = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
  } catch {
    return undefined
  }
  new Uint8Array(exports.memory.buffer).set(constants)
  return overMemory(exports)
}

function overMemory(exports: Exports): OptionKernel {
  const { memory } = exports
  let capacity = 0
  let columns = viewsOf(memory.buffer, 0)
  /** Address of option `first` in a column. The first page holds the constants. */
  const at = (column: number, first: number): number => PAGE_BYTES + (column * capacity + first) * 8
  return {
    engine: 'wasm',
    columns: (count) => {
      if (count <= capacity) return columns
      if (!(count <= OPTIONS_MAX)) throw new RangeError(`${count} options are more than ${OPTIONS_MAX}`)
      const pages = Math.floor((count * 1.5 * COLUMNS * 8) / PAGE_BYTES) + 2
      const have = memory.buffer.byteLength / PAGE_BYTES
      if (pages > have) memory.grow(pages - have)
      capacity = Math.floor((memory.buffer.byteLength - PAGE_BYTES) / (COLUMNS * 8))
      columns = viewsOf(memory.buffer, capacity)
      return columns
    },
    price: (first, count) => {
      checkRange(columns, first, count)
      const addresses = [at(1, first), at(2, first), at(3, first), at(4, first), at(5, first), at(7, first)]
      if (exports.price(count, ...addresses) === 0) return
      checkOptions(columns, first, count)
      checkValues(columns, first, count)
    },
    revalue: (first, count, shock) => {
      checkRange(columns, first, count)
      const { logShift, forward, volatilityScale, volatilityFloor, discount } = shock
      const [logRatio, strike, volatility] = [at(0, first), at(2, first), at(3, first)]
      const [sign, value] = [at(5, first), at(7, first)]
      const common = [logShift, forward, volatilityScale, volatilityFloor, discount] as const
      exports.revalue(count, logRatio, strike, volatility, sign, value, ...common)
    },
    total: (first, count, shock) => {
      checkRange(columns, first, count)
      const { logShift, forward, volatilityScale, volatilityFloor, discount } = shock
      const [logRatio, strike, volatility] = [at(0, first), at(2, first), at(3, first)]
      const [sign, amount] = [at(5, first), at(6, first)]
      const common = [logShift, forward, volatilityScale, volatilityFloor, discount] as const
      return exports.total(count, logRatio, strike, volatility, sign, amount, ...common)
    },
  }
}

function viewsOf(buffer: ArrayBuffer, capacity: number): OptionColumns {
  const column = (index: number) => new Float64Array(buffer, PAGE_BYTES + index * capacity * 8, capacity)
  return {
    ...{ logRatio: column(0), forward: column(1), strike: column(2), volatility: column(3) },
    ...{ discount: column(4), sign: column(5), amount: column(6), value: column(7) },
  }
}
