import { EMPTY_BYTES, concatBytes } from '@causeway/primitives'
import type { PageRequest, PageResponse } from '@causeway/protocol/cosmos/base/query/v1beta1/pagination'
import { errors } from '../errors.ts'

/** Items of a page when the request names no limit, and the most it may name. The next key leads on. */
export const PAGE_LIMIT = { default: 100n, max: 10_000n } as const

/** Walks keys in [start, end) relative to what is paged. */
export type Walk = (
  start: Uint8Array | undefined,
  end: Uint8Array | undefined,
  reverse: boolean,
) => Iterable<[Uint8Array, Uint8Array]>

/** One page of a key space: by `key` or by `offset`. */
export interface Page<Item> {
  readonly items: Item[]
  readonly pagination: PageResponse
}

/**
 * * Reads one page as the Cosmos SDK does; entries for which `read` answers nothing are passed over. Throws
 * `ibc/121` when both key and offset are given. Spec: cosmos-sdk v0.53 `types/query`.
 *
 * DIFFERS FROM SPEC: a limit above 10,000 counts as 10,000.
 */
export function paginate<Item>(
  walk: Walk,
  request: PageRequest | undefined,
  read: (key: Uint8Array, value: Uint8Array) => Item | undefined,
): Page<Item> {
  const { key = EMPTY_BYTES, offset = 0n, limit = 0n, countTotal = false, reverse = false } = request ?? {}
  if (offset > 0n && key.length > 0)
    throw errors.invalidRequest({ reason: 'key and offset exclude each other' })
  const size = limit === 0n ? PAGE_LIMIT.default : limit > PAGE_LIMIT.max ? PAGE_LIMIT.max : limit
  if (key.length > 0) return pageFromKey(walk, key, reverse, size, read)
  return pageFromOffset(walk(undefined, undefined, reverse), offset, size, countTotal || limit === 0n, read)
}

function pageFromKey<Item>(
  walk: Walk,
  key: Uint8Array,
  reverse: boolean,
  size: bigint,
  read: (key: Uint8Array, value: Uint8Array) => Item | undefined,
): Page<Item> {
  const items: Item[] = []
  const justAfter = concatBytes(key, Uint8Array.of(0))
  const entries = reverse ? walk(undefined, justAfter, true) : walk(key, undefined, false)
  for (const [entryKey, value] of entries) {
    if (BigInt(items.length) === size) return { items, pagination: { nextKey: entryKey.slice(), total: 0n } }
    const item = read(entryKey, value)
    if (item !== undefined) items.push(item)
  }
  return { items, pagination: { nextKey: EMPTY_BYTES, total: 0n } }
}

function pageFromOffset<Item>(
  entries: Iterable<[Uint8Array, Uint8Array]>,
  offset: bigint,
  size: bigint,
  countTotal: boolean,
  read: (key: Uint8Array, value: Uint8Array) => Item | undefined,
): Page<Item> {
  const items: Item[] = []
  const end = offset + size
  let count = 0n
  let nextKey: Uint8Array | undefined
  for (const [key, value] of entries) {
    const item = read(key, value)
    if (item === undefined) continue
    count += 1n
    if (count > offset && count <= end) items.push(item)
    if (count > end) nextKey ??= key.slice()
    if (count > end && !countTotal) break
  }
  return { items, pagination: { nextKey: nextKey ?? EMPTY_BYTES, total: countTotal ? count : 0n } }
}
