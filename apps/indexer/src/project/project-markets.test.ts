import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BlockEvent, ChainBlock } from './block.ts'
import { mergeChanges, type Change, type TableName } from './change.ts'
import { projectBlock } from './project-block.ts'
import { readBookLevels } from './read-book-levels.ts'
import { applyChanges, type Tables } from './tables-in-memory.fixture.ts'

const ACCOUNT = 'cway1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq9x0dpj'
const HELD = { account: ACCOUNT, subaccount: '2', market: '7' }
const SECOND = 1_000_000_000n

const event = (type: string, attributes: Record<string, string>): BlockEvent => ({
  type: `causeway.${type}`,
  attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
})

function block(
  height: bigint,
  events: readonly BlockEvent[],
  inTransaction: readonly BlockEvent[] = [],
): ChainBlock {
  const transaction = { hash: `TX${height}`, bytes: new Uint8Array(0), code: 0, codespace: '', gasUsed: 1n }
  return {
    chainId: 'causeway-1',
    isHub: true,
    height,
    provableHeight: height + 1n,
    isFinal: true,
    hash: `${height}`,
    timeNanoseconds: height * 30n * SECOND,
    appHash: '',
    nextValidatorsHash: '',
    proposer: '',
    transactions: inTransaction.length === 0 ? [] : [{ ...transaction, events: inTransaction }],
    events,
  }
}

function changesOf(...blocks: ChainBlock[]): { changes: Change[]; problems: number } {
  const projections = blocks.map((each) => projectBlock(each, () => undefined))
  return {
    changes: projections.flatMap(({ changes }) => [...changes]),
    problems: projections.reduce((sum, { problems }) => sum + problems.length, 0),
  }
}

function rows(table: TableName, ...blocks: ChainBlock[]): Record<string, unknown>[] {
  const { changes, problems } = changesOf(...blocks)
  expect(problems).toBe(0)
  const tables: Tables = new Map()
  applyChanges(
    tables,
    changes.filter((each) => each.table === table),
  )
  return [...tables.values()]
}

const ORDER = {
  ...HELD,
  order: '9',
  side: 'buy',
  type: 'limit',
  time_in_force: 'gtc',
  size_e9: '2000000000',
  remaining_e9: '2000000000',
  limit_e9: '3000000000000',
  expire_seconds: '0',
  flags: 'postOnly quote',
  trigger_e9: '',
  nonce: '4',
}
const fill = (size: string, remaining: string, more: Record<string, string> = {}) =>
  event('markets.v1.fill', {
    ...HELD,
    ...{ order: '9', side: 'buy', price_e9: '3000000000000', size_e9: size, fee_e6: '1500000' },
    ...{ role: 'maker', remaining_e9: remaining, ...more },
  })
const placed = event('markets.v1.order', ORDER)
const closed = event('markets.v1.closed', {
  ...HELD,
  order: '9',
  reason: 'cancelled',
  remaining_e9: '500000000',
})

describe('an order', () => {
  it('is open as it was placed, by the transaction that placed it', () => {
    expect(rows('order', block(1n, [], [placed]))).toEqual([
      expect.objectContaining({
        ...{ order: 9n, account: ACCOUNT, subaccount: 2, market: 7n, side: 'buy', status: 'open', nonce: 4n },
        ...{ isPostOnly: true, isQuote: true, isReduceOnly: false, triggerE9: null, transaction: 'TX1' },
      }),
    ])
  })

  it('adds up its fills, and tells when and why it ended', () => {
    const blocks = [block(1n, [], [placed]), block(2n, [fill('1000000000', '1000000000')])]
    const [half] = rows('order', ...blocks)
    expect(half).toMatchObject({ status: 'open', filledE9: 1_000_000_000n, remainingE9: 1_000_000_000n })
    blocks.push(block(3n, [fill('500000000', '500000000'), closed]))
    const [whole] = rows('order', ...blocks)
    expect(whole).toMatchObject({ status: 'closed', reason: 'cancelled', filledE9: 1_500_000_000n })
    expect(whole).toMatchObject({
      filledNotionalE6: 4_500_000_000n,
      feeE6: 3_000_000n,
      openedHeight: 1n,
      height: 3n,
    })
  })

  it('is filled when nothing is left', () => {
    const [row] = rows('order', block(1n, [], [placed]), block(2n, [fill('2000000000', '0')]))
    expect(row).toMatchObject({ status: 'filled', remainingE9: 0n, reason: null })
  })

  it('waits for its trigger, and is open without one when it was triggered', () => {
    const waiting = event('markets.v1.order', { ...ORDER, trigger_e9: '<=2900000000000' })
    expect(rows('order', block(1n, [], [waiting]))[0]).toMatchObject({
      triggerE9: 2_900_000_000_000n,
      triggerIsAbove: false,
    })
    expect(rows('order', block(1n, [], [waiting]), block(2n, [placed]))[0]).toMatchObject({ triggerE9: null })
  })

  it('whose placing was before the first block is known by what is left', () => {
    const [row] = rows('order', block(8n, [fill('1000000000', '1000000000')]))
    expect(row).toMatchObject({ order: 9n, status: 'open', remainingE9: 1_000_000_000n, transaction: null })
    expect(row!.sizeE9).toBeUndefined()
  })

  it('of a transaction that failed never was', () => {
    const failed = block(1n, [], [placed])
    const code = failed.transactions.map((transaction) => ({ ...transaction, code: 5 }))
    expect(rows('order', { ...failed, transactions: code })).toEqual([])
  })
})

