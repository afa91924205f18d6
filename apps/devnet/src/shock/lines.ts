// A shock as a terminal shows it.
import { formatUnits } from 'viem'
import { formatDecimal } from '../print/format.ts'
import type { ShockReport, ToldEvent } from './report.ts'

/** Names of the devnet's accounts by address; others are shortened. */
export type NameOf = (holder: string) => string

/** What is shown beside the report. */
export interface ShockFacts {
  readonly symbol: string
  readonly percent: string
  readonly priceBefore: string
  readonly priceAfter: string
  readonly insuranceBefore: string
  readonly insuranceAfter: string
  readonly seconds: number
  /** Whether everything had come to its end. */
  readonly isQuiet: boolean
}

/** A line while it happens; nothing for what says little. */
export function eventLine({ type, attributes }: ToldEvent, nameOf: NameOf): string | undefined {
  const { account = '', subaccount = '0', bidder = '', bidder_subaccount = '0' } = attributes
  const name = nameOf(`${account}/${subaccount}`)
  const cash = (key: string) => cashText(attributes[key])
  switch (type.replace(/^causeway\./, '')) {
    case 'risk.v1.margin_level':
      return `${name}: margin ${attributes['before'] ?? ''} → ${attributes['level'] ?? ''}`
    case 'calls.v1.call':
      return `${name}: margin call of a standby line, ${attributes['status'] ?? ''}`
    case 'liquidation.v1.stage': {
      const worth = `worth ${cash('value_e6')}`
      const { stage = '', reason = '' } = attributes
      return stage === 'none'
        ? `${name}: liquidation is over (${reason})`
        : `${name}: liquidation, ${stage} (${reason}), ${worth}`
    }
    case 'liquidation.v1.closing':
      return `${name}: ${attributes['orders'] ?? ''} closing order(s) in the books`
    case 'liquidation.v1.sold': {
      const by = nameOf(`${bidder}/${bidder_subaccount}`)
      return `${name}: ${by} takes over ${share(attributes['share_e9'])} for ${cash('price_e6')}`
    }
    case 'insurance.v1.deleveraged':
      return `${name}: deleveraged by ${sizeText(attributes['size_e9'])}, loses ${cash('loss_e6')}`
    case 'insurance.v1.resolved':
      return `${name}: bankrupt, lacked ${cash('deficit_e6')}; insurance paid ${cash('insured_e6')}`
    case 'insurance.v1.pause':
      return `money out of the hub waits: ${attributes['status'] ?? ''}`
    default:
      return undefined
  }
}

/** The table at the end. */
export function shockLines(report: ShockReport, facts: ShockFacts, nameOf: NameOf): string[] {
  const { symbol, percent, priceBefore, priceAfter, insuranceBefore, insuranceAfter } = facts
  const end = facts.isQuiet ? 'all is settled' : 'not all is settled: wait longer with --wait'
  const prices = [priceBefore, priceAfter].map(formatDecimal)
  const hit = report.accounts.filter(({ stages }) => stages.length > 0)
  const warned = report.accounts.length - hit.length
  return [
    `${symbol} ${percent}: ${prices.join(' → ')}; after ${facts.seconds} s ${end}`,
    '',
    ...section('Liquidated', ['account', 'worth then', 'stages', 'closing orders', 'calls'], hit, (one) => [
      nameOf(one.holder),
      cashOf(one.valueE6 ?? 0n),
      one.stages.join(', '),
      `${one.closingOrders}`,
      `${one.marginCalls}`,
    ]),
    ...(warned === 0 ? [] : [`${warned} other account(s) came to another margin level.`, '']),
    ...section(
      'Taken over',
      ['account', 'by', 'share', 'price', 'worth', 'fee', 'block'],
      report.sold,
      (one) => [
        nameOf(one.holder),
        nameOf(one.bidder),
        share(one.shareE9.toString()),
        cashOf(one.priceE6),
        cashOf(one.worthE6),
        cashOf(one.feeE6),
        one.height,
      ],
    ),
    `${report.bids} bid(s), of which ${sum(report.lapsed)} got nothing${reasons(report.lapsed)}.`,
    '',
    ...section(
      'Bankrupt',
      ['account', 'lacked', 'insurance', 'deleveraging', 'all cash'],
      report.resolved,
      (one) => [
        nameOf(one.holder),
        ...[one.deficitE6, one.insuredE6, one.deleveragedE6, one.socialisedE6].map(cashOf),
      ],
    ),
    ...section('Deleveraged', ['account', 'market', 'closed', 'loss'], report.deleveraged, (one) => [
      nameOf(one.holder),
      one.market,
      sizeText(one.sizeE9.toString()),
      cashOf(one.lossE6),
    ]),
    `Insurance: ${formatDecimal(insuranceBefore)} → ${formatDecimal(insuranceAfter)} of cash` +
      ` (paid ${cashOf(report.insurancePaidE6)}, took in ${cashOf(report.insuranceReceivedE6)}).`,
    ...(report.isPaused ? ['Money out of the hub waits until deficits fit into insurance again.'] : []),
  ]
}

function section<Row>(
  title: string,
  header: readonly string[],
  rows: readonly Row[],
  cells: (row: Row) => readonly string[],
): string[] {
  if (rows.length === 0) return [`${title}: nobody.`, '']
  const all = [header, ...rows.map(cells)]
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd()
  return [title, ...all.map(line), '']
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

function reasons(lapsed: Readonly<Record<string, number>>): string {
  const parts = Object.entries(lapsed).map(([reason, count]) => `${reason} ${count}`)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function share(text = '0'): string {
  return `${(Number(text) / 1e7).toFixed(1)} %`
}

function sizeText(text = '0'): string {
  return /^-?\d{1,60}$/.test(text) ? formatUnits(BigInt(text), 9) : '?'
}

function cashText(text = '0'): string {
  return /^-?\d{1,60}$/.test(text) ? cashOf(BigInt(text)) : '?'
}

function cashOf(amountE6: bigint): string {
  const text = formatUnits(amountE6 < 0n ? -amountE6 : amountE6, 6)
  return `${amountE6 < 0n ? '-' : ''}${formatDecimal(text)}`
}
