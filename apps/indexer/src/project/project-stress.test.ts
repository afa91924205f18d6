import { describe, expect, it } from 'vitest'
import type { BlockEvent, EventPlace } from './block.ts'
import { mergeChanges } from './change.ts'
import { foldLiquidation, OVER, type Liquidation, type LiquidationEvent } from './fold-liquidation.ts'
import { projectHubEvent } from './project-hub.ts'
import { block, event, trader } from './scenario.fixture.ts'

const HUB = 'causeway-1'
const [ACCOUNT, BIDDER] = [trader(0), trader(1)]
const place = (height = 5n): EventPlace => ({ block: block(HUB, height, []), transaction: undefined })
const project = (...events: BlockEvent[]) =>
  mergeChanges(events.flatMap((each, position) => projectHubEvent(each, place(), position)))
const rowsOf = (events: BlockEvent[]) =>
  project(...events).map(({ table, key, once, set }) => ({ table, ...once, ...set, ...key }))
const of = { account: ACCOUNT, subaccount: '1' }
const bidder = { bidder: BIDDER, bidder_subaccount: '2' }
const terms = { share_e9: '500000000', max_price_e6: '-7' }
const sold = event('causeway.liquidation.v1.sold', {
  ...{ ...of, ...bidder, underlying: '4', share_e9: '400000000', price_e6: '-9' },
  ...{ paid_e6: '-11', fee_e6: '1', worth_e6: '13' },
})

describe('a bid', () => {
  it('and what became of it are one row', () => {
    const told = rowsOf([event('causeway.liquidation.v1.bid', { ...of, ...bidder, ...terms }), sold])
    expect(told).toMatchObject([
      {
        ...{ table: 'liquidationBid', status: 'sold', shareE9: 500_000_000n, maxPriceE6: -7n, position: 0 },
        ...{ soldShareE9: 400_000_000n, priceE6: -9n, paidE6: -11n, feeE6: 1n, worthE6: 13n },
      },
    ])
  })

  it('that was replaced is the later one, and tells why it lapsed', () => {
    const again = { ...terms, share_e9: '1' }
    const told = rowsOf([
      event('causeway.liquidation.v1.bid', { ...of, ...bidder, ...terms }),
      event('causeway.liquidation.v1.bid', { ...of, ...bidder, ...again }),
      event('causeway.liquidation.v1.lapsed', { ...of, ...bidder, reason: 'price' }),
    ])
    expect(told).toMatchObject([{ shareE9: 1n, position: 1, status: 'lapsed', reason: 'price' }])
  })

  it('that nobody told of is known by what became of it', () => {
    expect(rowsOf([sold])).toMatchObject([{ shareE9: 400_000_000n, maxPriceE6: -9n, status: 'sold' }])
  })
})

describe('a liquidation', () => {
  const at = (height: bigint) => ({ height, position: Number(height), timeNanoseconds: height })
  const stage = (height: bigint, name: string, reason: string): LiquidationEvent => ({
    kind: 'stage',
    ...at(height),
    ...{ stage: name, reason, valueE6: 100n * height, underlying: 0n },
  })
  const sale = (height: bigint): LiquidationEvent => ({
    kind: 'sale',
    ...at(height),
    ...{ priceE6: 5n, paidE6: -2n, feeE6: 1n, worthE6: 7n },
  })
  const fold = (...events: LiquidationEvent[]) =>
    events.reduce<Liquidation | undefined>((before, each) => foldLiquidation(before, each), undefined)!

  it('adds up what its blocks brought', () => {
    const told = fold(
      stage(1n, 'closing', 'below'),
      { kind: 'closing', ...at(1n), orders: 2 },
      { kind: 'closing', ...at(2n), orders: 1 },
      stage(3n, 'auction', 'unclosed'),
      sale(4n),
      sale(6n),
    )
    expect(told).toMatchObject({
      ...{ beganHeight: 1n, beganPosition: 1, beganValueE6: 100n, valueE6: 300n, height: 6n },
      ...{ stage: 'auction', reason: 'unclosed', closingBlocks: 2, closingOrders: 3, sales: 2 },
      ...{ priceE6: 10n, paidE6: -4n, feeE6: 2n, worthE6: 14n },
    })
  })

  it('that is over is followed by another', () => {
    const over = fold(stage(1n, 'auction', 'below'), sale(2n), stage(2n, OVER, 'sold'))
    expect(over).toMatchObject({ stage: OVER, reason: 'sold', sales: 1, beganHeight: 1n })
    expect(foldLiquidation(over, stage(9n, 'insolvent', 'below'))).toMatchObject({
      ...{ beganHeight: 9n, sales: 0, paidE6: 0n, stage: 'insolvent' },
    })
  })

  it('whose begin was before the first block is known from what was read first', () => {
    expect(fold(sale(3n))).toMatchObject({ beganHeight: 3n, stage: 'auction', sales: 1 })
  })
})

