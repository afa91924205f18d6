/** One figure, in the shape in which the peers print theirs. */
export interface Figure {
  peer: string
  version: string
  work: string
  n: number
  per_second: number
  per_cpu_second: number
  note: string
}

/** Calls `work` n times, `REPS` times over after one warm-up, and takes the median rate. */
export function measure(work: string, n: number, note: string, call: (i: number) => void): Figure {
  const repetitions = Math.max(1, Number(process.env.REPS ?? 5))
  const wall: number[] = []
  const cpu: number[] = []
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    const startedAt = performance.now()
    const usage = process.cpuUsage()
    for (let i = 0; i < n; i++) call(i)
    const { user, system } = process.cpuUsage(usage)
    if (repetition === 0) continue
    wall.push(n / ((performance.now() - startedAt) / 1e3))
    cpu.push(n / ((user + system) / 1e6))
  }
  for (const rates of [wall, cpu]) rates.sort((a, b) => a - b)
  const spread = `median of ${repetitions}, min ${wall[0]!.toFixed(0)} max ${wall.at(-1)!.toFixed(0)}`
  return {
    peer: 'causeway',
    version: '0.1.0',
    work,
    n,
    per_second: round(wall[wall.length >> 1]!),
    per_cpu_second: round(cpu[cpu.length >> 1]!),
    note: `${note}; ${spread}; node ${process.version}`,
  }
}

function round(rate: number): number {
  return rate > 1000 ? Math.round(rate) : Math.round(rate * 10) / 10
}
