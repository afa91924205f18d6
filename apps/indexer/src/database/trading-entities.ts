// What holders do in markets: orders, fills, positions, settlements, funding.

import { EntitySchema } from 'typeorm'
import { amount, count, flag, key, optional, snakeCased, text, timeNanoseconds, u64 } from './columns.ts'

/** The life of an order. What it was placed with is null when that was before the first block read. */
export type OrderRow = {
  order: bigint
  account: string
  subaccount: number
  market: bigint
  side: string | null
  type: string | null
  timeInForce: string | null
  sizeE9: bigint | null
  remainingE9: bigint
  limitE9: bigint | null
  expireSeconds: bigint | null
  isPostOnly: boolean | null
  isReduceOnly: boolean | null
  isQuote: boolean | null
  /** Null once it has been triggered, or without one. */
  triggerE9: bigint | null
  triggerIsAbove: boolean | null
  /** The client order id. */
  nonce: bigint | null
  /** `open`, `filled` or `closed`. */
  status: string
  /** Why it was closed. */
  reason: string | null
  filledE9: bigint
  filledNotionalE6: bigint
  feeE6: bigint
  transaction: string | null
  openedHeight: bigint
  openedNanoseconds: bigint
  height: bigint
  timeNanoseconds: bigint
}

/** One order's part of an auction, or one side of an agreed trade (order 0). */
export type FillRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  market: bigint
  order: bigint
  side: string
  /** Rounded down where positions moved outside the auctions: `notionalE6` is exact. */
  priceE9: bigint
  sizeE9: bigint
  /** Size times price; below 0 where a position was given away for cash. */
  notionalE6: bigint
  feeE6: bigint
  role: string
  remainingE9: bigint
  transaction: string | null
  timeNanoseconds: bigint
}

/** What a holder has, or had, in a market: Σ of its fills less what was settled. */
export type PositionRow = {
  account: string
  subaccount: number
  market: bigint
  /** Signed; 0 when it is over. */
  sizeE9: bigint
  /** What the open size cost (was sold for, if short), by average. */
  entryNotionalE6: bigint
  /** Made by what was closed and settled, before fees and funding. */
  realisedE6: bigint
  feeE6: bigint
  boughtE9: bigint
  soldE9: bigint
  openedHeight: bigint
  height: bigint
  timeNanoseconds: bigint
}

/** A position that ended with its market. */
export type SettlementRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  market: bigint
  sizeE9: bigint
  valueE6: bigint
  feeE6: bigint
  timeNanoseconds: bigint
}

/** Funding that a position received (paid, if negative). */
export type FundingPaymentRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  market: bigint
  amountE6: bigint
  timeNanoseconds: bigint
}

const happened = { height: key(u64), position: key(count) }
const held = { account: text, subaccount: count, market: u64 }

/** Entity of `OrderRow`. */
export const OrderEntity = new EntitySchema<OrderRow>({
  name: 'Order',
  tableName: 'market_order',
  columns: snakeCased<OrderRow>({
    order: key(u64),
    ...held,
    side: optional(text),
    type: optional(text),
    timeInForce: optional(text),
    sizeE9: optional(amount),
    remainingE9: amount,
    limitE9: optional(u64),
    expireSeconds: optional(u64),
    isPostOnly: optional(flag),
    isReduceOnly: optional(flag),
    isQuote: optional(flag),
    triggerE9: optional(u64),
    triggerIsAbove: optional(flag),
    nonce: optional(u64),
    status: text,
    reason: optional(text),
    filledE9: { ...amount, default: 0 },
    filledNotionalE6: { ...amount, default: 0 },
    feeE6: { ...amount, default: 0 },
    transaction: optional(text),
    openedHeight: u64,
    openedNanoseconds: timeNanoseconds,
    height: u64,
    timeNanoseconds,
  }),
})

/** Entity of `FillRow`. */
export const FillEntity = new EntitySchema<FillRow>({
  name: 'Fill',
  tableName: 'fill',
  columns: snakeCased<FillRow>({
    ...happened,
    ...held,
    order: u64,
    side: text,
    priceE9: u64,
    sizeE9: amount,
    notionalE6: amount,
    feeE6: amount,
    role: text,
    remainingE9: amount,
    transaction: optional(text),
    timeNanoseconds,
  }),
})

/** Entity of `PositionRow`. */
export const PositionEntity = new EntitySchema<PositionRow>({
  name: 'Position',
  tableName: 'market_position',
  columns: snakeCased<PositionRow>({
    account: key(text),
    subaccount: key(count),
    market: key(u64),
    sizeE9: amount,
    entryNotionalE6: amount,
    realisedE6: amount,
    feeE6: amount,
    boughtE9: amount,
    soldE9: amount,
    openedHeight: u64,
    height: u64,
    timeNanoseconds,
  }),
})

/** Entity of `SettlementRow`. */
export const SettlementEntity = new EntitySchema<SettlementRow>({
  name: 'Settlement',
  tableName: 'settlement',
  columns: snakeCased<SettlementRow>({
    ...happened,
    ...held,
    sizeE9: amount,
    valueE6: amount,
    feeE6: amount,
    timeNanoseconds,
  }),
})

/** Entity of `FundingPaymentRow`. */
export const FundingPaymentEntity = new EntitySchema<FundingPaymentRow>({
  name: 'FundingPayment',
  tableName: 'funding_payment',
  columns: snakeCased<FundingPaymentRow>({ ...happened, ...held, amountE6: amount, timeNanoseconds }),
})
