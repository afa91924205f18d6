import { fromHex, isProtocolError, prefixEnd } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { BlockStore } from '../store/block-store.ts'
import type { EventIndex, TxPlace } from './event-index.ts'
import { COMPOSITE_LENGTH_MAX, compositePrefix, decodePosting, postingKey } from './index-keys.ts'
import type { IndexKind, Posting } from './index-keys.ts'
import { compareDecimals, parseDecimal } from './decimal.ts'
import { matchesValue } from './match.ts'
import type { Condition, Query } from './query.ts'

/** Most index entries, transactions or blocks that one search goes through. */
export const SEARCH_ENTRIES_MAX = 100_000

/** What a search reads. */
export interface Searched {
  readonly index: EventIndex
  readonly store: BlockStore
  readonly lastHeight: bigint
}

interface Heights {
  readonly low: bigint
  readonly high: bigint
}

/**
 * Transactions for which all conditions hold, within one and the same event for those on attributes, as
 * CometBFT 0.38 has it; ascending. Throws `engine/82`.
 */
export function searchTxs(searched: Searched, query: Query): TxPlace[] {
  const byHash = query.find(({ tag }) => tag === 'tx.hash')
  if (byHash) return findByHash(searched, byHash)
  const heights = heightBounds(searched, query, 'tx.height')
  const conditions = query.filter(({ tag }) => tag !== 'tx.height')
  if (conditions.length === 0) return allTxs(searched, heights)
  const places = searchEvents(searched, 'tx', conditions, heights)
  const unique = new Map(places.map((place) => [`${place.height}/${place.index}`, place]))
  return [...unique.values()].sort(byPlace)
}

/** Heights of blocks whose events fulfil all conditions; ascending. Throws `engine/82`. */
export function searchBlocks(searched: Searched, query: Query): bigint[] {
  const heights = heightBounds(searched, query, 'block.height')
  const conditions = query.filter(({ tag }) => tag !== 'block.height')
  if (conditions.length > 0) {
    const found = searchEvents(searched, 'block', conditions, heights).map(({ height }) => height)
    return [...new Set(found)].sort((a, b) => (a < b ? -1 : 1))
  }
  const count = heights.high - heights.low + 1n
  if (count > BigInt(SEARCH_ENTRIES_MAX)) throw errors.queryTooWide({ max: SEARCH_ENTRIES_MAX })
  return Array.from({ length: count > 0n ? Number(count) : 0 }, (_, i) => heights.low + BigInt(i))
}

function findByHash({ index, store }: Searched, { operand }: Condition): TxPlace[] {
  try {
    const place = index.find(fromHex(operand?.text ?? ''))
    return place && place.height >= store.base ? [place] : []
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.badQuery({ offset: 0, reason: 'tx.hash is no hash' })
  }
}

/** The heights that conditions on the height leave. */
function heightBounds({ store, lastHeight }: Searched, query: Query, tag: string): Heights {
  let low = store.base
  let high = lastHeight
  for (const { operator, operand } of query.filter((condition) => condition.tag === tag)) {
    if (operand?.kind !== 'number') continue
    const scale = 10n ** BigInt(operand.number.scale)
    const floor = operand.number.units / scale
    const isWhole = operand.number.units % scale === 0n
    const least = operator === '>' ? floor + 1n : isWhole ? floor : floor + 1n
    const most = operator === '<' && isWhole ? floor - 1n : floor
    if (operator === '>' || operator === '>=' || operator === '=') low = least > low ? least : low
    if (operator === '<' || operator === '<=' || operator === '=') high = most < high ? most : high
  }
  return { low, high }
}

function allTxs({ store }: Searched, { low, high }: Heights): TxPlace[] {
  if (high - low > BigInt(SEARCH_ENTRIES_MAX)) throw errors.queryTooWide({ max: SEARCH_ENTRIES_MAX })
  const places: TxPlace[] = []
  for (let height = low; height <= high; height++) {
    const count = Number(store.meta(height)?.numTxs ?? 0n)
    if (places.length + count > SEARCH_ENTRIES_MAX) throw errors.queryTooWide({ max: SEARCH_ENTRIES_MAX })
    for (let index = 0; index < count; index++) places.push({ height, index })
  }
  return places
}

/** Places of events, by `height/index/event`. */
type Found = Map<string, TxPlace>

/** Events for which every condition holds. */
function searchEvents(
  searched: Searched,
  kind: IndexKind,
  conditions: readonly Condition[],
  heights: Heights,
): TxPlace[] {
  const lookUp: LookUp = { index: searched.index, kind, heights, budget: SEARCH_ENTRIES_MAX }
  const isEquality = ({ operator, operand }: Condition) => operator === '=' && operand !== undefined
  let found = equalities(lookUp, conditions.filter(isEquality))
  for (const condition of conditions.filter((one) => !isEquality(one))) {
    if (found?.size === 0) break
    found = keep(postingsOf(lookUp, condition), found)
  }
  return [...(found ?? new Map<string, TxPlace>()).values()]
}

