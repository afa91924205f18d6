// What was seen of each underlying's index, by minute, for settlement averages.
// Store: 0x0a ‖ underlying ‖ minute → IndexBucket; 0x0b ‖ underlying → IndexSample.
import { be64, concatBytes, fromBe64, prefixEnd } from '@causeway/primitives'
import { IndexBucket as StoredBucket, IndexSample } from '@causeway/protocol/causeway/markets/v1/markets'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { Context } from '../../block/context.ts'
import { decodeOnce } from '../../decode-once.ts'
import type { MarketsPorts } from './ports.ts'
import { SETTLEMENT_WINDOW_SECONDS, addSample, trimHistory } from './pure/settlement.ts'
import type { IndexBucket } from './pure/types.ts'
import { MARKETS_STORE, PREFIX, underlyings } from './state.ts'

const MINUTE_SECONDS = 60n
const storedOf = decodeOnce(StoredBucket.decode)

/** Adds this block's index of each underlying to its history. */
export function observe(context: Context, ports: MarketsPorts): void {
  const store = context.store(MARKETS_STORE)
  for (const { asset } of [...underlyings(store)]) {
    const sample = readSample(store, asset)
    if (sample !== undefined) {
      const last = lastBucket(store, asset)
      const now = addSample(last === undefined ? [] : [last], sample, context.timeNanoseconds)
      for (const bucket of now) writeBucket(store, asset, bucket)
      if (now.length > 1 || last === undefined) trim(context, asset)
    }
    const { priceE9, state } = ports.prices.index(context, asset)
    if (state === 'fresh') writeSample(store, asset, { priceE9, timeNanoseconds: context.timeNanoseconds })
    else store.delete(concatBytes(PREFIX.sample, be64(asset)))
  }
}

/** The history of an underlying, ascending; from a minute on. */
export function history(store: KeyValueReader, asset: bigint, fromMinute = 0n): IndexBucket[] {
  const prefix = concatBytes(PREFIX.bucket, be64(asset))
  const start = concatBytes(prefix, be64(fromMinute))
  return [...store.iterate(start, prefixEnd(prefix))].map(([key, value]) => bucketOf(key, value))
}

/** What is fixed of an expiry's settlement average. */
export function observedIndex(
  store: KeyValueReader,
  asset: bigint,
  expirySeconds: bigint,
): { readonly sum: bigint; readonly coveredNanoseconds: bigint } {
  const [from, to] = [
    (expirySeconds - SETTLEMENT_WINDOW_SECONDS) / MINUTE_SECONDS,
    expirySeconds / MINUTE_SECONDS,
  ]
  let [sum, coveredNanoseconds] = [0n, 0n]
  for (const bucket of history(store, asset, from)) {
    if (bucket.minute >= to) continue
    sum += bucket.sum
    coveredNanoseconds += bucket.coveredNanoseconds
  }
  return { sum, coveredNanoseconds }
}

/** Writes a bucket of an underlying. */
export function writeBucket(store: KeyValueStore, asset: bigint, bucket: IndexBucket): void {
  const { minute, sum, coveredNanoseconds } = bucket
  const key = concatBytes(PREFIX.bucket, be64(asset), be64(minute))
  store.set(key, StoredBucket.encode({ sum: sum.toString(), coveredNanoseconds }).finish())
}

/** The last fresh index of an underlying, if the newest block had one. */
export function readSample(store: KeyValueReader, asset: bigint): IndexSample | undefined {
  const bytes = store.get(concatBytes(PREFIX.sample, be64(asset)))
  return bytes === undefined ? undefined : IndexSample.decode(bytes)
}

/** Writes the last fresh index of an underlying. */
export function writeSample(store: KeyValueStore, asset: bigint, sample: IndexSample): void {
  store.set(concatBytes(PREFIX.sample, be64(asset)), IndexSample.encode(sample).finish())
}

function lastBucket(store: KeyValueReader, asset: bigint): IndexBucket | undefined {
  const prefix = concatBytes(PREFIX.bucket, be64(asset))
  for (const [key, value] of store.iterate(prefix, prefixEnd(prefix), true)) return bucketOf(key, value)
  return undefined
}

/** Once a minute: what no settlement needs. A settlement may look for what it needs for six hours. */
function trim(context: Context, asset: bigint): void {
  const store = context.store(MARKETS_STORE)
  const all = history(store, asset)
  const since = context.timeSeconds - 25_200n
  const kept = trimHistory(all, since - (since % MINUTE_SECONDS))
  for (const { minute } of all.slice(0, all.length - kept.length))
    store.delete(concatBytes(PREFIX.bucket, be64(asset), be64(minute)))
}

function bucketOf(key: Uint8Array, value: Uint8Array): IndexBucket {
  const { sum, coveredNanoseconds } = storedOf(value)
  return { minute: fromBe64(key, 9), sum: BigInt(sum), coveredNanoseconds }
}
