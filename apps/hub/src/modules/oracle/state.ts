// Store `oracle`: 0x01 ‖ BE64 asset → Feed; 0x02 ‖ BE64 asset → Surface.
import { assert, be64, concatBytes, prefixEnd } from '@causeway/primitives'
import { Feed, Surface } from '@causeway/protocol/causeway/oracle/v1/oracle'
import { decodeOnce } from '../../decode-once.ts'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'

const feedOf = decodeOnce(Feed.decode)
const surfaceOf = decodeOnce(Surface.decode)

/** Name of the store. */
export const ORACLE_STORE = 'oracle'

const FEED_PREFIX = Uint8Array.of(1)
const SURFACE_PREFIX = Uint8Array.of(2)

/** All feeds, ascending by asset. */
export function feeds(store: KeyValueReader): Feed[] {
  return [...store.iterate(FEED_PREFIX, prefixEnd(FEED_PREFIX))].map(([, value]) => feedOf(value))
}

/** The feed of an asset, if the oracle prices it. */
export function readFeed(store: KeyValueReader, asset: bigint): Feed | undefined {
  const bytes = store.get(concatBytes(FEED_PREFIX, be64(asset)))
  return bytes === undefined ? undefined : feedOf(bytes)
}

/** Writes a feed. */
export function writeFeed(store: KeyValueStore, feed: Feed): void {
  assert(feed.asset > 0n, 'a feed names its asset')
  store.set(concatBytes(FEED_PREFIX, be64(feed.asset)), Feed.encode(feed).finish())
}

/** The surface of an underlying that was accepted last. */
export function readSurface(store: KeyValueReader, asset: bigint): Surface | undefined {
  const bytes = store.get(concatBytes(SURFACE_PREFIX, be64(asset)))
  return bytes === undefined ? undefined : surfaceOf(bytes)
}

/** Writes a surface. */
export function writeSurface(store: KeyValueStore, surface: Surface): void {
  store.set(concatBytes(SURFACE_PREFIX, be64(surface.asset)), Surface.encode(surface).finish())
}

/** All surfaces, ascending by underlying. */
export function surfaces(store: KeyValueReader): Surface[] {
  return [...store.iterate(SURFACE_PREFIX, prefixEnd(SURFACE_PREFIX))].map(([, value]) => surfaceOf(value))
}
