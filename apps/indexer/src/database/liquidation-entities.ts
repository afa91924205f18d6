// Accounts under liquidation: how it went, step by step, and what was bid for them.

import { EntitySchema } from 'typeorm'
import { amount, count, key, optional, snakeCased, text, timeNanoseconds, u64 } from './columns.ts'

/** One liquidation of a subaccount, from its begin to its end; folded from its steps and sales. */
export type LiquidationRow = {
  account: string
  subaccount: number
  /** Of its first step that was read. */
  beganHeight: bigint
  beganPosition: number
  beganNanoseconds: bigint
  /** What the subaccount was worth then. */
  beganValueE6: bigint
  /** `waiting`, `closing`, `auction`, `insolvent`, or `none`: it is over. */
  stage: string
  /** Why it has come to its stage, or how it ended. */
  reason: string
  /** As the last step told. */
  valueE6: bigint
  underlying: bigint
  /** Blocks with closing orders, and how many orders in all. */
  closingBlocks: number
  closingOrders: number
  sales: number
  /** Σ over sales: what they cost by the auction, cash that came in, fees, and what went at marks. */
  priceE6: bigint
  paidE6: bigint
  feeE6: bigint
  worthE6: bigint
  /** Of its last change. */
  height: bigint
  timeNanoseconds: bigint
}

/** A stage that a liquidation came to, or, with `orders`, closing orders that were placed. */
export type LiquidationStepRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  stage: string
  before: string | null
  reason: string | null
  valueE6: bigint | null
  underlying: bigint | null
  orders: number | null
  timeNanoseconds: bigint
}

/** A bid of one block, and what became of it. */
export type LiquidationBidRow = {
  height: bigint
  account: string
  subaccount: number
  bidder: string
  bidderSubaccount: number
  /** Of the bid's event within the block. */
  position: number
  shareE9: bigint
  maxPriceE6: bigint
  /** `sold`, `lapsed`, or `placed` where nothing was told. */
  status: string
  /** Why it got nothing. */
  reason: string | null
  /** What it got. */
  soldShareE9: bigint | null
  underlying: bigint | null
  priceE6: bigint | null
  paidE6: bigint | null
  feeE6: bigint | null
  worthE6: bigint | null
  transaction: string | null
  timeNanoseconds: bigint
}

/** Entity of `LiquidationRow`. */
export const LiquidationEntity = new EntitySchema<LiquidationRow>({
  name: 'Liquidation',
  tableName: 'liquidation',
  columns: snakeCased<LiquidationRow>({
    account: key(text),
    subaccount: key(count),
    beganHeight: key(u64),
    beganPosition: count,
    beganNanoseconds: timeNanoseconds,
    beganValueE6: amount,
    stage: text,
    reason: text,
    valueE6: amount,
    underlying: u64,
    closingBlocks: count,
    closingOrders: count,
    sales: count,
    priceE6: amount,
    paidE6: amount,
    feeE6: amount,
    worthE6: amount,
    height: u64,
    timeNanoseconds,
  }),
})

/** Entity of `LiquidationStepRow`. */
export const LiquidationStepEntity = new EntitySchema<LiquidationStepRow>({
  name: 'LiquidationStep',
  tableName: 'liquidation_step',
  columns: snakeCased<LiquidationStepRow>({
    height: key(u64),
    position: key(count),
    account: text,
    subaccount: count,
    stage: text,
    before: optional(text),
    reason: optional(text),
    valueE6: optional(amount),
    underlying: optional(u64),
    orders: optional(count),
    timeNanoseconds,
  }),
})

/** Entity of `LiquidationBidRow`. */
export const LiquidationBidEntity = new EntitySchema<LiquidationBidRow>({
  name: 'LiquidationBid',
  tableName: 'liquidation_bid',
  columns: snakeCased<LiquidationBidRow>({
    height: key(u64),
    account: key(text),
    subaccount: key(count),
    bidder: key(text),
    bidderSubaccount: key(count),
    position: count,
    shareE9: amount,
    maxPriceE6: amount,
    status: text,
    reason: optional(text),
    soldShareE9: optional(amount),
    underlying: optional(u64),
    priceE6: optional(amount),
    paidE6: optional(amount),
    feeE6: optional(amount),
    worthE6: optional(amount),
    transaction: optional(text),
    timeNanoseconds,
  }),
})
