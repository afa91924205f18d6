// Store `oracle`: 0x01 ‖ BE64 asset → Feed.
import { assert, be64, concatBytes, prefixEnd } from '@causeway/primitives'
import { Feed } from '@causeway/protocol/causeway/oracle/v1/oracle'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'

/** Name of the store. */
export const ORACLE_STORE = 'oracle'

const FEED_PREFIX = Uint8Array.of(1)

/** All feeds, ascending by asset. */
export function feeds(store: KeyValueReader): Feed[] {
  return [...store.iterate(FEED_PREFIX, prefixEnd(FEED_PREFIX))].map(([, value]) => Feed.decode(value))
}

/** The feed of an asset, if the oracle prices it. */
export function readFeed(store: KeyValueReader, asset: bigint): Feed | undefined {
  const bytes = store.get(concatBytes(FEED_PREFIX, be64(asset)))
  return bytes === undefined ? undefined : Feed.decode(bytes)
}

/** Writes a feed. */
export function writeFeed(store: KeyValueStore, feed: Feed): void {
  assert(feed.asset > 0n, 'a feed names its asset')
  store.set(concatBytes(FEED_PREFIX, be64(feed.asset)), Feed.encode(feed).finish())
}
