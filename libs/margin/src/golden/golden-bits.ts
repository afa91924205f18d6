import { optionKernel } from '../kernel/option-kernel.ts'
import { exp } from '../math/exp.ts'
import { ln, lnRatio, pow } from '../math/ln.ts'
import { normalCdf, normalInverse, normalPdf } from '../math/normal.ts'
import { black76 } from '../pricing/black76.ts'
import { black76Greeks } from '../pricing/greeks.ts'
import { impliedTotalVolatility } from '../pricing/implied-volatility.ts'
import { sviVolatility } from '../pricing/svi.ts'

/** Rows of a function: its arguments, and the bits of its result as 16 hexadecimal digits. */
export type GoldenRows = readonly (readonly [arguments: readonly number[], bits: string])[]

/** The content of golden/bits.json: rows by function. */
export interface GoldenTable {
  readonly rows: Readonly<Record<string, GoldenRows>>
}

/** What the golden table knows, as functions of numbers alone (a call is 1, a put −1). */
export const goldenFunctions: Readonly<Record<string, (...x: number[]) => number>> = {
  exp,
  ln,
  lnRatio,
  pow,
  normalPdf,
  normalCdf,
  normalInverse,
  black76: (forward, strike, v, discount, sign) => black76(forward!, strike!, v!, discount!, sign! > 0),
  kernel: priceInKernel,
  impliedTotalVolatility: (price, forward, strike, discount, sign) =>
    impliedTotalVolatility(price!, forward!, strike!, discount!, sign! > 0),
  greeks: (forward, strike, volatility, years, rate, sign, which) => {
    const market = { forward: forward!, strike: strike!, volatility: volatility! }
    const greeks = black76Greeks({ ...market, years: years!, rate: rate!, isCall: sign! > 0 })
    const { value, forwardDelta, forwardGamma, vega, theta, rho } = greeks
    return [value, forwardDelta, forwardGamma, vega, theta, rho][which!]!
  },
  sviVolatility: (a, b, rho, m, sigma, forward, tau, strike) =>
    sviVolatility({ a: a!, b: b!, rho: rho!, m: m!, sigma: sigma!, forward: forward!, tau: tau! }, strike!),
}

function priceInKernel(...[forward, strike, volatility, discount, sign]: number[]): number {
  const kernel = optionKernel()
  const columns = kernel.columns(2)
  for (const i of [0, 1]) {
    columns.forward[i] = forward!
    columns.strike[i] = strike!
    columns.volatility[i] = volatility!
    columns.discount[i] = discount!
    columns.sign[i] = sign!
  }
  kernel.price(0, 2)
  return columns.value[1]!
}

/**
 * The rows that this engine computes to other bits, one line each; none means that it computes like every
 * other that passes. Give it the package's golden/bits.json before you trust a platform.
 */
export function goldenMismatches({ rows }: GoldenTable): readonly string[] {
  return Object.entries(rows).flatMap(([name, list]) => {
    const compute = goldenFunctions[name]
    if (compute === undefined) return [`${name}: unknown`]
    return list.flatMap(([x, bits]) => {
      const got = hexBits(compute(...x))
      return got === bits ? [] : [`${name}(${x.join(', ')}) = ${got}, not ${bits}`]
    })
  })
}

/** The bits of a double as 16 hexadecimal digits. Every NaN is written as the canonical one. */
export function hexBits(x: number): string {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x === x ? x : Number.NaN)
  return view.getBigUint64(0).toString(16).padStart(16, '0')
}
