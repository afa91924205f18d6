// Who may act for an account, and how accounts stand.

import { EntitySchema } from 'typeorm'
import { amount, count, flag, key, optional, snakeCased, text, timeNanoseconds, u64 } from './columns.ts'

/** A wallet that was linked: its address names the account. Both `cway1…`. */
export type WalletRow = { wallet: string; account: string; height: bigint; timeNanoseconds: bigint }

/** A session key of an account, hex. */
export type SessionKeyRow = {
  account: string
  sessionKey: string
  /** `created` or `revoked`. */
  status: string
  createdHeight: bigint
  height: bigint
  timeNanoseconds: bigint
}

/** How a subaccount stands with risk. */
export type AccountFlagRow = {
  account: string
  subaccount: number
  isIsolated: boolean
  /** `healthy`, `warned`, `called` or `below`. */
  level: string
  /** What its maintenance margin and requirement were when that changed. */
  maintenanceMarginE6: bigint | null
  maintenanceRequirementE6: bigint | null
  changedHeight: bigint | null
  /** `selling` or `stuck` while it owes more than half of what its collateral covers, else `none`. */
  overdraft: string
}

/** What a venue may clear for a subaccount; a notional of 0: nothing any more. */
export type VenueGrantRow = {
  account: string
  subaccount: number
  client: string
  sender: string
  notionalMaxE6PerDay: bigint
  expirySeconds: bigint
  height: bigint
}

/** Quotes of a subaccount in an underlying were withdrawn by its own protection. */
export type QuoteFreezeRow = {
  height: bigint
  position: number
  account: string
  subaccount: number
  underlying: bigint
  timeNanoseconds: bigint
}

/** The last volatility surface of an underlying: for how many expiries. */
export type SurfaceRow = { asset: bigint; expiries: bigint; height: bigint }

/** Entity of `WalletRow`. */
export const WalletEntity = new EntitySchema<WalletRow>({
  name: 'Wallet',
  tableName: 'wallet',
  columns: snakeCased<WalletRow>({ wallet: key(text), account: text, height: u64, timeNanoseconds }),
})

/** Entity of `SessionKeyRow`. */
export const SessionKeyEntity = new EntitySchema<SessionKeyRow>({
  name: 'SessionKey',
  tableName: 'session_key',
  columns: snakeCased<SessionKeyRow>({
    account: key(text),
    sessionKey: key(text),
    status: text,
    createdHeight: u64,
    height: u64,
    timeNanoseconds,
  }),
})

/** Entity of `AccountFlagRow`. */
export const AccountFlagEntity = new EntitySchema<AccountFlagRow>({
  name: 'AccountFlag',
  tableName: 'account_flag',
  columns: snakeCased<AccountFlagRow>({
    account: key(text),
    subaccount: key(count),
    isIsolated: { ...flag, default: false },
    level: { ...text, default: 'healthy' },
    maintenanceMarginE6: optional(amount),
    maintenanceRequirementE6: optional(amount),
    changedHeight: optional(u64),
    overdraft: { ...text, default: 'none' },
  }),
})

/** Entity of `VenueGrantRow`. */
export const VenueGrantEntity = new EntitySchema<VenueGrantRow>({
  name: 'VenueGrant',
  tableName: 'venue_grant',
  columns: snakeCased<VenueGrantRow>({
    account: key(text),
    subaccount: key(count),
    client: key(text),
    sender: key(text),
    notionalMaxE6PerDay: amount,
    expirySeconds: u64,
    height: u64,
  }),
})

/** Entity of `QuoteFreezeRow`. */
export const QuoteFreezeEntity = new EntitySchema<QuoteFreezeRow>({
  name: 'QuoteFreeze',
  tableName: 'quote_freeze',
  columns: snakeCased<QuoteFreezeRow>({
    height: key(u64),
    position: key(count),
    account: text,
    subaccount: count,
    underlying: u64,
    timeNanoseconds,
  }),
})

/** Entity of `SurfaceRow`. */
export const SurfaceEntity = new EntitySchema<SurfaceRow>({
  name: 'Surface',
  tableName: 'surface',
  columns: snakeCased<SurfaceRow>({ asset: key(u64), expiries: u64, height: u64 }),
})