describe('trades', () => {
  it('are one a cleared auction, with its candles', () => {
    const auction = (price: string, volume: string) =>
      event('markets.v1.auction', { market: '7', price_e9: price, volume_e9: volume, fills: '3' })
    const blocks = [
      block(2n, [auction('3000000000000', '1000000000')]),
      block(3n, [auction('3100000000000', '2000000000')]),
      block(4n, [auction('2900000000000', '1000000000')]),
    ]
    expect(rows('trade', ...blocks)).toHaveLength(3)
    const minutes = rows('candle', ...blocks).filter(({ seconds }) => seconds === 60)
    expect(minutes).toMatchObject([
      {
        startSeconds: 60n,
        openE9: 3_000_000_000_000n,
        closeE9: 3_100_000_000_000n,
        volumeE9: 3_000_000_000n,
      },
      { startSeconds: 120n, openE9: 2_900_000_000_000n, auctions: 1n },
    ])
    const [hour] = rows('candle', ...blocks).filter(({ seconds }) => seconds === 3_600)
    expect(hour).toMatchObject({
      ...{ openE9: 3_000_000_000_000n, highE9: 3_100_000_000_000n, lowE9: 2_900_000_000_000n },
      ...{ closeE9: 2_900_000_000_000n, notionalE6: 12_100_000_000n, auctions: 3n },
    })
    expect(rows('market', ...blocks)).toMatchObject([{ market: 7n, lastPriceE9: 2_900_000_000_000n }])
  })

  it('that were agreed on are one for their two fills, and no order’s', () => {
    const sides = ['buy', 'sell'].map((side) => fill('1000000000', '0', { order: '0', side, role: 'rfq' }))
    const agreed = block(1n, [], sides)
    expect(rows('trade', agreed)).toMatchObject([{ kind: 'rfq', fills: 2, transaction: 'TX1' }])
    expect(rows('fill', agreed)).toHaveLength(2)
    expect(rows('order', agreed)).toEqual([])
  })
})

