// Cash of subaccounts, of the pool, and what waits to leave.

import { EntitySchema } from 'typeorm'
import { amount, count, key, optional, snakeCased, text, timeNanoseconds, u64 } from './columns.ts'

/**
 * What a subaccount's cash was after its last change; interest since then is in `CashIndexRow`. `position` is
 * that of the event within the block.
 */
export type CashRow = {
  account: string
  subaccount: number
  balanceE6: bigint
  height: bigint
  position: number
}

/** Every change of a subaccount's cash. */
export type CashChangeRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  reason: string
  deltaE6: bigint
  balanceE6: bigint
  transaction: string | null
  timeNanoseconds: bigint
}

/**
 * What 1.0 of debt and of credit at the beginning have become, in 10⁻¹⁸, from an event of a block on:
 * interest accrues when it begins, losses that everybody bears may follow at its end.
 */
export type CashIndexRow = {
  height: bigint
  position: number
  debtIndex: bigint
  creditIndex: bigint
  borrowRate: bigint
}

/** What the pool holds of an asset at par. */
export type CashPoolRow = { asset: bigint; parE6: bigint; height: bigint }

/** A token that became cash. */
export type ConversionRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  asset: bigint
  parE6: bigint
  cashE6: bigint
  transaction: string | null
  timeNanoseconds: bigint
}

/** A withdrawal that waited in a line's queue; `amount` is what still waits. */
export type WithdrawalRow = {
  id: bigint
  account: string
  subaccount: number
  line: bigint
  asset: bigint
  receiver: string
  amount: bigint
  status: string
  queuedHeight: bigint
  queuedNanoseconds: bigint
  height: bigint
  timeNanoseconds: bigint
}

const happened = { height: key(u64), position: key(count) }
const holder = { account: text, subaccount: count }

/** Entity of `CashRow`. */
export const CashEntity = new EntitySchema<CashRow>({
  name: 'Cash',
  tableName: 'cash',
  columns: snakeCased<CashRow>({
    account: key(text),
    subaccount: key(count),
    balanceE6: amount,
    height: u64,
    position: count,
  }),
})

/** Entity of `CashChangeRow`. */
export const CashChangeEntity = new EntitySchema<CashChangeRow>({
  name: 'CashChange',
  tableName: 'cash_change',
  columns: snakeCased<CashChangeRow>({
    ...happened,
    ...holder,
    reason: text,
    deltaE6: amount,
    balanceE6: amount,
    transaction: optional(text),
    timeNanoseconds,
  }),
})

/** Entity of `CashIndexRow`. */
export const CashIndexEntity = new EntitySchema<CashIndexRow>({
  name: 'CashIndex',
  tableName: 'cash_index',
  columns: snakeCased<CashIndexRow>({
    ...happened,
    debtIndex: amount,
    creditIndex: amount,
    borrowRate: amount,
  }),
})

/** Entity of `CashPoolRow`. */
export const CashPoolEntity = new EntitySchema<CashPoolRow>({
  name: 'CashPool',
  tableName: 'cash_pool',
  columns: snakeCased<CashPoolRow>({ asset: key(u64), parE6: amount, height: u64 }),
})

/** Entity of `ConversionRow`. */
export const ConversionEntity = new EntitySchema<ConversionRow>({
  name: 'Conversion',
  tableName: 'conversion',
  columns: snakeCased<ConversionRow>({
    ...happened,
    ...holder,
    asset: u64,
    parE6: amount,
    cashE6: amount,
    transaction: optional(text),
    timeNanoseconds,
  }),
})

/** Entity of `WithdrawalRow`. */
export const WithdrawalEntity = new EntitySchema<WithdrawalRow>({
  name: 'Withdrawal',
  tableName: 'withdrawal',
  columns: snakeCased<WithdrawalRow>({
    id: key(u64),
    ...holder,
    line: u64,
    asset: u64,
    receiver: text,
    amount,
    status: text,
    queuedHeight: u64,
    queuedNanoseconds: timeNanoseconds,
    height: u64,
    timeNanoseconds,
  }),
})
