import type {
  Candle,
  CashChange,
  FundingPayment,
  FundingRate,
  Settlement,
  Trade,
  Withdrawal,
} from '../read/history.ts'
import type { Builder } from './builder.ts'
import { cashText, e9Text, e9TextOrNull } from './decimals.ts'

const E9 = '9 places.'
const CASH = '6 places.'

/** Adds what may be seen of a market's history. */
export function addMarketHistoryTypes(builder: Builder) {
  return {
    trade: addTradeType(builder),
    candle: addCandleType(builder),
    fundingRate: addFundingRateType(builder),
    settlement: addSettlementType(builder),
  }
}

/** Adds what may be seen of a holder's history. */
export function addHolderHistoryTypes(builder: Builder) {
  return {
    fundingPayment: addFundingPaymentType(builder),
    cashChange: addCashChangeType(builder),
    withdrawal: addWithdrawalType(builder),
  }
}

function addTradeType(builder: Builder) {
  const kind = builder.enumType('TradeKind', {
    description: 'How a trade came about.',
    values: {
      AUCTION: { value: 'auction', description: "A market's auction of a block: one price for all of it." },
      RFQ: { value: 'rfq', description: "A maker's quote that was taken." },
      VENUE: { value: 'venue', description: 'Cleared for a venue on another chain.' },
      LIQUIDATION: { value: 'liquidation', description: 'Taken over from an account under liquidation.' },
      DELEVERAGE: { value: 'deleverage', description: 'Closed against a bankrupt account.' },
    } as const,
  })
  const trade = builder.objectRef<Trade>('Trade').implement({
    description: 'An auction that cleared, or a trade that was agreed on elsewhere.',
    fields: (t) => ({
      market: t.exposeString('symbol', { nullable: true, description: 'Symbol.' }),
      marketId: t.field({ type: 'UInt64', resolve: ({ market }) => market }),
      kind: t.field({ type: kind, resolve: (row) => row.kind as 'auction' }),
      price: t.field({ type: 'Decimal', description: E9, resolve: ({ priceE9 }) => e9Text(priceE9) }),
      size: t.field({ type: 'Decimal', description: E9, resolve: ({ sizeE9 }) => e9Text(sizeE9) }),
      fillCount: t.exposeInt('fills', { description: 'Orders that took part.' }),
      transaction: t.exposeString('transaction', { nullable: true }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
  return { kind, trade }
}

function addCandleType(builder: Builder) {
  const e9 = (pick: (row: Candle) => bigint) =>
    ({ type: 'Decimal', description: E9, resolve: (row: Candle) => e9Text(pick(row)) }) as const
  return builder.objectRef<Candle>('Candle').implement({
    description: "A market's auctions within some seconds; there is none where nothing was traded.",
    fields: (t) => ({
      start: t.field({ type: 'Time', resolve: ({ startSeconds }) => startSeconds * 1_000_000_000n }),
      open: t.field(e9(({ openE9 }) => openE9)),
      high: t.field(e9(({ highE9 }) => highE9)),
      low: t.field(e9(({ lowE9 }) => lowE9)),
      close: t.field(e9(({ closeE9 }) => closeE9)),
      volume: t.field(e9(({ volumeE9 }) => volumeE9)),
      notional: t.field({ type: 'Decimal', description: CASH, resolve: (row) => cashText(row.notionalE6) }),
      auctions: t.field({ type: 'UInt64', resolve: ({ auctions }) => auctions }),
    }),
  })
}

function addFundingRateType(builder: Builder) {
  return builder.objectRef<FundingRate>('FundingRate').implement({
    description: 'What longs pay shorts an hour, from a block on.',
    fields: (t) => ({
      rate: t.field({
        type: 'Decimal',
        description: 'As a part of the price an hour, 9 places.',
        resolve: ({ rateE9 }) => e9Text(rateE9),
      }),
      mark: t.field({ type: 'Decimal', description: E9, resolve: ({ markE9 }) => e9Text(markE9) }),
      index: t.field({ type: 'Decimal', description: E9, resolve: ({ indexE9 }) => e9Text(indexE9) }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function addSettlementType(builder: Builder) {
  return builder.objectRef<Settlement>('Settlement').implement({
    description: 'A position that ended with its market.',
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      market: t.exposeString('symbol', { nullable: true, description: 'Symbol.' }),
      marketId: t.field({ type: 'UInt64', resolve: ({ market }) => market }),
      size: t.field({
        type: 'Decimal',
        description: 'Signed, 9 places.',
        resolve: ({ sizeE9 }) => e9Text(sizeE9),
      }),
      price: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'Of the expiry, 9 places.',
        resolve: ({ priceE9 }) => e9TextOrNull(priceE9),
      }),
      rule: t.exposeString('rule', { nullable: true, description: '`window`, `extended` or `fallback`.' }),
      value: t.field({
        type: 'Decimal',
        description: 'What the position was worth, 6 places.',
        resolve: ({ valueE6 }) => cashText(valueE6),
      }),
      fee: t.field({ type: 'Decimal', description: CASH, resolve: ({ feeE6 }) => cashText(feeE6) }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function addFundingPaymentType(builder: Builder) {
  return builder.objectRef<FundingPayment>('FundingPayment').implement({
    description: 'Funding of a position since it was last settled.',
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      market: t.exposeString('symbol', { nullable: true, description: 'Symbol.' }),
      marketId: t.field({ type: 'UInt64', resolve: ({ market }) => market }),
      amount: t.field({
        type: 'Decimal',
        description: 'Received; negative: paid. 6 places.',
        resolve: ({ amountE6 }) => cashText(amountE6),
      }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function addCashChangeType(builder: Builder) {
  return builder.objectRef<CashChange>('CashChange').implement({
    description: "A change of a subaccount's cash. Interest is none: it shows in the next one's balance.",
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      reason: t.exposeString('reason', {
        description: '`trade`, `settlement`, `convert`, `redeem`, `transfer` …',
      }),
      delta: t.field({ type: 'Decimal', description: CASH, resolve: ({ deltaE6 }) => cashText(deltaE6) }),
      balance: t.field({
        type: 'Decimal',
        description: 'After it, 6 places.',
        resolve: ({ balanceE6 }) => cashText(balanceE6),
      }),
      transaction: t.exposeString('transaction', { nullable: true }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function addWithdrawalType(builder: Builder) {
  return builder.objectRef<Withdrawal>('Withdrawal').implement({
    description: "A withdrawal that waited in its line's queue.",
    fields: (t) => ({
      id: t.field({ type: 'UInt64', resolve: ({ id }) => id }),
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      line: t.field({ type: 'UInt64', resolve: ({ line }) => line }),
      asset: t.field({ type: 'UInt64', resolve: ({ asset }) => asset }),
      receiver: t.exposeString('receiver'),
      amount: t.field({
        type: 'Amount',
        description: 'What still waits.',
        resolve: ({ amount }) => amount,
      }),
      status: t.exposeString('status', {
        description: '`queued`, `left` (in part), `cancelled`, `redirected`.',
      }),
      queuedHeight: t.field({ type: 'UInt64', resolve: ({ queuedHeight }) => queuedHeight }),
      queuedTime: t.field({ type: 'Time', resolve: ({ queuedNanoseconds }) => queuedNanoseconds }),
      height: t.field({
        type: 'UInt64',
        description: 'Of its last change.',
        resolve: ({ height }) => height,
      }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}
