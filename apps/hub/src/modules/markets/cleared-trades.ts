// Trades of venues that were cleared: each once, for as long as one could come again by mistake. A packet is
// received once and lives a day at most; a venue that means harm gives its trade another id, and is held by
// its grants alone.
// Store: 0x10 ‖ client ‖ 0x00 ‖ trade 32 → 0x01; 0x17 ‖ seconds ‖ client ‖ 0x00 ‖ trade 32 → 0x01.
import { be64, concatBytes, utf8 } from '@causeway/primitives'
import type { KeyValueReader } from '@causeway/state-tree'
import type { Context } from '../../block/context.ts'
import { MARKETS_STORE, PREFIX, PRESENT } from './state.ts'

/** A trade's id is known for so long, 30 days. */
export const CLEARED_SECONDS = 2_592_000n
const DROPPED_MAX = 1_000
const TIME_KEY_BYTES = 9

/** Whether a venue's trade was cleared within the last 30 days. */
export function isCleared(store: KeyValueReader, client: string, tradeId: Uint8Array): boolean {
  return store.has(concatBytes(PREFIX.clearedTrade, nameOf(client, tradeId)))
}

/** Notes that a venue's trade is cleared. */
export function markCleared(context: Context, client: string, tradeId: Uint8Array): void {
  const store = context.store(MARKETS_STORE)
  const name = nameOf(client, tradeId)
  store.set(concatBytes(PREFIX.clearedTrade, name), PRESENT)
  store.set(concatBytes(PREFIX.clearedTime, be64(context.timeSeconds), name), PRESENT)
}

/** Forgets trades that were cleared 30 days ago, at most 1,000 a block. */
export function dropCleared(context: Context): void {
  if (context.timeSeconds < CLEARED_SECONDS) return
  const store = context.store(MARKETS_STORE)
  const until = concatBytes(PREFIX.clearedTime, be64(context.timeSeconds - CLEARED_SECONDS))
  const ended: Uint8Array[] = []
  for (const [key] of store.iterate(PREFIX.clearedTime, until)) {
    if (ended.length === DROPPED_MAX) break
    ended.push(key)
  }
  for (const key of ended) {
    store.delete(concatBytes(PREFIX.clearedTrade, key.subarray(TIME_KEY_BYTES)))
    store.delete(key)
  }
}

function nameOf(client: string, tradeId: Uint8Array): Uint8Array {
  return concatBytes(utf8(`${client}\0`), tradeId)
}