describe('margin calls', () => {
  const line = { client: '08-wasm-0', line: 'ab' }
  const call = (status: string, pulled: string) =>
    event('causeway.calls.v1.call', {
      ...of,
      ...line,
      sequence: '3',
      status,
      asset: '4',
      amount: '9',
      pulled,
    })

  it('are one row from sending to delivery', () => {
    expect(rowsOf([call('sent', '')])).toMatchObject([{ status: 'sent', pulled: null, amount: 9n }])
    expect(rowsOf([call('sent', ''), call('pulled', '8'), call('delivered', '8')])).toMatchObject([
      { table: 'marginCall', status: 'delivered', pulled: 8n, sequence: 3n, sentPosition: 0 },
    ])
  })

  it('leave a line as it was told last', () => {
    const standby = (status: string, amount: string) =>
      event('causeway.clearing.v1.standby', {
        ...{ ...of, ...line, token: 'cd', amount, expiry_seconds: '7', status },
      })
    expect(rowsOf([standby('locked', '9'), standby('spent', '0')])).toMatchObject([
      { table: 'standbyLine', status: 'spent', amount: 0n, openedHeight: 5n },
    ])
  })
})

describe('losses', () => {
  it('of accounts and of lines are told apart', () => {
    const told = rowsOf([
      event('causeway.cash.v1.socialised', { ...of, amount_e6: '5', credit_index: '1' }),
      event('causeway.cash.v1.written_off', {
        ...{ line: '2', asset: '3', amount: '100', insurance: '10', insurance_e6: '20', shared_e6: '70' },
      }),
    ])
    expect(told).toMatchObject([
      { table: 'socialisedLoss', account: ACCOUNT, amountE6: 5n },
      { line: 2n, lost: 100n, insured: 10n, insuredE6: 20n, amountE6: 70n },
    ])
  })

  it('are charged to a holder that can be read, or refused', () => {
    const closed = { ...of, market: '1', size_e9: '2', loss_e6: '3', place: '1' }
    const type = 'causeway.insurance.v1.deleveraged'
    expect(rowsOf([event(type, { ...closed, of: `${BIDDER}/3` })])).toMatchObject([
      { ofAccount: BIDDER, ofSubaccount: 3, lossE6: 3n },
    ])
    expect(() => project(event(type, { ...closed, of: 'nobody' }))).toThrow(/a subaccount/)
  })
})

describe('the vault', () => {
  const request = (kind: string, amount: string) =>
    event('causeway.vault.v1.requested', { ...of, request: '1', kind, amount, requested_seconds: '6' })
  const executed = (kind: string, cash: string, shares: string, rest = '0') =>
    event('causeway.vault.v1.executed', {
      ...{ ...of, request: '1', kind, cash_e6: cash, shares, share_e18: '8', rest },
    })
  const holdings = (...events: BlockEvent[]) =>
    project(...events)
      .filter(({ table }) => table === 'vaultHolding')
      .map(({ sum }) => sum)

  it('holds what became shares; a deposit that is given back changes nothing', () => {
    expect(holdings(request('deposit', '100'), executed('deposit', '100', '90'))).toEqual([
      { shares: 90n, depositedE6: 100n },
    ])
    const returned = [request('deposit', '100'), executed('deposit', '100', '0')]
    expect(holdings(...returned)).toEqual([])
    expect(rowsOf(returned)).toMatchObject([{ status: 'returned', rest: 0n }])
  })

  it('lets shares go when they are asked for, and tells what of them waits', () => {
    const part = [request('withdrawal', '90'), executed('withdrawal', '30', '40', '50')]
    expect(holdings(...part)).toEqual([{ shares: -90n, withdrawnE6: 30n }])
    expect(rowsOf(part)).toMatchObject([{ status: 'waiting', rest: 50n, amount: 90n }, {}])
  })
})
