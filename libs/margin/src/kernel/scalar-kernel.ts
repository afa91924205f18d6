import { logMoneyness, valueOf } from '../pricing/black76.ts'
import { checkOptions, checkRange, checkValues } from './columns.ts'
import type { OptionColumns, OptionKernel, Shock } from './columns.ts'

/** The kernel in TypeScript: where there is no WebAssembly, and as the oracle of the one in WebAssembly. */
export function scalarKernel(): OptionKernel {
  let columns = allocate(16)
  return {
    engine: 'typescript',
    columns: (count) => {
      if (count > columns.value.length) columns = allocate(count + (count >> 1))
      return columns
    },
    price: (first, count) => {
      checkRange(columns, first, count)
      checkOptions(columns, first, count)
      price(columns, first, first + count)
      checkValues(columns, first, count)
    },
    revalue: (first, count, shock) => {
      checkRange(columns, first, count)
      const { value } = columns
      for (let i = first; i < first + count; i++) value[i] = shockedValue(columns, i, shock)
    },
    total: (first, count, shock) => {
      checkRange(columns, first, count)
      let [even, odd] = [0, 0]
      for (let i = 0; i < count; i++) {
        const worth = columns.amount[first + i]! * shockedValue(columns, first + i, shock)
        if (i % 2 === 0) even += worth
        else odd += worth
      }
      return even + odd
    },
  }
}

function allocate(count: number): OptionColumns {
  const column = () => new Float64Array(count)
  return {
    ...{ logRatio: column(), forward: column(), strike: column(), volatility: column() },
    ...{ discount: column(), sign: column(), amount: column(), value: column() },
  }
}

function price(columns: OptionColumns, from: number, to: number): void {
  const { forward, strike, volatility, discount, sign, value } = columns
  for (let i = from; i < to; i++) {
    const [f, k] = [forward[i]!, strike[i]!]
    value[i] = valueOf(logMoneyness(f, k), f, k, volatility[i]!, discount[i]!, sign[i]!)
  }
}

function shockedValue(columns: OptionColumns, i: number, shock: Shock): number {
  const scaled = columns.volatility[i]! * shock.volatilityScale
  const volatility = shock.volatilityFloor < scaled ? scaled : shock.volatilityFloor
  const logRatio = columns.logRatio[i]! + shock.logShift
  return valueOf(logRatio, shock.forward, columns.strike[i]!, volatility, shock.discount, columns.sign[i]!)
}
