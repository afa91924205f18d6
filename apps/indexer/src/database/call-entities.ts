// Levels of health, standby lines and the margin calls that pull them.

import { EntitySchema } from 'typeorm'
import { amount, count, key, optional, snakeCased, text, timeNanoseconds, u64 } from './columns.ts'

/** A subaccount came to another level of health. */
export type MarginLevelRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  /** `healthy`, `warned`, `called` or `below`. */
  level: string
  before: string
  maintenanceMarginE6: bigint
  maintenanceRequirementE6: bigint
  timeNanoseconds: bigint
}

/** Tokens locked on another chain for a subaccount here, as it is known last. */
export type StandbyLineRow = {
  client: string
  /** Hex. */
  line: string
  /** Hex, 32 bytes. */
  token: string
  amount: bigint
  expirySeconds: bigint
  /** For whom it was locked: an account, or a wallet that was linked to one since. */
  account: string
  subaccount: number
  /** `locked`, `called`, `void`, `spent`, `expired` or `displaced`. */
  status: string
  openedHeight: bigint
  height: bigint
  timeNanoseconds: bigint
}

/** A standby line that was called, until what it gave has come in. */
export type MarginCallRow = {
  client: string
  line: string
  /** Of the packet that called. */
  sequence: bigint
  account: string
  subaccount: number
  asset: bigint
  amount: bigint
  /** What the line's chain says that it gave; null until it has answered. */
  pulled: bigint | null
  /** `sent`, `pulled`, `delivered`, `refused` or `timed out`. */
  status: string
  sentHeight: bigint
  sentPosition: number
  sentNanoseconds: bigint
  height: bigint
  timeNanoseconds: bigint
}

/** A relayer was paid for what a line gave. */
export type CallRewardRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  relayer: string
  client: string
  line: string
  asset: bigint
  amount: bigint
  timeNanoseconds: bigint
}

/** Liquidation of a subaccount waits for a line (`began`), or does no more, and why. */
export type MarginWaitRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  status: string
  timeNanoseconds: bigint
}

const happened = { height: key(u64), position: key(count), account: text, subaccount: count }

/** Entity of `MarginLevelRow`. */
export const MarginLevelEntity = new EntitySchema<MarginLevelRow>({
  name: 'MarginLevel',
  tableName: 'margin_level',
  columns: snakeCased<MarginLevelRow>({
    ...happened,
    level: text,
    before: text,
    maintenanceMarginE6: amount,
    maintenanceRequirementE6: amount,
    timeNanoseconds,
  }),
})

/** Entity of `StandbyLineRow`. */
export const StandbyLineEntity = new EntitySchema<StandbyLineRow>({
  name: 'StandbyLine',
  tableName: 'standby_line',
  columns: snakeCased<StandbyLineRow>({
    client: key(text),
    line: key(text),
    token: text,
    amount,
    expirySeconds: u64,
    account: text,
    subaccount: count,
    status: text,
    openedHeight: u64,
    height: u64,
    timeNanoseconds,
  }),
})

/** Entity of `MarginCallRow`. */
export const MarginCallEntity = new EntitySchema<MarginCallRow>({
  name: 'MarginCall',
  tableName: 'margin_call',
  columns: snakeCased<MarginCallRow>({
    client: key(text),
    line: key(text),
    sequence: key(u64),
    account: text,
    subaccount: count,
    asset: u64,
    amount,
    pulled: optional(amount),
    status: text,
    sentHeight: u64,
    sentPosition: count,
    sentNanoseconds: timeNanoseconds,
    height: u64,
    timeNanoseconds,
  }),
})

/** Entity of `CallRewardRow`. */
export const CallRewardEntity = new EntitySchema<CallRewardRow>({
  name: 'CallReward',
  tableName: 'call_reward',
  columns: snakeCased<CallRewardRow>({
    ...happened,
    relayer: text,
    client: text,
    line: text,
    asset: u64,
    amount,
    timeNanoseconds,
  }),
})

/** Entity of `MarginWaitRow`. */
export const MarginWaitEntity = new EntitySchema<MarginWaitRow>({
  name: 'MarginWait',
  tableName: 'margin_wait',
  columns: snakeCased<MarginWaitRow>({ ...happened, status: text, timeNanoseconds }),
})
