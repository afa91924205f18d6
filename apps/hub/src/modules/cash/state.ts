// Store `cash`:
//   0x01 → Pool
//   0x02 ‖ account 20 ‖ BE16 subaccount → CashAccount
//   0x03 ‖ BE64 asset → PooledAsset
//   0x04 → Params
//   0x05 ‖ BE64 line ‖ BE64 id → Withdrawal     0x06 → id of the next     0x07 ‖ BE64 id → BE64 line
//   0x08 ‖ BE64 line ‖ account 20 → Outflow, while withdrawals of the line wait
// Debtors, 0x09 and 0x0a: debtors.ts.
import { assert, be64, concatBytes, fromBe16, fromBe64, prefixEnd } from '@causeway/primitives'
import { encodeMessage } from '@causeway/protocol'
import { CashAccount, Params, Pool, PooledAsset, Withdrawal } from '@causeway/protocol/causeway/cash/v1/cash'
import { Outflow } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { decodeOnce } from '../../decode-once.ts'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { EMPTY_POOL } from './pool.ts'
import type { CashPool } from './pool.ts'

/** Name of the store. */
export const CASH_STORE = 'cash'

const PREFIX = {
  pool: Uint8Array.of(1),
  account: Uint8Array.of(2),
  asset: Uint8Array.of(3),
  params: Uint8Array.of(4),
  withdrawal: Uint8Array.of(5),
  nextWithdrawal: Uint8Array.of(6),
  lineOf: Uint8Array.of(7),
  share: Uint8Array.of(8),
} as const

/** Cash that can't be redeemed or moved before a time. */
export interface CashLock {
  readonly untilSeconds: bigint
  readonly amountE6: bigint
}

/** One subaccount's cash. */
export interface CashRecord {
  readonly shares: bigint
  /** Ascending by time. */
  readonly locks: readonly CashLock[]
}

const NO_CASH: CashRecord = { shares: 0n, locks: [] }

/** All cash of the zone. */
export function readPool(store: KeyValueReader): CashPool {
  const bytes = store.get(PREFIX.pool)
  return bytes === undefined ? EMPTY_POOL : poolOf(bytes)
}

const poolOf = decodeOnce((bytes: Uint8Array): CashPool => {
  const pool = Pool.decode(bytes)
  return {
    debtIndex: BigInt(pool.debtIndex),
    creditIndex: BigInt(pool.creditIndex),
    debtShares: BigInt(pool.debtShares),
    creditShares: BigInt(pool.creditShares),
    parE6: BigInt(pool.parE6),
    idleE6: BigInt(pool.idleE6),
  }
})

/** Writes all cash of the zone. */
export function writePool(store: KeyValueStore, pool: CashPool): void {
  store.set(PREFIX.pool, encodeMessage(Pool, poolMessage(pool)))
}

/** The pool as a message. */
export function poolMessage(pool: CashPool): Pool {
  return {
    debtIndex: pool.debtIndex.toString(),
    creditIndex: pool.creditIndex.toString(),
    debtShares: pool.debtShares.toString(),
    creditShares: pool.creditShares.toString(),
    parE6: pool.parE6.toString(),
    idleE6: pool.idleE6.toString(),
  }
}

/** One subaccount's cash. */
export function readCash(store: KeyValueReader, holder: Holder): CashRecord {
  const bytes = store.get(accountKey(holder))
  return bytes === undefined ? NO_CASH : recordOf(bytes)
}

/** Writes one subaccount's cash; nothing is no key. */
export function writeCash(store: KeyValueStore, holder: Holder, record: CashRecord): void {
  const key = accountKey(holder)
  const { shares, locks } = record
  if (shares === 0n && locks.length === 0) {
    store.delete(key)
    return
  }
  const message = {
    shares: shares.toString(),
    locks: locks.map(({ untilSeconds, amountE6 }) => ({ untilSeconds, amountE6: amountE6.toString() })),
  }
  const bytes = encodeMessage(CashAccount, message)
  recordOf.remember(bytes, record)
  store.set(key, bytes)
}

/** Everybody's cash, or that of one account; ascending by account and subaccount. */
export function* cashAccounts(
  store: KeyValueReader,
  account: Uint8Array = new Uint8Array(0),
): Iterable<readonly [Holder, CashRecord]> {
  const prefix = concatBytes(PREFIX.account, account)
  for (const [key, value] of store.iterate(prefix, prefixEnd(prefix))) {
    const owner = key.slice(1, 1 + ACCOUNT_ID_BYTES)
    yield [{ account: owner, subaccount: fromBe16(key, 1 + ACCOUNT_ID_BYTES) }, recordOf(value)]
  }
}

/** An asset that converts, or did. */
export function readPooled(store: KeyValueReader, asset: bigint): PooledAsset | undefined {
  const bytes = store.get(concatBytes(PREFIX.asset, be64(asset)))
  return bytes === undefined ? undefined : PooledAsset.decode(bytes)
}

/** Writes one. */
export function writePooled(store: KeyValueStore, pooled: PooledAsset): void {
  store.set(concatBytes(PREFIX.asset, be64(pooled.asset)), PooledAsset.encode(pooled).finish())
}

