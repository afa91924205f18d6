// What a day costs is counted from events: what insurance pays for who is worth less than nothing, whether
// somebody took the account in its auction or nobody did.
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { describe, expect, it } from 'vitest'
import { createAddressCodec } from '../identifiers.ts'
import { FAILING, OTHER, SECOND, TAKER, longFailing } from '../modules/liquidation/failing.fixture.ts'
import type { FailingHub } from '../modules/liquidation/failing.fixture.ts'
import { INSURANCE_FUND } from '../named-accounts.ts'
import { E6, E9, ETH, cashOf, transferCash } from '../testing/trading-hub.fixture.ts'
import { Tally, brokenPromises, lineOf, tableOf } from './tally.fixture.ts'
import type { ScenarioReport } from './tally.fixture.ts'

const FUND = createAddressCodec('cway').encode(INSURANCE_FUND.account)
const START = {
  ...{ scenario: 'crash', round: 1, firstHeight: 1, openInterest: 100_000, accounts: 4 },
  ...{ naiveBadDebt: 0, naiveSold: 0 },
}
const fund = ({ driver }: FailingHub) => Number(cashOf(driver, FUND)) / 1e6

/** 30 long at 3,000, worth −1,045 at 2,300; insurance has so much. */
function bankrupt(insured: bigint): FailingHub {
  const world = longFailing()
  const given = transferCash(world.addressOf(SECOND), FUND, insured * E6)
  if (insured > 0n) expect(world.act(SECOND, given)).toBe('0')
  world.prices.set(ETH, 2_300n * E9)
  world.blocksUntil(() => world.stage() === 'insolvent')
  // Where insurance has too little, nothing leaves
  if (insured > 1_100n) expect(world.give(OTHER, TAKER, 12_000n * E6)).toBe('0')
  return world
}

/** What a world's blocks came to. */
function counted({ driver }: FailingHub): ScenarioReport {
  const tally = new Tally(undefined)
  tally.begin(START)
  for (const { events, txResults } of driver.responses)
    tally.count([...events, ...txResults.flatMap((result) => result.events)])
  expect(new Tally(tally.snapshot()).reports).toEqual(tally.reports)
  return tally.reports[0]!
}

const flow = (reason: string, amount: string): Event => ({
  type: 'causeway.insurance.v1.fund',
  attributes: [
    { key: 'reason', value: reason, index: true },
    { key: 'amount_e6', value: amount, index: false },
  ],
})

describe('the cost of a day', () => {
  it('holds what insurance paid for an insolvent account that somebody took whole', () => {
    const world = bankrupt(5_000n)
    const before = fund(world)
    world.blocks(20)
    expect(world.bids([TAKER])).toEqual(['0'])
    expect(world.sizeOf(FAILING)).toBe('0')
    const report = counted(world)
    const paid = before - fund(world)
    expect(paid).toBeGreaterThan(1_045)
    expect(report.badDebt).toBeCloseTo(paid, 5)
    expect(report).toMatchObject({ sales: 1, liquidated: 1, deleveraged: 0, socialised: 0, fees: 0 })
    expect([report.insured, report.auctioned]).toEqual([report.badDebt, report.badDebt])
    // A naive liquidator of the same lost nothing, and it is more than half a percent
    const broken = brokenPromises(report)
    expect(broken).toHaveLength(2)
    for (const each of broken) expect(each).toContain(`bad debt of ${Math.round(paid)}`)
  })

  it('holds both where a part is taken and the rest is resolved', () => {
    const world = bankrupt(600n)
    const before = fund(world)
    expect(world.bids([TAKER, { shareE9: E9 / 4n }])).toEqual(['0'])
    const inAuction = before - fund(world)
    for (let i = 0; i < 13; i++) world.driver.block(10n)
    expect(world.stage()).toBe('none')
    const report = counted(world)
    expect(report.auctioned).toBeCloseTo(inAuction, 5)
    expect(report.insured).toBeCloseTo(before - fund(world), 5)
    expect(report.deleveraged).toBeGreaterThan(0)
    const parts = report.insured + report.deleveraged + report.socialised
    expect(report.badDebt).toBeCloseTo(parts, 3)
  })

  it('holds what falls on others where insurance has nothing', () => {
    const world = bankrupt(0n)
    for (let i = 0; i < 13; i++) world.driver.block(10n)
    const { badDebt, insured, auctioned, deleveraged } = counted(world)
    expect([insured, auctioned]).toEqual([0, 0])
    expect(badDebt).toBeGreaterThan(1_000)
    expect(deleveraged).toBeCloseTo(badDebt, 3)
  })

  it('is that of the scenario in which the liquidation began, whenever somebody pays', () => {
    const [first, second] = ['one', 'two']
    const of = (type: string, account: string, more: Record<string, string>): Event => ({
      type: `causeway.${type}`,
      attributes: Object.entries({ account, subaccount: '0', ...more }).map(([key, value]) => ({
        ...{ key, value, index: true },
      })),
    })
    const begun = (account: string) =>
      of('liquidation.v1.stage', account, { stage: 'auction', before: 'none' })
    const over = (account: string) =>
      of('liquidation.v1.stage', account, { stage: 'none', before: 'auction' })
    const paid = (account: string, amount: number) =>
      of('insurance.v1.fund', account, { reason: 'liquidation', amount_e6: `${-amount}000000` })
    const tally = new Tally(undefined)
    tally.begin(START)
    tally.count([begun(first)])
    tally.begin({ ...START, scenario: 'recovery', round: 2 }, [`${first}/0`])
    tally.count([paid(first, 5), begun(second), paid(second, 7)])
    // It outlives the process, and a third scenario
    const later = new Tally(tally.snapshot())
    later.begin({ ...START, scenario: 'calm', round: 3 }, [`${first}/0`, `${second}/0`])
    later.snapshot()
    later.count([paid(first, 11), over(first), paid(second, 13)])
    // Begun anew it is the last one's
    later.count([begun(first), paid(first, 17)])
    expect(later.reports.map(({ badDebt }) => badDebt)).toEqual([16, 20, 17])
    expect(new Tally(later.snapshot()).reports).toEqual(later.reports)
    expect(later.reports.map(({ liquidated }) => liquidated)).toEqual([1, 1, 1])
  })

  it('may be more than a naive liquidator’s on the way back only, and little there', () => {
    const report = { ...counted(longFailing()), badDebt: 400, naiveBadDebt: 100 }
    const broken = (more: Partial<ScenarioReport>) => brokenPromises({ ...report, ...more }).length
    expect(broken({ scenario: 'crash' })).toBe(1)
    expect(broken({ scenario: 'calm' })).toBe(1)
    expect(broken({ scenario: 'recovery' })).toBe(0)
    expect(broken({ scenario: 'recovery', badDebt: 501 })).toBe(1)
  })

  it('tells fees of sales apart, and nothing that has another reason', () => {
    const tally = new Tally(undefined)
    tally.count([flow('liquidation', '-1000000')])
    expect(tally.reports).toEqual([])
    tally.begin(START)
    tally.count([flow('liquidation', '2500000'), flow('liquidation', '-1000000')])
    tally.count([flow('deficit', '-7000000'), flow('interest', '3000000')])
    const [report] = tally.reports
    expect(report).toMatchObject({ fees: 2.5, badDebt: 1, insured: 1, auctioned: 1, blocks: 2 })
    expect(lineOf(report!)).toContain('in auctions 1')
    expect(tableOf(tally.reports).split('\n')).toHaveLength(2)
  })
})
