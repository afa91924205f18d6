// A book kept by deltas: each has the next sequence number and a checksum, and what does not fit is read
// anew.
import { errors } from '../errors.ts'
import { bookChecksum } from '../read/book.ts'
import type { BookSnapshot, Level } from '../read/book.ts'
import type { HubEvent } from '../rpc/events.ts'
import { readInteger } from '../decimal.ts'

/** One change of a book. */
export interface BookDelta {
  readonly marketId: string
  readonly sequence: bigint
  readonly changes: readonly (Level & { readonly isBid: boolean })[]
  readonly checksum: string
}

/** A book as of its last delta. */
export interface FollowedBook {
  readonly sequence: bigint
  readonly bids: ReadonlyMap<bigint, bigint>
  readonly asks: ReadonlyMap<bigint, bigint>
}

const CHANGES_MAX = 200_000

/** The delta that an event tells; nothing for other events. Throws `client/63`. */
export function deltaOf({ type, attributes }: HubEvent): BookDelta | undefined {
  if (type !== 'causeway.markets.v1.book') return undefined
  const { market: marketId = '', sequence = '', changes = '', checksum = '' } = attributes
  const parts = changes === '' ? [] : changes.split(',')
  const bad = () => errors.badBook({ market: marketId, reason: 'a change can’t be read' })
  if (parts.length > CHANGES_MAX) throw bad()
  return {
    marketId,
    sequence: readInteger(sequence, 'sequence'),
    checksum,
    changes: parts.map((part) => {
      const match = /^([ab])([0-9]{1,20}):([0-9]{1,24})$/.exec(part)
      if (match === null) throw bad()
      return { isBid: match[1] === 'b', priceE9: BigInt(match[2]!), sizeE9: BigInt(match[3]!) }
    }),
  }
}

/** A snapshot as a book that deltas can be put on. */
export function bookOf({ bids, asks, sequence }: BookSnapshot): FollowedBook {
  const sideOf = (levels: readonly Level[]) => new Map(levels.map((level) => [level.priceE9, level.sizeE9]))
  return { sequence, bids: sideOf(bids), asks: sideOf(asks) }
}

/**
 * The book after a delta; nothing when it is not the next one or its checksum says otherwise: read it anew.
 */
export function afterDelta(book: FollowedBook, delta: BookDelta): FollowedBook | undefined {
  if (delta.sequence !== book.sequence + 1n) return undefined
  const [bids, asks] = [new Map(book.bids), new Map(book.asks)]
  for (const { isBid, priceE9, sizeE9 } of delta.changes) {
    const side = isBid ? bids : asks
    if (sizeE9 === 0n) side.delete(priceE9)
    else side.set(priceE9, sizeE9)
  }
  const next = { sequence: delta.sequence, bids, asks }
  const { bids: best, asks: offers } = levelsOf(next)
  return bookChecksum(best, offers) === delta.checksum ? next : undefined
}

/** The levels of a book, best first. */
export function levelsOf({ bids, asks }: FollowedBook): { readonly bids: Level[]; readonly asks: Level[] } {
  const sorted = (side: ReadonlyMap<bigint, bigint>, sign: bigint) =>
    [...side]
      .map(([priceE9, sizeE9]) => ({ priceE9, sizeE9 }))
      .sort((a, b) => Number((a.priceE9 - b.priceE9) * sign))
  return { bids: sorted(bids, -1n), asks: sorted(asks, 1n) }
}
