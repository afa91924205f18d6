/** One figure, as ours and every peer print it. */
export interface Figure {
  readonly peer: string
  readonly version: string
  readonly work: string
  readonly per_second?: number
  readonly per_cpu_second?: number
  /** Of a latency, where less is better. */
  readonly milliseconds?: number
  /** Of a wait, where less is better. */
  readonly blocks?: number
  readonly note?: string
}

/** A row of the report: our figure over a peer's, and what it should be at least. */
export interface Comparison {
  readonly what: string
  readonly ours: Figure
  readonly peer: Figure | undefined
  readonly by: 'per_second' | 'per_cpu_second' | 'milliseconds' | 'blocks'
  readonly aim: number | undefined
}

/** How many times better than the peer, by the measure that is comparable; undefined without a peer. */
export function ratioOf({ ours, peer, by }: Comparison): number | undefined {
  const [a, b] = by === 'milliseconds' || by === 'blocks' ? [peer?.[by], ours[by]] : [ours[by], peer?.[by]]
  return a === undefined || b === undefined || b === 0 ? undefined : a / b
}

/** One line of the report. */
export function lineOf(row: Comparison): string {
  const ratio = ratioOf(row)
  const rate = (figure: Figure | undefined) =>
    figure?.[row.by] === undefined ? '–' : format(figure[row.by]!)
  const aim = row.aim === undefined ? '' : `aim ≥ ${row.aim}×`
  const against = row.peer === undefined ? '(no peer here)' : `${row.peer.peer} ${row.peer.version}`
  const shown = ratio === undefined ? '' : `${ratio.toFixed(2)}×`
  const unit = { per_second: '/s', per_cpu_second: '/cpu·s', milliseconds: ' ms', blocks: ' blocks' }[row.by]
  return [
    row.what.padEnd(58),
    `${rate(row.ours)}${unit}`.padStart(16),
    rate(row.peer).padStart(10),
    shown.padStart(8),
    aim.padEnd(10),
    against,
  ].join(' ')
}

function format(rate: number): string {
  return rate >= 100 ? Math.round(rate).toLocaleString('en-US') : rate.toFixed(1)
}
