import { seeded } from '../math/reference.fixture.ts'

/** One option as the kernel takes it. */
export interface KernelInput {
  readonly forward: number
  readonly strike: number
  readonly volatility: number
  readonly discount: number
  readonly sign: 1 | -1
}

const extremes = [
  0, 5e-324, 2.2250738585072014e-308, 1e-300, 1e-18, 0.5, 1, 1.0000000000000002, 3.4e38, 1e300,
  8.98846567431158e307,
]
const volatilities = [0, 5e-324, 1e-300, 1e-16, 1e-8, 1e-3, 0.2, 5, 12, 23.999999999999996, 24, 1e9, 1e300]

/** Every combination of extreme numbers, then `count` random options near the money and far from it. */
export function kernelInputs(seed: number, count: number): KernelInput[] {
  const random = seeded(seed)
  const spread = (powers: number): number => 2 ** ((random() - 0.5) * 2 * powers)
  const inputs: KernelInput[] = []
  for (const forward of extremes)
    for (const strike of extremes)
      for (const volatility of volatilities)
        inputs.push({ forward, strike, volatility, discount: 0.97, sign: inputs.length % 2 === 0 ? 1 : -1 })
  for (let i = 0; i < count; i++) {
    const forward = 1000 * spread(i % 5 === 0 ? 60 : 3)
    const strike = forward * spread([0.001, 0.1, 1, 8, 200][i % 5]!)
    const volatility = spread(i % 7 === 0 ? 40 : 4)
    inputs.push({ forward, strike, volatility, discount: spread(0.2), sign: random() < 0.5 ? 1 : -1 })
  }
  return inputs
}
