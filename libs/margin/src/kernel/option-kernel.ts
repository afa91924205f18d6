import type { OptionKernel } from './columns.ts'
import { scalarKernel } from './scalar-kernel.ts'
import { createWasmKernel } from './wasm-kernel.ts'

/*
 * The door to fast valuation. Write options into the columns, one option an index, then ask:
 *
 *     const kernel = optionKernel()
 *     const { logRatio, strike, volatility, sign, amount } = kernel.columns(count) // then fill 0 … count − 1
 *     for (const scenario of scenarios) {
 *       const shock = { forward: F * m, logShift: ln(m), volatilityScale, volatilityFloor, discount }
 *       const worth = kernel.total(first, n, shock) // Σ amount·value over one expiry
 *     }
 *
 * One expiry is a range of indexes: within it forward and discount are the same for all options, so that a
 * scenario needs no logarithm at all: ln(F·m ÷ K) = ln(F ÷ K) + ln m. `logRatio` is filled once an account
 * with `logMoneyness(forward, strike)`, `volatility` with the surface's vol·√T. Where a scenario tilts the
 * smile, write other volatilities and pass a scale of 1. Every function gives the same bits in WebAssembly
 * and in TypeScript.
 */

let kernel: OptionKernel | undefined

/** The one kernel of this program: WebAssembly where there is any, else TypeScript. The bits are the same. */
export function optionKernel(): OptionKernel {
  kernel ??= createWasmKernel() ?? scalarKernel()
  return kernel
}