/** All of them, ascending by asset. */
export function pooledAssets(store: KeyValueReader): PooledAsset[] {
  return [...store.iterate(PREFIX.asset, prefixEnd(PREFIX.asset))].map(([, value]) =>
    PooledAsset.decode(value),
  )
}

/** The parameters; genesis writes them. */
export function readParams(store: KeyValueReader): Params {
  const bytes = store.get(PREFIX.params)
  assert(bytes !== undefined, 'the parameters of cash are written at genesis')
  return Params.decode(bytes)
}

/** Writes the parameters. */
export function writeParams(store: KeyValueStore, params: Params): void {
  store.set(PREFIX.params, Params.encode(params).finish())
}

/** The withdrawal that waits under this id. */
export function findWithdrawal(store: KeyValueReader, id: bigint): Withdrawal | undefined {
  const line = store.get(concatBytes(PREFIX.lineOf, be64(id)))
  if (line === undefined) return undefined
  const bytes = store.get(concatBytes(PREFIX.withdrawal, line, be64(id)))
  assert(bytes !== undefined, 'a line names withdrawals that wait')
  return Withdrawal.decode(bytes)
}

/** Writes a withdrawal that waits. */
export function writeWithdrawal(store: KeyValueStore, withdrawal: Withdrawal): void {
  const { id, line } = withdrawal
  store.set(concatBytes(PREFIX.withdrawal, be64(line), be64(id)), Withdrawal.encode(withdrawal).finish())
  store.set(concatBytes(PREFIX.lineOf, be64(id)), be64(line))
}

/** Deletes one; with the last of a line go the accounts' parts of its window. */
export function deleteWithdrawal(store: KeyValueStore, { id, line }: Withdrawal): void {
  store.delete(concatBytes(PREFIX.withdrawal, be64(line), be64(id)))
  store.delete(concatBytes(PREFIX.lineOf, be64(id)))
  if (isWaiting(store, line)) return
  const prefix = concatBytes(PREFIX.share, be64(line))
  for (const [key] of [...store.iterate(prefix, prefixEnd(prefix))]) store.delete(key)
}

/** Whether withdrawals over a line wait. */
export function isWaiting(store: KeyValueReader, line: bigint): boolean {
  for (const _ of withdrawals(store, line)) return true
  return false
}

/** What waits, all or over one line; ascending by line and id. */
export function* withdrawals(store: KeyValueReader, line?: bigint): Iterable<Withdrawal> {
  const prefix = line === undefined ? PREFIX.withdrawal : concatBytes(PREFIX.withdrawal, be64(line))
  for (const [, value] of store.iterate(prefix, prefixEnd(prefix))) yield Withdrawal.decode(value)
}

/** Lines over which withdrawals wait, ascending. */
export function waitingLines(store: KeyValueReader): bigint[] {
  const lines: bigint[] = []
  let start: Uint8Array = PREFIX.withdrawal
  const end = prefixEnd(PREFIX.withdrawal)
  for (;;) {
    const next = firstKey(store, start, end)
    if (next === undefined) return lines
    const line = fromBe64(next, 1)
    lines.push(line)
    start = concatBytes(PREFIX.withdrawal, be64(line + 1n))
  }
}

/** The id of the next withdrawal that waits; counts from 1. */
export function takeWithdrawalId(store: KeyValueStore): bigint {
  const id = readNextWithdrawal(store)
  writeNextWithdrawal(store, id + 1n)
  return id
}

/** The id that the next withdrawal gets. */
export function readNextWithdrawal(store: KeyValueReader): bigint {
  const bytes = store.get(PREFIX.nextWithdrawal)
  return bytes === undefined ? 1n : fromBe64(bytes)
}

/** Sets it. */
export function writeNextWithdrawal(store: KeyValueStore, id: bigint): void {
  store.set(PREFIX.nextWithdrawal, be64(id))
}

/** What an account has taken out of a line's window while others wait. */
export function readShare(store: KeyValueReader, line: bigint, account: Uint8Array): Outflow {
  const bytes = store.get(concatBytes(PREFIX.share, be64(line), account))
  return bytes === undefined ? { buckets: [] } : Outflow.decode(bytes)
}

/** Writes it. */
export function writeShare(store: KeyValueStore, line: bigint, account: Uint8Array, share: Outflow): void {
  store.set(concatBytes(PREFIX.share, be64(line), account), Outflow.encode(share).finish())
}

const recordOf = decodeOnce((bytes: Uint8Array): CashRecord => {
  const { shares, locks } = CashAccount.decode(bytes)
  return {
    shares: BigInt(shares),
    locks: locks.map(({ untilSeconds, amountE6 }) => ({ untilSeconds, amountE6: BigInt(amountE6) })),
  }
})

function firstKey(store: KeyValueReader, start: Uint8Array, end: Uint8Array | undefined) {
  for (const [key] of store.iterate(start, end)) return key
  return undefined
}

/** In one allocation: it is made several times a trade. */
function accountKey({ account, subaccount }: Holder): Uint8Array {
  const key = new Uint8Array(account.length + 3)
  key[0] = PREFIX.account[0]!
  key.set(account, 1)
  key[account.length + 1] = subaccount >> 8
  key[account.length + 2] = subaccount
  return key
}
