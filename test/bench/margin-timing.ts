import type { Figure } from './figures.ts'

/** How often a CPU second has room for `pass`: the median of batches, so that other programs don't count. */
export function cpuFigure(work: string, repetitions: number, passes: number, pass: () => void): Figure {
  for (let i = 0; i < 2 * passes; i++) pass()
  const [rates, cpuRates]: [number[], number[]] = [[], []]
  for (let batch = 0; batch < 5 * repetitions; batch++) {
    const [startedAt, cpu] = [performance.now(), process.cpuUsage()]
    for (let i = 0; i < passes; i++) pass()
    const { user, system } = process.cpuUsage(cpu)
    rates.push((passes * 1e3) / (performance.now() - startedAt))
    cpuRates.push((passes * 1e6) / (user + system))
  }
  const [per_second, per_cpu_second] = [median(rates), median(cpuRates)]
  return { peer: work, version: `Node ${process.version}`, work, per_second, per_cpu_second }
}

/** What was asked for, as if it were a peer. */
export function target(wanted: string, perSecond: number): Figure {
  return { peer: 'target', version: wanted, work: wanted, per_second: perSecond, per_cpu_second: perSecond }
}

/** The middle one. */
export function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1]!
}
