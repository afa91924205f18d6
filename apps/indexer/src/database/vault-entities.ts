// The liquidity vault: what its shares were worth, who holds them, and what waits.

import { EntitySchema } from 'typeorm'
import { amount, count, key, optional, snakeCased, text, timeNanoseconds, u64 } from './columns.ts'

/** What the vault and 1.0 of its shares were worth in a minute that is over. */
export type VaultWorthRow = {
  /** Unix time by 60. */
  minute: bigint
  worthE6: bigint
  shares: bigint
  closeE18: bigint
  highE18: bigint
  lowE18: bigint
  height: bigint
}

/** A deposit (micro-cash) or a withdrawal (shares) that waits, or waited. */
export type VaultRequestRow = {
  request: bigint
  account: string
  subaccount: number
  /** `deposit` or `withdrawal`. */
  kind: string
  amount: bigint
  /** What waits of it. */
  rest: bigint
  /** `waiting`, `executed`, or `returned`: a deposit that was given back. */
  status: string
  cashE6: bigint
  shares: bigint
  /** Of the last execution: cash for 1.0 of the shares. */
  shareE18: bigint | null
  requestedSeconds: bigint
  openedHeight: bigint
  height: bigint
  timeNanoseconds: bigint
}

/** Shares of a subaccount, without those in withdrawals that wait. */
export type VaultHoldingRow = {
  account: string
  subaccount: number
  shares: bigint
  /** Cash that became shares, and that shares became. */
  depositedE6: bigint
  withdrawnE6: bigint
  height: bigint
}

/** The vault began or ceased to quote, and why. */
export type VaultStatusRow = {
  height: bigint
  position: number
  status: string
  before: string
  timeNanoseconds: bigint
}

const holder = { account: text, subaccount: count }

/** Entity of `VaultWorthRow`. */
export const VaultWorthEntity = new EntitySchema<VaultWorthRow>({
  name: 'VaultWorth',
  tableName: 'vault_worth',
  columns: snakeCased<VaultWorthRow>({
    minute: key(u64),
    worthE6: amount,
    shares: amount,
    closeE18: amount,
    highE18: amount,
    lowE18: amount,
    height: u64,
  }),
})

/** Entity of `VaultRequestRow`. */
export const VaultRequestEntity = new EntitySchema<VaultRequestRow>({
  name: 'VaultRequest',
  tableName: 'vault_request',
  columns: snakeCased<VaultRequestRow>({
    request: key(u64),
    ...holder,
    kind: text,
    amount,
    rest: amount,
    status: text,
    cashE6: { ...amount, default: 0 },
    shares: { ...amount, default: 0 },
    shareE18: optional(amount),
    requestedSeconds: u64,
    openedHeight: u64,
    height: u64,
    timeNanoseconds,
  }),
})

/** Entity of `VaultHoldingRow`. */
export const VaultHoldingEntity = new EntitySchema<VaultHoldingRow>({
  name: 'VaultHolding',
  tableName: 'vault_holding',
  columns: snakeCased<VaultHoldingRow>({
    account: key(text),
    subaccount: key(count),
    shares: { ...amount, default: 0 },
    depositedE6: { ...amount, default: 0 },
    withdrawnE6: { ...amount, default: 0 },
    height: u64,
  }),
})

/** Entity of `VaultStatusRow`. */
export const VaultStatusEntity = new EntitySchema<VaultStatusRow>({
  name: 'VaultStatus',
  tableName: 'vault_status',
  columns: snakeCased<VaultStatusRow>({
    height: key(u64),
    position: key(count),
    status: text,
    before: text,
    timeNanoseconds,
  }),
})
