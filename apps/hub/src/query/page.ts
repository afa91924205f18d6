// One page of the keys below a prefix, for queries that page as the Cosmos SDK's do.
import { PAGE_LIMIT, paginate } from '@causeway/messaging'
import type { Page } from '@causeway/messaging'
import { concatBytes, prefixEnd } from '@causeway/primitives'
import type { PageRequest } from '@causeway/protocol/cosmos/base/query/v1beta1/pagination'
import type { KeyValueReader } from '@causeway/state-tree'

/** Entries of a page at most. */
export const PAGE_MAX = 1_000n

/** A key without the prefix, and its value. */
export type PagedEntry = readonly [key: Uint8Array, value: Uint8Array]

/**
 * Reads the page and one entry more, from its key on; what an offset skips and a total counts is read, too.
 * Throws `ibc/121` when both key and offset are given.
 *
 * DIFFERS FROM SPEC: a limit of 0 is 100 without a total, one above 1,000 counts as 1,000. In the Cosmos SDK
 * a limit of 0 asks for the total, too: whoever fills an account with dust would make it unreadable that way.
 */
export function pageBelow(
  store: KeyValueReader,
  prefix: Uint8Array,
  request: Partial<PageRequest> = {},
): Page<PagedEntry> {
  const { key = new Uint8Array(0), offset = 0n, limit = 0n, countTotal = false, reverse = false } = request
  const size = limit === 0n ? PAGE_LIMIT.default : limit > PAGE_MAX ? PAGE_MAX : limit
  return paginate<PagedEntry>(
    (start, end, isReverse) => below(store, prefix, start, end, isReverse),
    { key, offset, limit: size, countTotal, reverse },
    (entryKey, value) => [entryKey, value],
  )
}

function* below(
  store: KeyValueReader,
  prefix: Uint8Array,
  start: Uint8Array | undefined,
  end: Uint8Array | undefined,
  reverse: boolean,
): Generator<[Uint8Array, Uint8Array]> {
  const from = start === undefined ? prefix : concatBytes(prefix, start)
  const to = end === undefined ? prefixEnd(prefix) : concatBytes(prefix, end)
  for (const [key, value] of store.iterate(from, to, reverse)) yield [key.subarray(prefix.length), value]
}
