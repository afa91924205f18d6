import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readControlFile, writeControlFile } from './control-file.ts'
import { eventLine, shockLines } from './lines.ts'
import { reportOf } from './report.ts'
import type { ToldEvent } from './report.ts'

const one = { account: 'cway1one', subaccount: '0' }
const event = (height: number, type: string, attributes: Record<string, string>): ToldEvent => ({
  ...{ type: `causeway.${type}`, height: `${height}` },
  attributes: { ...one, ...attributes },
})
const stage = (height: number, before: string, after: string, reason: string, value: string) =>
  event(height, 'liquidation.v1.stage', { stage: after, before, reason, value_e6: value })
const bidder = { bidder: 'cway1two', bidder_subaccount: '1' }
const sold = {
  ...bidder,
  share_e9: '250000000',
  price_e6: '1500000',
  paid_e6: '-5000000',
  fee_e6: '30000',
  worth_e6: '2000000',
}

const EVENTS: readonly ToldEvent[] = [
  event(10, 'risk.v1.margin_level', { level: 'below', before: 'healthy' }),
  event(10, 'calls.v1.call', { status: 'sent' }),
  event(10, 'calls.v1.call', { status: 'pulled' }),
  stage(11, 'none', 'closing', 'below', '8000000'),
  event(11, 'liquidation.v1.closing', { orders: '2' }),
  stage(13, 'closing', 'auction', 'unclosed', '6000000'),
  event(14, 'liquidation.v1.bid', bidder),
  event(14, 'liquidation.v1.lapsed', { ...bidder, reason: 'price' }),
  event(15, 'liquidation.v1.bid', bidder),
  event(15, 'liquidation.v1.sold', sold),
  event(15, 'insurance.v1.fund', { amount_e6: '30000', reason: 'fee', group: '3' }),
  stage(20, 'auction', 'insolvent', 'insolvent', '-1000000'),
  event(30, 'insurance.v1.fund', { amount_e6: '-400000', reason: 'deficit', group: '3' }),
  event(30, 'insurance.v1.deleveraged', {
    account: 'cway1three',
    market: '7',
    of: 'cway1one/0',
    size_e9: '-2500000000',
    loss_e6: '600000',
    place: '1',
  }),
  event(30, 'insurance.v1.resolved', {
    deficit_e6: '1000000',
    insured_e6: '400000',
    deleveraged_e6: '600000',
    socialised_e6: '0',
  }),
  stage(30, 'insolvent', 'none', 'resolved', '0'),
  event(31, 'insurance.v1.pause', { status: 'began', account: '' }),
]
const STAGES = 'closing (below), auction (unclosed), insolvent (insolvent), none (resolved)'
const nameOf = (holder: string) => `<${holder}>`
const facts = {
  ...{
    symbol: 'ETH',
    percent: '-40 %',
    priceBefore: '3000.5',
    priceAfter: '1800',
    seconds: 42,
    isQuiet: true,
  },
  ...{ insuranceBefore: '10000', insuranceAfter: '9999.63' },
}