interface LookUp {
  readonly index: EventIndex
  readonly kind: IndexKind
  readonly heights: Heights
  /** Entries that may still be read. */
  budget: number
}

/**
 * Events for which all equalities hold. The rarest value is read whole, the others only at its heights: a
 * packet is found by its client and sequence however many packets its client has had.
 */
function equalities(lookUp: LookUp, conditions: readonly Condition[]): Found | undefined {
  if (conditions.length === 0) return undefined
  const rarest = rarestOf(lookUp, conditions)
  let found = keep(rarest.postings, undefined)
  for (const condition of conditions) {
    if (condition === rarest.condition || found.size === 0) continue
    found = keep(postingsAt(lookUp, condition, found), found)
  }
  return found
}

/** The condition with the fewest places, and its postings: all are read a little, then more of each. */
function rarestOf(
  lookUp: LookUp,
  conditions: readonly Condition[],
): { readonly condition: Condition; readonly postings: readonly Posting[] } {
  for (let limit = 64; ; limit = Math.min(limit * 16, SEARCH_ENTRIES_MAX)) {
    const complete = conditions
      .map((condition) => ({ condition, entries: entriesOf(lookUp, condition, limit + 1) }))
      .filter(({ entries }) => entries.length <= limit)
      .map((one) => ({ ...one, bytes: one.entries.reduce((sum, [, record]) => sum + record.length, 0) }))
      .sort((a, b) => a.bytes - b.bytes)
    const [rarest] = complete
    if (rarest !== undefined) {
      lookUp.budget -= rarest.entries.length
      return { condition: rarest.condition, postings: decoded(lookUp, rarest.condition, rarest.entries) }
    }
    if (limit === SEARCH_ENTRIES_MAX) throw errors.queryTooWide({ max: SEARCH_ENTRIES_MAX })
  }
}

/** What an equality has at the heights that are found already. */
function postingsAt({ index, kind, heights }: LookUp, condition: Condition, found: Found): Posting[] {
  const wanted = new Set([...found.values()].map(({ height }) => height))
  return [...wanted].flatMap((height) => {
    const [key] = keysOf(kind, condition, height, height)
    const record = index.get(key)
    return record === undefined ? [] : decoded({ heights }, condition, [[key, record]])
  })
}

function postingsOf(lookUp: LookUp, condition: Condition): Posting[] {
  const entries = entriesOf(lookUp, condition, lookUp.budget + 1)
  if (entries.length > lookUp.budget) throw errors.queryTooWide({ max: SEARCH_ENTRIES_MAX })
  lookUp.budget -= entries.length
  return decoded(lookUp, condition, entries)
}

function entriesOf({ index, kind, heights }: LookUp, condition: Condition, limit: number): Entry[] {
  const isIndexable = Buffer.byteLength(condition.tag) <= COMPOSITE_LENGTH_MAX
  if (heights.high < heights.low || !isIndexable) return []
  const [start, end] = keysOf(kind, condition, heights.low, heights.high)
  return index.range(start, end, limit)
}

type Entry = readonly [Uint8Array, Uint8Array]

function decoded(
  { heights: { low, high } }: Pick<LookUp, 'heights'>,
  condition: Condition,
  entries: readonly Entry[],
): Posting[] {
  return entries
    .map(([key, record]) => decodePosting(key, record))
    .filter((posting) => posting.height >= low && posting.height <= high)
    .filter(({ value }) => matchesIndexed(condition, value))
}

/** The places of these postings, of those found before if there are such. */
function keep(postings: readonly Posting[], before: Found | undefined): Found {
  const next: Found = new Map()
  for (const { height, places } of postings) {
    for (const { index, event } of places) {
      const key = `${height}/${index}/${event}`
      if (before === undefined || before.has(key)) next.set(key, { height, index })
      if (next.size > SEARCH_ENTRIES_MAX) throw errors.queryTooWide({ max: SEARCH_ENTRIES_MAX })
    }
  }
  return next
}

function keysOf(
  kind: IndexKind,
  { tag, operator, operand }: Condition,
  low: bigint,
  high: bigint,
): readonly [Uint8Array, Uint8Array | undefined] {
  const prefix = compositePrefix(kind, tag)
  if (operator === '=' && operand) {
    // CometBFT's index, too, compares by the text as it is written.
    return [postingKey(prefix, operand.text, low), postingKey(prefix, operand.text, high + 1n)]
  }
  return [prefix, prefixEnd(prefix)]
}

/** In an index a range is of whole numbers only: `6.5stake` doesn't count, unlike in subscriptions. */
function matchesIndexed(condition: Condition, value: string): boolean {
  const { operator, operand } = condition
  if (operator === '=' || operand?.kind !== 'number') return matchesValue({ ...condition }, value)
  const number = parseDecimal(value)
  if (!number) return false
  const order = compareDecimals(number, operand.number)
  if (operator === '<') return order < 0
  if (operator === '<=') return order <= 0
  return operator === '>' ? order > 0 : order >= 0
}

function byPlace(a: TxPlace, b: TxPlace): number {
  if (a.height !== b.height) return a.height < b.height ? -1 : 1
  return a.index - b.index
}
