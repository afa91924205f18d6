// What worst days came to: counted from events alone, as plain values that outlive the process.
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { WORST_DAYS } from './scenarios.fixture.ts'
import type { ScenarioName } from './scenarios.fixture.ts'
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
  /** What accounts have lacked that ended below zero, and what insurance added for whoever took them. */
  badDebt: number
  /** Of it by funds, in auctions as well as by resolution. */
  insured: number
  /** Of that in auctions. */
  auctioned: number
  deleveraged: number
  socialised: number
  /** What insurance took in for sales. */
  fees: number
  /** Half of Σ |size| at the index when it began. */
  readonly openInterest: number
  /** Accounts that held something then. */
  readonly accounts: number
  readonly naiveBadDebt: number
  readonly naiveSold: number
  /** In which report liquidations began that were under way when it did, by `account/subaccount`. */
  carried: Record<string, number>
}

/** What is known of a scenario when it begins. */
export type ScenarioStart = Pick<
  ScenarioReport,
  'scenario' | 'round' | 'firstHeight' | 'openInterest' | 'accounts' | 'naiveBadDebt' | 'naiveSold'
>

/** The first step of a liquidation. */
export const BEGINS = 'causeway.liquidation.v1.stage'

/** As they are kept. */
interface Counts {
  readonly reports: readonly ScenarioReport[]
  readonly begun: readonly number[]
  readonly different: number
}

const NOTHING: Counts = { reports: [], begun: [], different: 0 }

/** Counts a run. */
export class Tally implements Counter {
  readonly reports: ScenarioReport[]
  /** Heights after which a process began or went on. */
  readonly begun: number[]
  /** How often somebody who follows the run told something else than the hub. */
  different: number
  /** Of reports that have ended, as text; how many. */
  #ended = ''
  #endedCount = 0

  constructor(from: string | undefined) {
    const { reports, begun, different } = {
      ...NOTHING,
      ...(from ? (JSON.parse(from) as Partial<Counts>) : {}),
    }
    this.reports = [...reports]
    this.begun = [...begun]
    this.different = different
  }

  /**
   * From here on everything is this scenario's, but for what accounts cost that are under liquidation already
   * (`account/subaccount`): that is the scenario's in which it began.
   */
  begin(start: ScenarioStart, underWay: readonly string[] = []): void {
    const { reports } = this
    const before = reports.at(-1)
    const since = (holder: string) => before?.carried[holder] ?? reports.length - 1
    const carried =
      before === undefined ? {} : Object.fromEntries(underWay.map((each) => [each, since(each)]))
    if (before !== undefined) before.carried = {}
    const nothing = {
      blocks: 0,
      liquidated: 0,
      sales: 0,
      badDebt: 0,
      insured: 0,
      auctioned: 0,
      deleveraged: 0,
      socialised: 0,
      fees: 0,
    }
    reports.push({ ...start, ...nothing, carried })
  }

  count(events: readonly Event[]): void {
    const report = this.reports.at(-1)
    if (report === undefined) return
    report.blocks++
    for (const event of events) {
      if (event.type === 'causeway.liquidation.v1.sold') report.sales++
      if (event.type === BEGINS) countStage(report, event)
      if (event.type === 'causeway.insurance.v1.fund' && attribute(event, 'reason') === 'liquidation')
        countSale(this.#causeOf(report, event), event)
      if (event.type === 'causeway.insurance.v1.resolved') countResolved(this.#causeOf(report, event), event)
    }
  }

  /** The report whose account it is that an event costs something for. */
  #causeOf(current: ScenarioReport, event: Event): ScenarioReport {
    const index = current.carried[holderOf(event)]
    if (index === undefined) return current
    // What it came to is told anew
    this.#ended = ''
    this.#endedCount = 0
    return this.reports[index]!
  }

  snapshot(): string {
    const { reports } = this
    while (this.#endedCount < reports.length - 1)
      this.#ended += `${JSON.stringify(reports[this.#endedCount++])},`
    const last = reports.length === 0 ? '' : JSON.stringify(reports.at(-1))
    const { begun, different } = this
    return `{"begun":${JSON.stringify(begun)},"different":${different},"reports":[${this.#ended}${last}]}`
  }
}

/** Whoever is begun is this scenario's; whose liquidation is over is nobody's. */
function countStage(report: ScenarioReport, event: Event): void {
  if (attribute(event, 'before') === 'none') report.liquidated++
  else if (attribute(event, 'stage') === 'none') delete report.carried[holderOf(event)]
}

function countResolved(report: ScenarioReport, event: Event): void {
  report.badDebt += cashIn(event, 'deficit_e6')
  report.insured += cashIn(event, 'insured_e6')
  report.deleveraged += cashIn(event, 'deleveraged_e6')
  report.socialised += cashIn(event, 'socialised_e6')
}

/** A fee into a fund; or, below 0, what a fund paid for an account that is worth less than nothing. */
function countSale(report: ScenarioReport, event: Event): void {
  const intoFund = cashIn(event, 'amount_e6')
  if (intoFund > 0) report.fees += intoFund
  else {
    report.badDebt -= intoFund
    report.insured -= intoFund
    report.auctioned -= intoFund
  }
}

function cashIn(event: Event, key: string): number {
  return Number(attribute(event, key) ?? 0) / 1e6
}

/** `account/subaccount` of an event. */
export function holderOf(event: Event): string {
  return `${attribute(event, 'account')}/${attribute(event, 'subaccount')}`
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
  ['in auctions', ({ auctioned }) => money(auctioned)],
  ['deleveraged', ({ deleveraged }) => money(deleveraged)],
  ['socialised', ({ socialised }) => money(socialised)],
  ['fees', ({ fees }) => money(fees)],
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

/** What bad debt a crash, or a way back, may leave: share of the open interest. */
const SHARE_MOST = 0.005

/**
 * Which promises a scenario broke: bad debt at most a naive liquidator's, and little in a crash. The way back
 * from a day, faster than any of them, has only to leave little; `summaryOf` tells how often it was worse.
 */
export function brokenPromises(report: ScenarioReport): string[] {
  const { scenario, firstHeight, badDebt, naiveBadDebt, openInterest } = report
  const told = `${scenario} from ${firstHeight}: bad debt of ${money(badDebt)}`
  return [
    ...(scenario === 'recovery' || badDebt <= naiveBadDebt
      ? []
      : [`${told}, a naive liquidator’s is ${money(naiveBadDebt)}`]),
    ...(!['crash', 'recovery'].includes(scenario) || badDebt <= openInterest * SHARE_MOST
      ? []
      : [`${told} is ${percent(shareOf(report))} of the open interest`]),
  ]
}

/** What there is beside worst days. */
const BETWEEN: readonly ScenarioName[] = ['recovery', 'calm']

/** A line for each kind of day: how often it came, what it cost in all and at worst. */
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
  const rows = [...WORST_DAYS.map(({ name }) => name), ...BETWEEN].map((name) => {
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
