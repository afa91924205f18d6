import { loadavg } from 'node:os'
import type { Comparison } from './figures.ts'
import { compareKernel } from './margin-kernel.ts'
import { compareRequirements } from './margin-requirement.ts'
import { compareScans } from './margin-scan.ts'
import { runPeer } from './peers.ts'

/**
 * The margin engine: option valuations, requirements, what-ifs, and scans of 100,000 accounts. All rates are
 * by CPU second of this process, so that other programs don't count; what load there was is printed.
 */
export function compareMargin(repetitions: number): Comparison[] {
  const load = () =>
    console.log(
      `  load average ${loadavg()
        .map((each) => each.toFixed(1))
        .join(', ')}`,
    )
  load()
  const peers = runPeer('black76', repetitions).filter(
    ({ work }) => work.startsWith('black76') || work === 'blackFormula call',
  )
  const quantLib = peers
    .filter(({ work }) => work === 'blackFormula call')
    .sort((a, b) => (b.per_cpu_second ?? 0) - (a.per_cpu_second ?? 0))[0]
  const rows = [
    ...compareKernel(repetitions, peers),
    ...compareRequirements(repetitions, quantLib),
    ...compareScans(repetitions),
  ]
  load()
  return rows
}
