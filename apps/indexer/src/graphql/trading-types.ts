import { entryPriceE9, unrealisedE6 } from '../project/fold-position.ts'
import { pageOfFills, type Fill, type Order, type Position } from '../read/trading.ts'
import type { Builder } from './builder.ts'
import { cashText, cashTextOrNull, e9Text, e9TextOrNull, secondsOrNull } from './decimals.ts'
import type { TradingEnums } from './market-types.ts'

/** Fills of an order that it lists itself. */
const FILLS_SHOWN = 50

/** Adds `Fill`. */
export function addFillType(builder: Builder, { side }: TradingEnums) {
  return builder.objectRef<Fill>('Fill').implement({
    description: "One order's part of an auction, or one side of a trade that was agreed on elsewhere.",
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      market: t.exposeString('symbol', { nullable: true, description: 'Symbol.' }),
      marketId: t.field({ type: 'UInt64', resolve: ({ market }) => market }),
      orderId: t.field({
        type: 'UInt64',
        nullable: true,
        description: 'Null of what was traded outside the auctions.',
        resolve: ({ order }) => order,
      }),
      side: t.field({ type: side, resolve: (row) => row.side as 'buy' }),
      price: t.field({
        type: 'Decimal',
        description: '9 places.',
        resolve: ({ priceE9 }) => e9Text(priceE9),
      }),
      size: t.field({ type: 'Decimal', description: '9 places.', resolve: ({ sizeE9 }) => e9Text(sizeE9) }),
      fee: t.field({ type: 'Decimal', description: '6 places.', resolve: ({ feeE6 }) => cashText(feeE6) }),
      role: t.exposeString('role', {
        description: '`maker`, `taker`, `rfq`, `venue`, `liquidation` or `deleverage`.',
      }),
      notional: t.field({
        type: 'Decimal',
        description: 'Size times price, exact where the price is rounded (off the grid); 6 places.',
        resolve: ({ notionalE6 }) => cashText(notionalE6),
      }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      transaction: t.exposeString('transaction', {
        nullable: true,
        description: 'Null of an auction: it belongs to its block.',
      }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

/** Adds `Order`. */
export function addOrderType(builder: Builder, enums: TradingEnums, fill: ReturnType<typeof addFillType>) {
  const order = declareOrder(builder)
  addOrderTerms(builder, order, enums)
  addOrderLife(builder, order, enums)
  addOrderFills(builder, order, fill)
  return order
}

function declareOrder(builder: Builder) {
  return builder.objectRef<Order>('Order').implement({
    description:
      'An order and its life. What it was placed with is null when that was before the first block.',
  })
}

/** What it was placed with. */
function addOrderTerms(
  builder: Builder,
  order: ReturnType<typeof declareOrder>,
  { side }: TradingEnums,
): void {
  builder.objectFields(order, (t) => ({
    id: t.field({ type: 'UInt64', resolve: ({ order }) => order }),
    account: t.exposeString('account'),
    subaccount: t.exposeInt('subaccount'),
    market: t.exposeString('symbol', { nullable: true, description: 'Symbol.' }),
    marketId: t.field({ type: 'UInt64', resolve: ({ market }) => market }),
    side: t.field({ type: side, nullable: true, resolve: (row) => row.side as 'buy' | null }),
    type: t.exposeString('type', { nullable: true, description: '`limit` or `market`.' }),
    timeInForce: t.exposeString('timeInForce', {
      nullable: true,
      description: '`gtc`, `ioc`, `fok` or `gtt`.',
    }),
    size: t.field({
      type: 'Decimal',
      nullable: true,
      description: '9 places.',
      resolve: ({ sizeE9 }) => e9TextOrNull(sizeE9),
    }),
    limit: t.field({
      type: 'Decimal',
      nullable: true,
      description: '9 places.',
      resolve: ({ limitE9 }) => e9TextOrNull(limitE9),
    }),
    expiry: t.field({
      type: 'Time',
      nullable: true,
      resolve: ({ expireSeconds }) => secondsOrNull(expireSeconds),
    }),
    isPostOnly: t.exposeBoolean('isPostOnly', { nullable: true }),
    isReduceOnly: t.exposeBoolean('isReduceOnly', { nullable: true }),
    isQuote: t.exposeBoolean('isQuote', { nullable: true, description: 'Of a mass quote.' }),
    triggerPrice: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The mark that it waits for, 9 places; null once it has been triggered.',
      resolve: ({ triggerE9 }) => e9TextOrNull(triggerE9),
    }),
    triggerIsAbove: t.exposeBoolean('triggerIsAbove', { nullable: true }),
    clientOrderId: t.field({ type: 'UInt64', nullable: true, resolve: ({ nonce }) => nonce }),
  }))
}

/** How it stands, and since when. */
function addOrderLife(
  builder: Builder,
  order: ReturnType<typeof declareOrder>,
  { orderStatus }: TradingEnums,
): void {
  builder.objectFields(order, (t) => ({
    status: t.field({ type: orderStatus, resolve: (row) => row.status as 'open' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was closed.' }),
    transaction: t.exposeString('transaction', { nullable: true, description: 'That placed it.' }),
    openedHeight: t.field({ type: 'UInt64', resolve: ({ openedHeight }) => openedHeight }),
    openedTime: t.field({ type: 'Time', resolve: ({ openedNanoseconds }) => openedNanoseconds }),
    height: t.field({
      type: 'UInt64',
      description: 'Of its last change.',
      resolve: ({ height }) => height,
    }),
    time: t.field({
      type: 'Time',
      description: 'Of its last change.',
      resolve: ({ timeNanoseconds }) => timeNanoseconds,
    }),
  }))
}

/** What was filled of it. */
function addOrderFills(
  builder: Builder,
  order: ReturnType<typeof declareOrder>,
  fill: ReturnType<typeof addFillType>,
): void {
  builder.objectFields(order, (t) => ({
    remaining: t.field({
      type: 'Decimal',
      description: '9 places; of one that is over, what was not filled.',
      resolve: ({ remainingE9 }) => e9Text(remainingE9),
    }),
    filled: t.field({ type: 'Decimal', description: '9 places.', resolve: (row) => e9Text(row.filledE9) }),
    averagePrice: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Of its fills, 9 places.',
      resolve: (row) => averagePrice(row),
    }),
    fee: t.field({ type: 'Decimal', description: '6 places.', resolve: ({ feeE6 }) => cashText(feeE6) }),
    fills: t.field({
      type: [fill],
      description: `Newest first, at most ${FILLS_SHOWN}; \`fills(order:)\` has them all.`,
      resolve: async (row, _arguments, { database }) => {
        if (row.filledE9 === 0n) return []
        const { edges } = await pageOfFills(database, { order: row.order }, { first: FILLS_SHOWN })
        return edges.map(({ node }) => node)
      },
    }),
  }))
}

/** A position with the mark it is valued at. */
export type MarkedPosition = Position & { readonly markE9: bigint | undefined }

/** Adds `Position`. */
export function addPositionType(builder: Builder) {
  return builder.objectRef<MarkedPosition>('Position').implement({
    description:
      'Σ of the fills of a holder in a market, less what was settled. Entry and profit go by average cost.',
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
      entryPrice: t.field({
        type: 'Decimal',
        nullable: true,
        description: '9 places; null when it is over.',
        resolve: (row) => e9TextOrNull(entryPriceE9(row)),
      }),
      mark: t.field({
        type: 'Decimal',
        nullable: true,
        description: "The hub's, 9 places.",
        resolve: ({ markE9 }) => e9TextOrNull(markE9 === 0n ? null : markE9),
      }),
      unrealised: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'At the mark against the entry price; 6 places.',
        resolve: (row) => cashTextOrNull(row.markE9 ? unrealisedE6(row, row.markE9) : null),
      }),
      realised: t.field({
        type: 'Decimal',
        description: 'Made by what was closed and settled, before fees and funding; 6 places.',
        resolve: ({ realisedE6 }) => cashText(realisedE6),
      }),
      fees: t.field({ type: 'Decimal', description: '6 places.', resolve: ({ feeE6 }) => cashText(feeE6) }),
      funding: t.field({
        type: 'Decimal',
        description: 'Received (paid, if negative), 6 places.',
        resolve: ({ fundingE6 }) => cashText(fundingE6),
      }),
      bought: t.field({
        type: 'Decimal',
        description: 'In all, 9 places.',
        resolve: (row) => e9Text(row.boughtE9),
      }),
      sold: t.field({
        type: 'Decimal',
        description: 'In all, 9 places.',
        resolve: (row) => e9Text(row.soldE9),
      }),
      openedHeight: t.field({ type: 'UInt64', resolve: ({ openedHeight }) => openedHeight }),
      height: t.field({
        type: 'UInt64',
        description: 'Of its last change.',
        resolve: ({ height }) => height,
      }),
    }),
  })
}

function averagePrice({ filledE9, filledNotionalE6 }: Order): string | null {
  return filledE9 === 0n ? null : e9Text((filledNotionalE6 * 10n ** 12n) / filledE9)
}
