/*
 * Doubles by their bits: exact, and the same whatever the platform's byte order (a DataView has its own).
 */

const view = new DataView(new ArrayBuffer(8))

/** 2^n for n = −1074 … 1023, by halving and doubling, which is exact down to the least subnormal. */
const powers = ((): Float64Array => {
  const table = new Float64Array(2098)
  table[1074] = 1
  for (let i = 1073; i >= 0; i--) table[i] = table[i + 1]! * 0.5
  for (let i = 1075; i < 2098; i++) table[i] = table[i - 1]! * 2
  return table
})()

/** The exponent of a positive normal double: x = significand · 2^exponent with 1 ≤ significand < 2. */
export function exponentOf(x: number): number {
  view.setFloat64(0, x, true)
  return (view.getInt32(4, true) >>> 20) - 1023
}

/** 2^n for an integer n of −1074 … 1023. */
export function powerOfTwo(n: number): number {
  return powers[n + 1074]!
}
