// What becomes of a height's median. Spec: design, "Oracle".
import type { Feed } from '@causeway/protocol/causeway/oracle/v1/oracle'

/** The block that a median belongs to. */
export interface PriceBlock {
  readonly height: bigint
  readonly timeSeconds: bigint
}

/** A median may differ from the last price by this much at once. */
export const BOUND_PERCENT = 5n
/** Held medians agree when the highest exceeds the lowest by at most this much. */
export const AGREEMENT_PERCENT = 2n
/** So many consecutive heights must agree. */
export const AGREEING_HEIGHTS = 3
/** A price is fresh for so long. */
export const FRESH_SECONDS = 10n

/** How far a price can be relied on. */
export type PriceState = 'fresh' | 'stale' | 'held' | 'none'

/**
 * The feed after a height: its median within the bound is accepted; one beyond it is held until three
 * consecutive heights agree within 2 %, then accepted whole. No median (no quorum) ends a run of held ones,
 * and the price from before the jump stays held: it is no fresher for nobody's knowing the new one.
 */
export function acceptPrice(feed: Feed, median: bigint | undefined, block: PriceBlock): Feed {
  if (median === undefined) return { ...feed, held: feed.held && { ...feed.held, heights: 0 } }
  const accepted = { priceE9: median, timeSeconds: block.timeSeconds, height: block.height }
  if (feed.price === undefined || isWithinBound(feed.price.priceE9, median)) {
    return { ...feed, price: accepted, held: undefined }
  }
  const held = extendRun(feed, median, block.height)
  if (held.heights >= AGREEING_HEIGHTS) return { ...feed, price: accepted, held: undefined }
  return { ...feed, held }
}

/** The state of a feed at a time. */
export function priceState(feed: Feed, timeSeconds: bigint): PriceState {
  if (feed.price === undefined) return 'none'
  if (feed.held !== undefined) return 'held'
  return timeSeconds - feed.price.timeSeconds <= FRESH_SECONDS ? 'fresh' : 'stale'
}

function isWithinBound(last: bigint, median: bigint): boolean {
  const difference = median > last ? median - last : last - median
  return difference * 100n <= last * BOUND_PERCENT
}

function extendRun({ held }: Feed, median: bigint, height: bigint): NonNullable<Feed['held']> {
  const alone = { lowestE9: median, highestE9: median, heights: 1, lastHeight: height }
  if (held === undefined || held.heights === 0 || held.lastHeight + 1n !== height) return alone
  const lowestE9 = median < held.lowestE9 ? median : held.lowestE9
  const highestE9 = median > held.highestE9 ? median : held.highestE9
  if ((highestE9 - lowestE9) * 100n > lowestE9 * AGREEMENT_PERCENT) return alone
  return { lowestE9, highestE9, heights: held.heights + 1, lastHeight: height }
}
