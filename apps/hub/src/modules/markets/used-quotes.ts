// Quotes that were taken, until they end: a maker's nonce is good once.
// Store: 0x11 ‖ maker 20 ‖ nonce u64 → seconds u64; 0x12 ‖ seconds ‖ maker ‖ nonce → 0x01.
import { be64, concatBytes, fromBe64 } from '@causeway/primitives'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { Context } from '../../block/context.ts'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import { MARKETS_STORE, PREFIX, PRESENT } from './state.ts'

const DROPPED_MAX = 1_000

/** Whether a maker's quote was taken. */
export function isUsed(store: KeyValueReader, maker: Uint8Array, nonce: bigint): boolean {
  return store.has(usedKey(maker, nonce))
}

/** Notes that a quote is taken; it need not be known once it has ended. */
export function markUsed(store: KeyValueStore, maker: Uint8Array, nonce: bigint, endSeconds: bigint): void {
  store.set(usedKey(maker, nonce), be64(endSeconds))
  store.set(concatBytes(PREFIX.usedQuoteTime, be64(endSeconds), maker, be64(nonce)), PRESENT)
}

/** Forgets quotes that have ended, at most 1,000 a block. */
export function dropUsedQuotes(context: Context): void {
  const store = context.store(MARKETS_STORE)
  const ended: Uint8Array[] = []
  const until = concatBytes(PREFIX.usedQuoteTime, be64(context.timeSeconds))
  for (const [key] of store.iterate(PREFIX.usedQuoteTime, until)) {
    if (ended.length === DROPPED_MAX) break
    ended.push(key)
  }
  for (const key of ended) {
    const maker = key.subarray(9, 9 + ACCOUNT_ID_BYTES)
    store.delete(usedKey(maker, fromBe64(key, 9 + ACCOUNT_ID_BYTES)))
    store.delete(key)
  }
}

function usedKey(maker: Uint8Array, nonce: bigint): Uint8Array {
  return concatBytes(PREFIX.usedQuote, maker, be64(nonce))
}
