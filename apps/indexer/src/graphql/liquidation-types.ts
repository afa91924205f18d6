import type { Sale } from '../prove/hub-losses.ts'
import {
  LISTED_MAX,
  type Liquidation,
  type LiquidationBid,
  type LiquidationStep,
} from '../read/liquidations.ts'
import type { Builder } from './builder.ts'
import { cashText, cashTextOrNull, e9Text, e9TextOrNull } from './decimals.ts'

const CASH = '6 places.'
const SHARE = 'Of the whole, 9 places.'
const UNDERLYING = 'Asset of the one underlying that is sold; null: a share of everything.'

/** Adds liquidations, their steps, bids and sales. */
export function addLiquidationTypes(builder: Builder) {
  const stage = addStageType(builder)
  const bid = addBidType(builder)
  return {
    bid,
    liquidation: addLiquidationType(builder, { stage, bid, step: addStepType(builder, stage) }),
    sale: addSaleType(builder),
  }
}

/** Types of liquidations. */
export type LiquidationTypes = ReturnType<typeof addLiquidationTypes>

function addStageType(builder: Builder) {
  return builder.enumType('LiquidationStage', {
    description: 'Where a liquidation stands.',
    values: {
      WAITING: { value: 'waiting', description: 'For a standby line that was called.' },
      CLOSING: { value: 'closing', description: 'The chain places reduce-only orders.' },
      AUCTION: { value: 'auction', description: 'A share of it is for sale.' },
      INSOLVENT: { value: 'insolvent', description: 'Worth nothing: insurance pays who takes it.' },
      OVER: { value: 'none' },
    } as const,
  })
}