describe('a shock', () => {
  it('is added up by account, auction and who bore what', () => {
    const report = reportOf(EVENTS)
    expect(report.accounts).toEqual([
      {
        ...{ holder: 'cway1one/0', levels: ['below'], closingOrders: 2, marginCalls: 1 },
        stages: ['closing (below)', 'auction (unclosed)', 'insolvent (insolvent)', 'none (resolved)'],
        ...{ beganHeight: '11', endedHeight: '30', valueE6: 8_000_000n, lastValueE6: 0n },
      },
    ])
    expect(report.sold).toEqual([
      {
        ...{ holder: 'cway1one/0', bidder: 'cway1two/1', shareE9: 250_000_000n, height: '15' },
        ...{ priceE6: 1_500_000n, paidE6: -5_000_000n, worthE6: 2_000_000n, feeE6: 30_000n },
      },
    ])
    expect([report.bids, report.lapsed]).toEqual([2, { price: 1 }])
    expect([report.insurancePaidE6, report.insuranceReceivedE6]).toEqual([400_000n, 30_000n])
    expect(report.deleveraged).toMatchObject([{ holder: 'cway1three/0', of: 'cway1one/0', lossE6: 600_000n }])
    expect(report.resolved).toMatchObject([{ deficitE6: 1_000_000n, insuredE6: 400_000n }])
    expect(report.isPaused).toBe(true)
  })

  it('of events that say nothing useful is nothing', () => {
    const odd = [event(1, 'insurance.v1.fund', { amount_e6: 'much' }), event(1, 'markets.v1.fill', {})]
    expect(reportOf(odd)).toMatchObject({ accounts: [], insurancePaidE6: 0n, insuranceReceivedE6: 0n })
    expect(eventLine(odd[1]!, nameOf)).toBeUndefined()
  })

  it('is shown as it happens, and as tables', () => {
    const told = EVENTS.map((each) => eventLine(each, nameOf)).filter((line) => line !== undefined)
    expect(told).toContain('<cway1one/0>: liquidation, auction (unclosed), worth 6.00')
    expect(told).toContain('<cway1one/0>: <cway1two/1> takes over 25.0 % for 1.50')
    expect(told).toContain('<cway1three/0>: deleveraged by -2.5, loses 0.60')
    expect(shockLines(reportOf(EVENTS), facts, nameOf).join('\n')).toBe(
      [
        'ETH -40 %: 3,000.50 → 1,800.00; after 42 s all is settled',
        '',
        'Liquidated',
        `  account       worth then  ${'stages'.padEnd(STAGES.length)}  closing orders  calls`,
        `  <cway1one/0>  8.00        ${STAGES}  2               1`,
        '',
        'Taken over',
        '  account       by            share   price  worth  fee   block',
        '  <cway1one/0>  <cway1two/1>  25.0 %  1.50   2.00   0.03  15',
        '',
        '2 bid(s), of which 1 got nothing (price 1).',
        '',
        'Bankrupt',
        '  account       lacked  insurance  deleveraging  all cash',
        '  <cway1one/0>  1.00    0.40       0.60          0.00',
        '',
        'Deleveraged',
        '  account         market  closed  loss',
        '  <cway1three/0>  7       -2.5    0.60',
        '',
        'Insurance: 10,000.00 → 9,999.63 of cash (paid 0.40, took in 0.03).',
        'Money out of the hub waits until deficits fit into insurance again.',
      ].join('\n'),
    )
  })

  it('that hit nobody says so', () => {
    const text = shockLines(reportOf([]), { ...facts, isQuiet: false }, nameOf).join('\n')
    expect(text).toContain('Liquidated: nobody.')
    expect(text).toContain('not all is settled: wait longer with --wait')
  })
})

describe('the control file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'devnet-control-'))
  const control = { url: 'http://127.0.0.1:4711', token: 'ab'.repeat(16) }

  it('is its owner’s alone, and gone at the end unless it is another’s', () => {
    const file = writeControlFile(folder, control)
    expect(readControlFile(folder)).toEqual(control)
    expect(statSync(join(folder, 'control.json')).mode & 0o077).toBe(0)
    const second = writeControlFile(folder, { ...control, url: 'http://127.0.0.1:4712' })
    file.remove()
    expect(readControlFile(folder).url).toBe('http://127.0.0.1:4712')
    second.remove()
    expect(() => readControlFile(folder)).toThrow(/no devnet runs in/)
  })

  it('that leads elsewhere is not followed', () => {
    writeFileSync(join(folder, 'control.json'), JSON.stringify({ ...control, url: 'http://example.org:80' }))
    expect(() => readControlFile(folder)).toThrow(/no devnet runs in/)
    rmSync(folder, { recursive: true })
  })
})
