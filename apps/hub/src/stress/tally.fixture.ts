// What worst days came to: counted from events alone, as plain values that outlive the process.
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { WORST_DAYS } from './scenarios.fixture.ts'
import type { Counter } from './world.fixture.ts'

/** What one scenario came to; cash in whole units. */
export interface ScenarioReport {
  readonly scenario: string
  readonly round: number
  readonly firstHeight: number
  blocks: number
  /** Accounts whose liquidation began. */
  liquidated: number
  sales: number
  badDebt: number
  insured: number
  deleveraged: number
  socialised: number
  /** Half of Σ |size| at the index when it began. */
  readonly openInterest: number
  /** Accounts that held something then. */
  readonly accounts: number
  readonly naiveBadDebt: number
  readonly naiveSold: number
}

/** What is known of a scenario when it begins. */
export type ScenarioStart = Pick<
  ScenarioReport,
  'scenario' | 'round' | 'firstHeight' | 'openInterest' | 'accounts' | 'naiveBadDebt' | 'naiveSold'
>

/** The first step of a liquidation. */
export const BEGINS = 'causeway.liquidation.v1.stage'

/** Counts a run. */
export class Tally implements Counter {
  readonly reports: ScenarioReport[]
  /** Of reports that have ended, as text; how many. */
  #ended = ''
  #endedCount = 0

  constructor(from: string | undefined) {
    this.reports = from === undefined || from === '' ? [] : (JSON.parse(from) as ScenarioReport[])
  }

  /** From here on everything is this scenario's. */
  begin(start: ScenarioStart): void {
    const nothing = {
      blocks: 0,
      liquidated: 0,
      sales: 0,
      badDebt: 0,
      insured: 0,
      deleveraged: 0,
      socialised: 0,
    }
    this.reports.push({ ...start, ...nothing })
  }

  count(events: readonly Event[]): void {
    const report = this.reports.at(-1)
    if (report === undefined) return
    report.blocks++
    for (const event of events) {
      const cash = (key: string) => Number(attribute(event, key) ?? 0) / 1e6
      if (event.type === BEGINS && attribute(event, 'before') === 'none') report.liquidated++
      if (event.type === 'causeway.liquidation.v1.sold') report.sales++
      if (event.type !== 'causeway.insurance.v1.resolved') continue
      report.badDebt += cash('deficit_e6')
      report.insured += cash('insured_e6')
      report.deleveraged += cash('deleveraged_e6')
      report.socialised += cash('socialised_e6')
    }
  }

  snapshot(): string {
    const { reports } = this
    while (this.#endedCount < reports.length - 1)
      this.#ended += `${JSON.stringify(reports[this.#endedCount++])},`
    return `[${this.#ended}${reports.length === 0 ? '' : JSON.stringify(reports.at(-1))}]`
  }
}

/** An attribute of an event. */
export function attribute({ attributes }: Event, name: string): string | undefined {
  return attributes.find(({ key }) => key === name)?.value
}

const COLUMNS: readonly (readonly [head: string, cell: (report: ScenarioReport) => string])[] = [
  ['scenario', ({ scenario }) => scenario],
  ['from', ({ firstHeight }) => `${firstHeight}`],
  ['blocks', ({ blocks }) => `${blocks}`],
  ['accounts', ({ accounts }) => `${accounts}`],
  ['liquidated', ({ liquidated }) => `${liquidated}`],
  ['sales', ({ sales }) => `${sales}`],
  ['bad debt', ({ badDebt }) => money(badDebt)],
  ['naive', ({ naiveBadDebt }) => money(naiveBadDebt)],
  ['of open interest', (report) => percent(shareOf(report))],
  ['insured', ({ insured }) => money(insured)],
  ['deleveraged', ({ deleveraged }) => money(deleveraged)],
  ['socialised', ({ socialised }) => money(socialised)],
]

/** A table of scenarios, a line each. */
export function tableOf(reports: readonly ScenarioReport[]): string {
  return aligned([
    COLUMNS.map(([head]) => head),
    ...reports.map((report) => COLUMNS.map(([, cell]) => cell(report))),
  ])
}

/** What one came to, in a sentence. */
export function lineOf(report: ScenarioReport): string {
  return COLUMNS.map(([head, cell]) => `${head} ${cell(report)}`).join(', ')
}

/** What bad debt a crash may leave: share of the open interest. */
const CRASH_SHARE_MOST = 0.005

/** Which promises a scenario broke: bad debt at most a naive liquidator's, and little in a crash. */
export function brokenPromises(report: ScenarioReport): string[] {
  const { scenario, firstHeight, badDebt, naiveBadDebt, openInterest } = report
  const told = `${scenario} from ${firstHeight}: bad debt of ${money(badDebt)}`
  return [
    ...(badDebt <= naiveBadDebt ? [] : [`${told}, a naive liquidator’s is ${money(naiveBadDebt)}`]),
    ...(scenario !== 'crash' || badDebt <= openInterest * CRASH_SHARE_MOST
      ? []
      : [`${told} is ${percent(shareOf(report))} of the open interest`]),
  ]
}

/** A line for each kind of worst day: how often it came, what it cost in all and at worst. */
export function summaryOf(reports: readonly ScenarioReport[]): string {
  const head = [
    'day',
    'times',
    'blocks',
    'liquidated',
    'sales',
    'bad debt',
    'naive',
    'worst of open interest',
  ]
  const rows = WORST_DAYS.map(({ name }) => {
    const days = reports.filter(({ scenario }) => scenario === name)
    const sum = (of: (report: ScenarioReport) => number) => days.reduce((all, day) => all + of(day), 0)
    const worse = days.filter(({ badDebt, naiveBadDebt }) => badDebt > naiveBadDebt)
    return [
      ...[name, `${days.length}`, `${sum(({ blocks }) => blocks)}`, `${sum(({ liquidated }) => liquidated)}`],
      ...[`${sum(({ sales }) => sales)}`, money(sum(({ badDebt }) => badDebt))],
      money(sum(({ naiveBadDebt }) => naiveBadDebt)),
      percent(Math.max(0, ...days.map(shareOf))),
      `${worse.length}`,
    ]
  })
  return aligned([[...head, 'days worse than naive'], ...rows])
}

function shareOf({ badDebt, openInterest }: ScenarioReport): number {
  return openInterest === 0 ? 0 : badDebt / openInterest
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) => row.map((cell, i) => cell.padStart(widths[i]!)).join('  ')).join('\n')
}

function money(value: number): string {
  return Math.round(value).toString()
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)} %`
}
