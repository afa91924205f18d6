// What is leaving, in store `staking`. The release height is the first at which the stake votes no more.
//   0x09 ‖ operator ‖ BE64 release → UnbondingPool
//   0x0a ‖ delegator ‖ BE64 release ‖ operator → shares of the pool, decimal text
//   0x0b ‖ BE64 release ‖ operator ‖ delegator → 0x01: who is paid when its time has come
//   0x0c ‖ BE64 release → 0x01, until that height; then
//   0x0d ‖ BE64 completion seconds ‖ BE64 release → 0x01, until all are paid
import { be64, concatBytes, fromBe64, fromUtf8, prefixEnd, utf8 } from '@causeway/primitives'
import { UnbondingPool } from '@causeway/protocol/causeway/staking/v1/staking'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { Pool } from './pool.ts'

/** Part of what leaves a validator at one height. */
export interface UnbondingKey {
  readonly operator: Uint8Array
  readonly releaseHeight: bigint
}

/** One account's part of it. */
export interface UnbondingEntry extends UnbondingKey {
  readonly delegator: Uint8Array
  readonly shares: bigint
}

const POOL_PREFIX = Uint8Array.of(9)
const ENTRY_PREFIX = Uint8Array.of(0x0a)
const PAYEE_PREFIX = Uint8Array.of(0x0b)
const UNRELEASED_PREFIX = Uint8Array.of(0x0c)
const MATURING_PREFIX = Uint8Array.of(0x0d)
const PRESENT = Uint8Array.of(1)
const EMPTY_POOL: Pool = { tokens: 0n, shares: 0n }
const ADDRESS_BYTES = 20

/** What leaves a validator at a height; an empty pool when nothing does. */
export function readPool(store: KeyValueReader, { operator, releaseHeight }: UnbondingKey): Pool {
  const bytes = store.get(concatBytes(POOL_PREFIX, operator, be64(releaseHeight)))
  return bytes === undefined ? EMPTY_POOL : poolOf(bytes)
}

/** Writes what leaves a validator at a height; without shares it goes. */
export function writePool(store: KeyValueStore, { operator, releaseHeight }: UnbondingKey, pool: Pool): void {
  const key = concatBytes(POOL_PREFIX, operator, be64(releaseHeight))
  if (pool.shares === 0n) return store.delete(key)
  const texts = { tokens: pool.tokens.toString(), shares: pool.shares.toString() }
  store.set(key, UnbondingPool.encode(texts).finish())
}

/** What leaves one validator above a height, or all pools; ascending by operator, height. */
export function* pools(
  store: KeyValueReader,
  operator: Uint8Array = new Uint8Array(0),
  aboveHeight?: bigint,
): Iterable<UnbondingKey & Pool> {
  const prefix = concatBytes(POOL_PREFIX, operator)
  const start = aboveHeight === undefined ? prefix : concatBytes(prefix, be64(aboveHeight + 1n))
  for (const [key, value] of store.iterate(start, prefixEnd(prefix))) {
    const names = {
      operator: key.slice(1, 1 + ADDRESS_BYTES),
      releaseHeight: fromBe64(key, 1 + ADDRESS_BYTES),
    }
    yield { ...names, ...poolOf(value) }
  }
}

/** Shares that an account has of what leaves a validator at a height. */
export function readEntryShares(
  store: KeyValueReader,
  delegator: Uint8Array,
  { operator, releaseHeight }: UnbondingKey,
): bigint {
  const bytes = store.get(concatBytes(ENTRY_PREFIX, delegator, be64(releaseHeight), operator))
  return bytes === undefined ? 0n : BigInt(fromUtf8(bytes))
}

/** Writes an account's part; without shares it goes. */
export function writeEntry(store: KeyValueStore, entry: UnbondingEntry): void {
  const { delegator, operator, shares } = entry
  const release = be64(entry.releaseHeight)
  const key = concatBytes(ENTRY_PREFIX, delegator, release, operator)
  const payee = concatBytes(PAYEE_PREFIX, release, operator, delegator)
  if (shares === 0n) {
    store.delete(key)
    return store.delete(payee)
  }
  store.set(key, utf8(shares.toString()))
  store.set(payee, PRESENT)
}

/** What accounts wait for, or one account; ascending by delegator, height, operator. */
export function* entries(
  store: KeyValueReader,
  delegator: Uint8Array = new Uint8Array(0),
): Iterable<UnbondingEntry> {
  const prefix = concatBytes(ENTRY_PREFIX, delegator)
  for (const [key, value] of store.iterate(prefix, prefixEnd(prefix))) {
    yield {
      delegator: key.slice(1, 1 + ADDRESS_BYTES),
      releaseHeight: fromBe64(key, 1 + ADDRESS_BYTES),
      operator: key.slice(9 + ADDRESS_BYTES),
      shares: BigInt(fromUtf8(value)),
    }
  }
}

/** Who is paid of what was released at a height; ascending by operator, delegator. */
export function* payees(
  store: KeyValueReader,
  releaseHeight: bigint,
): Iterable<Pick<UnbondingEntry, 'operator' | 'delegator'>> {
  const prefix = concatBytes(PAYEE_PREFIX, be64(releaseHeight))
  for (const [key] of store.iterate(prefix, prefixEnd(prefix)))
    yield { operator: key.slice(9, 9 + ADDRESS_BYTES), delegator: key.slice(9 + ADDRESS_BYTES) }
}

/** Notes that something is released at a height. */
export function markUnreleased(store: KeyValueStore, releaseHeight: bigint): void {
  const key = concatBytes(UNRELEASED_PREFIX, be64(releaseHeight))
  if (!store.has(key)) store.set(key, PRESENT)
}

/** Heights up to one at which something waits to be released, ascending. */
export function unreleased(store: KeyValueReader, height: bigint): bigint[] {
  const end = concatBytes(UNRELEASED_PREFIX, be64(height + 1n))
  return [...store.iterate(UNRELEASED_PREFIX, end)].map(([key]) => fromBe64(key, 1))
}

/** Gives what was released at a height its time. */
export function setCompletion(store: KeyValueStore, releaseHeight: bigint, completionSeconds: bigint): void {
  store.delete(concatBytes(UNRELEASED_PREFIX, be64(releaseHeight)))
  store.set(concatBytes(MATURING_PREFIX, be64(completionSeconds), be64(releaseHeight)), PRESENT)
}

/** What was released, with the time at which it is paid; ascending by time, up to one when it is given. */
export function* maturing(
  store: KeyValueReader,
  untilSeconds?: bigint,
): Iterable<{ readonly completionSeconds: bigint; readonly releaseHeight: bigint }> {
  const end =
    untilSeconds === undefined
      ? prefixEnd(MATURING_PREFIX)
      : concatBytes(MATURING_PREFIX, be64(untilSeconds + 1n))
  for (const [key] of store.iterate(MATURING_PREFIX, end))
    yield { completionSeconds: fromBe64(key, 1), releaseHeight: fromBe64(key, 9) }
}

/** Forgets what has been paid. */
export function deleteMaturing(
  store: KeyValueStore,
  { completionSeconds, releaseHeight }: { completionSeconds: bigint; releaseHeight: bigint },
): void {
  store.delete(concatBytes(MATURING_PREFIX, be64(completionSeconds), be64(releaseHeight)))
}

function poolOf(bytes: Uint8Array): Pool {
  const { tokens, shares } = UnbondingPool.decode(bytes)
  return { tokens: BigInt(tokens), shares: BigInt(shares) }
}
