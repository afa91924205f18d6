import { optionKernel, scalarKernel } from '@causeway/margin'
import type { OptionColumns } from '@causeway/margin'
import type { Comparison, Figure } from './figures.ts'
import { median, target } from './margin-timing.ts'

const COUNT = 100_000

/** The market of `peers/black76/bench.py`: forwards and strikes of 50 … 150, volatilities of 5 … 80 %. */
interface Market {
  readonly forward: Float64Array
  readonly strike: Float64Array
  readonly volatility: Float64Array
  readonly years: Float64Array
  readonly discount: Float64Array
}

/**
 * Option valuations a second on one core: the kernel, the same in TypeScript, with Math.*, and `peers` of
 * black76.
 */
export function compareKernel(repetitions: number, peers: readonly Figure[]): Comparison[] {
  const market = randomMarket()
  const wasm = figure('kernel, WebAssembly', repetitions, pricing(optionKernel(), market))
  const typescript = figure('kernel, TypeScript', repetitions, pricing(scalarKernel(), market))
  const plain = figure('the same loop with Math.*', repetitions, plainPricing(market))
  const shocked = figure('kernel, one scenario of a book', repetitions, revaluing(market))
  const row = (what: string, ours: Figure, peer: Figure | undefined, aim?: number): Comparison => ({
    ...{ what: `options: ${what}`, ours, peer, by: 'per_cpu_second', aim },
  })
  const numpy = peers.find(({ peer }) => peer.startsWith('numpy'))
  return [
    row('WebAssembly', wasm, target('20 M/s', 20e6), 1),
    row('WebAssembly beside plain Math.*', wasm, plain),
    row('WebAssembly beside TypeScript, same bits', wasm, typescript),
    row('one scenario beside plain Math.*', shocked, plain),
    ...peers.map((peer) =>
      row(`WebAssembly beside ${peer.note?.split(';')[0] ?? ''}`, wasm, peer, peer === numpy ? 1 : undefined),
    ),
  ]
}

function randomMarket(): Market {
  const column = (from: number, to: number) =>
    Float64Array.from({ length: COUNT }, () => from + (to - from) * Math.random())
  const years = column(0.02, 3)
  const discount = years.map((t) => Math.exp(-0.03 * t))
  return { forward: column(50, 150), strike: column(50, 150), volatility: column(0.05, 0.8), years, discount }
}

function load(columns: OptionColumns, market: Market): void {
  columns.forward.set(market.forward)
  columns.strike.set(market.strike)
  columns.discount.set(market.discount)
  columns.sign.fill(1, 0, COUNT)
  columns.amount.fill(1, 0, COUNT)
  for (let i = 0; i < COUNT; i++) {
    columns.volatility[i] = market.volatility[i]! * Math.sqrt(market.years[i]!)
    columns.logRatio[i] = Math.log(market.forward[i]! / market.strike[i]!)
  }
}

/** Like the peers', a pass takes volatility and time apart; the root is part of it. */
function pricing(kernel: ReturnType<typeof optionKernel>, market: Market): () => void {
  const columns = kernel.columns(COUNT)
  load(columns, market)
  const { volatility } = columns
  return () => {
    for (let i = 0; i < COUNT; i++) volatility[i] = market.volatility[i]! * Math.sqrt(market.years[i]!)
    kernel.price(0, COUNT)
  }
}

function revaluing(market: Market): () => void {
  const kernel = optionKernel()
  load(kernel.columns(COUNT), market)
  const shock = { forward: 118, logShift: 0.16, volatilityScale: 1.2, volatilityFloor: 0, discount: 0.99 }
  return () => void kernel.total(0, COUNT, shock)
}

function plainPricing({ forward, strike, volatility, years, discount }: Market): () => void {
  const value = new Float64Array(COUNT)
  return () => {
    for (let i = 0; i < COUNT; i++) {
      const v = volatility[i]! * Math.sqrt(years[i]!)
      const d1 = Math.log(forward[i]! / strike[i]!) / v + 0.5 * v
      value[i] = discount[i]! * (forward[i]! * plainCdf(d1) - strike[i]! * plainCdf(d1 - v))
    }
  }
}

/**
 * Abramowitz and Stegun 26.2.17, error 7.5e-8: what is often found in JavaScript, and faster than a precise
 * one.
 */
export function plainCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = 0.3989422804014327 * Math.exp(-0.5 * x * x) * series
  return x > 0 ? 1 - tail : tail
}

function figure(work: string, repetitions: number, pass: () => void): Figure {
  const [rates, cpuRates]: [number[], number[]] = [[], []]
  for (let i = 0; i < 10; i++) pass()
  for (let i = 0; i < repetitions * 3; i++) {
    const [startedAt, cpu] = [performance.now(), process.cpuUsage()]
    for (let j = 0; j < 10; j++) pass()
    const { user, system } = process.cpuUsage(cpu)
    rates.push((10 * COUNT * 1e3) / (performance.now() - startedAt))
    cpuRates.push((10 * COUNT * 1e6) / (user + system))
  }
  const [per_second, per_cpu_second] = [median(rates), median(cpuRates)]
  return { peer: work, version: `Node ${process.version}`, work, per_second, per_cpu_second }
}
