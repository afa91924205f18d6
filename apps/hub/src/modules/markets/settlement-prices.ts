// What expiries were settled at, for 30 days. Store: 0x13 ‖ underlying ‖ expiry → settlement price u64.
import { be64, concatBytes, fromBe64, prefixEnd } from '@causeway/primitives'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { PREFIX } from './state.ts'

/** A settlement price is kept for so long after its expiry, 30 days. */
export const PRICE_KEPT_SECONDS = 2_592_000n

/** Settlement price of an expiry, once it is known. */
export function readSettlementPrice(
  store: KeyValueReader,
  underlying: bigint,
  expirySeconds: bigint,
): bigint | undefined {
  const bytes = store.get(concatBytes(PREFIX.settlementPrice, be64(underlying), be64(expirySeconds)))
  return bytes && fromBe64(bytes)
}

/** Fixes the settlement price of an expiry. */
export function writeSettlementPrice(
  store: KeyValueStore,
  settlement: { readonly underlying: bigint; readonly expirySeconds: bigint; readonly priceE9: bigint },
): void {
  const { underlying, expirySeconds, priceE9 } = settlement
  store.set(concatBytes(PREFIX.settlementPrice, be64(underlying), be64(expirySeconds)), be64(priceE9))
}

/** Expiries of an underlying before a time that have a price, ascending. */
export function* settlementPricesUntil(store: KeyValueReader, underlying: bigint, seconds: bigint) {
  const prefix = concatBytes(PREFIX.settlementPrice, be64(underlying))
  if (seconds <= 0n) return
  for (const [key] of store.iterate(prefix, concatBytes(prefix, be64(seconds)))) yield fromBe64(key, 9)
}

/** Forgets a settlement price. */
export function deleteSettlementPrice(store: KeyValueStore, underlying: bigint, expirySeconds: bigint): void {
  store.delete(concatBytes(PREFIX.settlementPrice, be64(underlying), be64(expirySeconds)))
}

/** All settlement prices, ascending by underlying and expiry. */
export function* settlementPrices(store: KeyValueReader) {
  for (const [key, value] of store.iterate(PREFIX.settlementPrice, prefixEnd(PREFIX.settlementPrice)))
    yield { underlying: fromBe64(key, 1), expirySeconds: fromBe64(key, 9), priceE9: fromBe64(value) }
}