describe('the rest of what markets tell', () => {
  it('becomes rows', () => {
    const told = block(5n, [
      event('markets.v1.funding', {
        market: '7',
        rate_e9_per_hour: '-12500',
        index: '-99',
        mark_e9: '3',
        price_e9: '4',
      }),
      event('markets.v1.funding_paid', { ...HELD, amount_e6: '-42' }),
      event('markets.v1.settlement_price', {
        underlying: '3',
        expiry_seconds: '60',
        price_e9: '5',
        rule: 'window',
      }),
      event('markets.v1.settled', { ...HELD, size_e9: '-10', value_e6: '-20', fee_e6: '1' }),
      event('markets.v1.frozen', { account: ACCOUNT, subaccount: '0', underlying: '3' }),
    ])
    expect(rows('fundingRate', told)).toMatchObject([{ market: 7n, rateE9PerHour: -12_500n, index: -99n }])
    expect(rows('fundingPayment', told)).toMatchObject([{ subaccount: 2, amountE6: -42n, height: 5n }])
    expect(rows('settlementPrice', told)).toMatchObject([
      { underlying: 3n, expirySeconds: 60n, rule: 'window' },
    ])
    expect(rows('settlement', told)).toMatchObject([{ sizeE9: -10n, valueE6: -20n }])
    expect(rows('quoteFreeze', told)).toMatchObject([{ underlying: 3n }])
  })

  it('of cash, wallets and health too', () => {
    const holder = { account: ACCOUNT, subaccount: '1' }
    const told = block(5n, [
      event('cash.v1.cash', { ...holder, reason: 'trade', delta_e6: '-5', balance_e6: '-2' }),
      event('cash.v1.interest', { debt_index: '11', credit_index: '10', borrow_rate: '3' }),
      event('cash.v1.pool', { asset: '2', par_e6: '9' }),
      event('cash.v1.converted', { ...holder, asset: '2', par_e6: '9', cash_e6: '8' }),
      event('accounts.v1.linked', { account: ACCOUNT, wallet: 'cway1other' }),
      event('accounts.v1.session', { account: ACCOUNT, session_key: 'aa', change: 'created' }),
      event('risk.v1.margin_level', {
        ...{ ...holder, level: 'below', before: 'called' },
        ...{ maintenance_margin_e6: '-7', maintenance_requirement_e6: '9' },
      }),
      event('risk.v1.isolated', holder),
      event('oracle.v1.surface', { asset: '3', expiries: '4' }),
    ])
    expect(rows('cash', told)).toMatchObject([{ subaccount: 1, balanceE6: -2n, height: 5n }])
    expect(rows('cashIndex', told)).toMatchObject([{ height: 5n, debtIndex: 11n, creditIndex: 10n }])
    expect(rows('cashPool', told)).toMatchObject([{ asset: 2n, parE6: 9n }])
    expect(rows('conversion', told)).toMatchObject([{ cashE6: 8n }])
    expect(rows('wallet', told)).toMatchObject([{ wallet: 'cway1other', account: ACCOUNT }])
    expect(rows('sessionKey', told)).toMatchObject([{ sessionKey: 'aa', status: 'created' }])
    expect(rows('accountFlag', told)).toMatchObject([{ isIsolated: true, level: 'below' }])
    expect(rows('surface', told)).toMatchObject([{ expiries: 4n }])
  })

  it('of another chain than the hub is nothing', () => {
    const { changes } = changesOf({ ...block(1n, [placed]), isHub: false })
    expect(changes.map(({ table }) => table)).toEqual(['block'])
  })
})

describe('levels of a book', () => {
  const levels = (changes: string) => readBookLevels(event('markets.v1.book', { changes }), 'changes')

  it('are read as they are told', () => {
    expect(levels('')).toEqual([])
    expect(levels('b3000000000000:1000000000,a18446744073709551615:0')).toEqual([
      { side: 'bid', priceE9: 3_000_000_000_000n, sizeE9: 1_000_000_000n },
      { side: 'ask', priceE9: 2n ** 64n - 1n, sizeE9: 0n },
    ])
  })

  it.each(['b', 'b1:', 'c1:1', 'b1:1,', 'b01:1', 'b1:-1', 'a18446744073709551616:1', 'b1:1;a2:2'])(
    'are refused as %s',
    (text) => {
      expect(() => levels(text)).toThrow(/levels of a book/)
    },
  )
})

describe('changes', () => {
  it('joined before they are written mean the same as one by one', () => {
    const anySize = fc.integer({ min: 1, max: 5 }).map((size) => `${size}000000000`)
    const anyEvent = fc.oneof(
      fc.constant(placed),
      fc.constant(closed),
      anySize.map((size) => fill(size, '1')),
      fc
        .record({ price: anySize, volume: anySize })
        .map(({ price, volume }) =>
          event('markets.v1.auction', { market: '7', price_e9: price, volume_e9: volume, fills: '2' }),
        ),
      anySize.map((size) =>
        event('markets.v1.book', { market: '7', sequence: '1', changes: `b5:${size}`, checksum: 'x' }),
      ),
    )
    const run = fc.property(fc.array(fc.array(anyEvent, { maxLength: 6 }), { maxLength: 6 }), (blocks) => {
      const { changes } = changesOf(...blocks.map((events, i) => block(BigInt(i + 1), events)))
      const [plain, merged]: [Tables, Tables] = [new Map(), new Map()]
      applyChanges(plain, changes)
      applyChanges(merged, mergeChanges(changes))
      expect(merged).toEqual(plain)
    })
    fc.assert(run)
  })
})