function addStepType(builder: Builder, stage: ReturnType<typeof addStageType>) {
  return builder.objectRef<LiquidationStep>('LiquidationStep').implement({
    description: 'A stage that a liquidation came to, or closing orders that were placed.',
    fields: (t) => ({
      stage: t.field({ type: stage, resolve: (row) => row.stage as 'none' }),
      reason: t.exposeString('reason', {
        nullable: true,
        description:
          '`below`, `waited`, `unclosed`, `insolvent`, `solvent`, at the end as of `Liquidation`; or null.',
      }),
      value: t.field({
        type: 'Decimal',
        nullable: true,
        description: `What the account was worth; ${CASH}`,
        resolve: ({ valueE6 }) => cashTextOrNull(valueE6),
      }),
      orders: t.exposeInt('orders', { nullable: true, description: 'Closing orders that were placed.' }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function addBidType(builder: Builder) {
  const bid = builder.objectRef<LiquidationBid>('LiquidationBid').implement({
    description: 'A bid of one block for an account under liquidation, and what became of it.',
  })
  builder.objectFields(bid, (t) => ({
    account: t.exposeString('account', { description: 'Under liquidation.' }),
    subaccount: t.exposeInt('subaccount'),
    bidder: t.exposeString('bidder'),
    bidderSubaccount: t.exposeInt('bidderSubaccount'),
    share: t.field({ type: 'Decimal', description: SHARE, resolve: ({ shareE9 }) => e9Text(shareE9) }),
    maxPrice: t.field({
      type: 'Decimal',
      description: `At most for that share; below 0: what it gets at least. ${CASH}`,
      resolve: ({ maxPriceE6 }) => cashText(maxPriceE6),
    }),
    status: t.exposeString('status', { description: '`sold`, or `lapsed`: it got nothing.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it got nothing.' }),
    transaction: t.exposeString('transaction', { nullable: true }),
    height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
    time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
  }))
  builder.objectFields(bid, (t) => {
    const cash = (pick: (row: LiquidationBid) => bigint | null, description: string) =>
      t.field({
        type: 'Decimal',
        nullable: true,
        description: `${description} ${CASH}`,
        resolve: (row) => cashTextOrNull(pick(row)),
      })
    return {
      soldShare: t.field({
        type: 'Decimal',
        nullable: true,
        description: SHARE,
        resolve: ({ soldShareE9 }) => e9TextOrNull(soldShareE9),
      }),
      underlying: t.field({
        type: 'UInt64',
        nullable: true,
        description: UNDERLYING,
        resolve: ({ underlying }) => underlying || null,
      }),
      price: cash(({ priceE6 }) => priceE6, 'What the share cost by the auction.'),
      paid: cash(({ paidE6 }) => paidE6, 'Cash from the bidder, below 0 to it.'),
      fee: cash(({ feeE6 }) => feeE6, 'To insurance, out of the price.'),
      worth: cash(({ worthE6 }) => worthE6, 'Positions and collateral that went, at marks.'),
    }
  })
  return bid
}

type Details = {
  readonly stage: ReturnType<typeof addStageType>
  readonly step: ReturnType<typeof addStepType>
  readonly bid: ReturnType<typeof addBidType>
}

function addLiquidationType(builder: Builder, { stage, step, bid }: Details) {
  const liquidation = declareLiquidation(builder)
  builder.objectFields(liquidation, (t) => ({
    account: t.exposeString('account'),
    subaccount: t.exposeInt('subaccount'),
    stage: t.field({ type: stage, resolve: (row) => row.stage as 'none' }),
    reason: t.exposeString('reason', {
      description: 'Why it came there, or how it ended: `recovered`, `sold`, `resolved` or `empty`.',
    }),
    closingOrders: t.exposeInt('closingOrders', { description: 'Orders that the chain placed.' }),
    closingBlocks: t.exposeInt('closingBlocks', { description: 'In so many blocks.' }),
    saleCount: t.exposeInt('sales', { description: 'Bids that took a share.' }),
    beganHeight: t.field({ type: 'UInt64', resolve: ({ beganHeight }) => beganHeight }),
    beganTime: t.field({ type: 'Time', resolve: ({ beganNanoseconds }) => beganNanoseconds }),
    height: t.field({ type: 'UInt64', description: 'Of its last change.', resolve: ({ height }) => height }),
    time: t.field({
      type: 'Time',
      description: 'Of its last change.',
      resolve: ({ timeNanoseconds }) => timeNanoseconds,
    }),
    steps: t.field({
      type: [step],
      description: `Oldest first, at most ${LISTED_MAX}.`,
      resolve: async (row) => [...(await row.steps())],
    }),
    bids: t.field({
      type: [bid],
      description: `Oldest first, at most ${LISTED_MAX}; \`liquidationBids\` has them all.`,
      resolve: async (row) => [...(await row.bids())],
    }),
  }))
  addSums(builder, liquidation)
  return liquidation
}

function declareLiquidation(builder: Builder) {
  return builder.objectRef<Liquidation>('Liquidation').implement({
    description: 'A liquidation of a subaccount, from its begin to its end.',
  })
}

function addSums(builder: Builder, liquidation: ReturnType<typeof declareLiquidation>): void {
  builder.objectFields(liquidation, (t) => {
    const cash = (pick: (row: Liquidation) => bigint, description: string) =>
      t.field({
        type: 'Decimal',
        description: `${description} ${CASH}`,
        resolve: (row) => cashText(pick(row)),
      })
    return {
      beganValue: cash(({ beganValueE6 }) => beganValueE6, 'What the account was worth when it began.'),
      value: cash(({ valueE6 }) => valueE6, 'The same, as its last stage found it.'),
      price: cash(({ priceE6 }) => priceE6, 'What its sales cost by the auction.'),
      paid: cash(({ paidE6 }) => paidE6, 'Cash that bidders paid, less what they were paid.'),
      fees: cash(({ feeE6 }) => feeE6, 'To insurance.'),
      worth: cash(({ worthE6 }) => worthE6, 'What was sold, at marks.'),
    }
  })
}

function addSaleType(builder: Builder) {
  return builder.objectRef<Sale>('LiquidationSale').implement({
    description: "What an account's auction asks, by the hub's own query after block `height`.",
    fields: (t) => {
      const cash = (pick: (row: Sale) => bigint, description: string) =>
        t.field({ type: 'Decimal', description, resolve: (row) => cashText(pick(row)) })
      return {
        height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
        state: t.exposeString('state', {
          description: '`open`, or why no bid is taken: `healthy`, `prices`, `waiting`, `closing` or `none`.',
        }),
        value: cash(({ valueE6 }) => valueE6, `What the account is worth; ${CASH}`),
        maintenanceMargin: cash(({ maintenanceMarginE6 }) => maintenanceMarginE6, CASH),
        bufferMargin: cash(({ bufferMarginE6 }) => bufferMarginE6, `It is sold until this is 0; ${CASH}`),
        underlying: t.field({
          type: 'UInt64',
          nullable: true,
          description: UNDERLYING,
          resolve: ({ underlying }) => underlying || null,
        }),
        shareMax: t.field({
          type: 'Decimal',
          description: 'More of the whole is not sold now; 9 places.',
          resolve: ({ shareMaxE9 }) => e9Text(shareMaxE9),
        }),
        price: cash(({ priceE6 }) => priceE6, `Of the whole; below 0 the bidder is paid. ${CASH}`),
        worth: cash(({ worthE6 }) => worthE6, `Of what is for sale, at marks; ${CASH}`),
        discount: t.field({
          type: 'Decimal',
          description: 'Share of its worth that is asked, 9 places; 0 of an insolvent account.',
          resolve: ({ discountE9 }) => e9Text(discountE9),
        }),
      }
    },
  })
}
