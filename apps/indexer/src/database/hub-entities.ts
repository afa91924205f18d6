// What the hub's own events tell: accounts, balances, assets, lines, prices.

import { EntitySchema } from 'typeorm'
import { amount, count, key, optional, text, timeNanoseconds, u64 } from './columns.ts'

/** An account of the hub, known from its creation or from its first balance. */
export type AccountRow = { account: string; firstHeight: bigint; firstTimeNanoseconds: bigint }

/** The current balance of one subaccount in one asset. */
export type BalanceRow = {
  account: string
  subaccount: number
  asset: bigint
  denom: string
  amount: bigint
  height: bigint
}

/** Every change of a balance, in the order of the hub's events. */
export type BalanceChangeRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  asset: bigint
  delta: bigint
  amount: bigint
  transaction: string | null
  timeNanoseconds: bigint
}

/** An asset of the hub, named by the first event that shows it. */
export type AssetRow = { asset: bigint; denom: string; firstHeight: bigint }

/** What the hub holds in escrow on one client for one full denomination. */
export type LineRow = {
  line: bigint
  clientId: string
  denom: string
  asset: bigint
  escrowed: bigint
  height: bigint
}

/** The last decided price of an asset: USD per whole unit, times 10⁹. */
export type PriceRow = { asset: bigint; priceE9: bigint; timeSeconds: bigint; height: bigint }

/** Entity of `AccountRow`. */
export const AccountEntity = new EntitySchema<AccountRow>({
  name: 'Account',
  tableName: 'account',
  columns: {
    account: key(text),
    firstHeight: { ...u64, name: 'first_height' },
    firstTimeNanoseconds: { ...timeNanoseconds, name: 'first_time_nanoseconds' },
  },
})

/** Entity of `BalanceRow`. */
export const BalanceEntity = new EntitySchema<BalanceRow>({
  name: 'Balance',
  tableName: 'balance',
  columns: { account: key(text), subaccount: key(count), asset: key(u64), denom: text, amount, height: u64 },
})

/** Entity of `BalanceChangeRow`. */
export const BalanceChangeEntity = new EntitySchema<BalanceChangeRow>({
  name: 'BalanceChange',
  tableName: 'balance_change',
  columns: {
    height: key(u64),
    position: key(count),
    account: text,
    subaccount: count,
    asset: u64,
    delta: amount,
    amount,
    transaction: optional(text),
    timeNanoseconds: { ...timeNanoseconds, name: 'time_nanoseconds' },
  },
})

/** Entity of `AssetRow`. */
export const AssetEntity = new EntitySchema<AssetRow>({
  name: 'Asset',
  tableName: 'asset',
  columns: { asset: key(u64), denom: text, firstHeight: { ...u64, name: 'first_height' } },
})

/** Entity of `LineRow`. */
export const LineEntity = new EntitySchema<LineRow>({
  name: 'Line',
  tableName: 'line',
  columns: {
    line: key(u64),
    clientId: { ...text, name: 'client_id' },
    denom: text,
    asset: u64,
    escrowed: amount,
    height: u64,
  },
})

/** Entity of `PriceRow`: the latest of each asset. */
export const PriceEntity = new EntitySchema<PriceRow>({
  name: 'Price',
  tableName: 'price',
  columns: {
    asset: key(u64),
    priceE9: { ...u64, name: 'price_e9' },
    timeSeconds: { ...u64, name: 'time_seconds' },
    height: u64,
  },
})

/** Entity of `PriceRow`: every decided price. */
export const PriceHistoryEntity = new EntitySchema<PriceRow>({
  name: 'PriceHistory',
  tableName: 'price_history',
  columns: {
    asset: key(u64),
    priceE9: { ...u64, name: 'price_e9' },
    timeSeconds: { ...u64, name: 'time_seconds' },
    height: key(u64),
  },
})
