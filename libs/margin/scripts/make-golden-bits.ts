// Writes golden/bits.json anew: run it only when an algorithm changes on purpose, for every validator must
// change with it. node libs/margin/scripts/make-golden-bits.ts
import { mkdirSync, writeFileSync } from 'node:fs'
import { goldenFunctions, hexBits } from '../src/golden/golden-bits.ts'
import { kernelInputs } from '../src/kernel/inputs.fixture.ts'
import { seeded } from '../src/math/reference.fixture.ts'
import { black76 } from '../src/pricing/black76.ts'

const random = seeded(76)
const uniform = (from: number, to: number): number => from + (to - from) * random()
const many = (count: number, make: () => number[]): number[][] => Array.from({ length: count }, make)
const powerOfTwo = (): number => 2 ** uniform(-1000, 1000)

const options = kernelInputs(76, 150)
  .filter((_, i) => i % 41 === 0 || i >= 1573)
  .map(({ forward, strike, volatility, discount, sign }) => [forward, strike, volatility, discount, sign])

const inputs: Record<string, number[][]> = {
  exp: [[0], [1], [-1], [709.782712893384], [-745.1332191019411], ...many(60, () => [uniform(-745, 709)])],
  ln: [[1], [5e-324], [2], [10], ...many(30, () => [powerOfTwo()]), ...many(30, () => [uniform(0.5, 2)])],
  lnRatio: many(40, () => [uniform(1, 2), uniform(0.5, 4)]),
  pow: [[0, 0.5], [2, 0.5], ...many(40, () => [uniform(0, 60), uniform(-2, 2)])],
  normalPdf: many(20, () => [uniform(-38, 38)]),
  normalCdf: [[0], [-38], [-38.4], [8], ...many(60, () => [uniform(-38, 9)])],
  normalInverse: [
    [0.5],
    [1e-300],
    ...many(30, () => [random()]),
    ...many(20, () => [2 ** uniform(-900, -1)]),
  ],
  black76: options,
  kernel: options,
  impliedTotalVolatility: many(30, () => {
    const [strike, v] = [uniform(50, 200), uniform(0.01, 3)]
    const sign = random() < 0.5 ? 1 : -1
    return [black76(100, strike, v, 0.9, sign > 0), 100, strike, 0.9, sign]
  }),
  greeks: Array.from({ length: 48 }, (_, i) => [
    ...[
      100,
      uniform(50, 200),
      uniform(0.05, 2),
      uniform(0.001, 2),
      uniform(-0.05, 0.1),
      i % 2 === 0 ? 1 : -1,
    ],
    i % 6,
  ]),
  sviVolatility: many(40, () => [
    ...[uniform(0, 0.1), uniform(0, 0.4), uniform(-1, 1), uniform(-0.2, 0.2), uniform(0.001, 0.5)],
    ...[100, uniform(0.01, 2), uniform(20, 400)],
  ]),
}

const rows = Object.entries(inputs).map(([name, list]) => {
  const lines = list.map((x) => `    ${JSON.stringify([x, hexBits(goldenFunctions[name]!(...x))])}`)
  return `  "${name}": [\n${lines.join(',\n')}\n  ]`
})
mkdirSync(new URL('../golden/', import.meta.url), { recursive: true })
writeFileSync(new URL('../golden/bits.json', import.meta.url), `{"rows": {\n${rows.join(',\n')}\n}}\n`)
