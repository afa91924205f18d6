/**
 * Lanes: which transactions come first, and how much of a block each lane may fill. 1 = IBC client updates
 * and packets; 2 = liquidations and auction bids; 3 = cancels, reduce-only orders and top-ups; 4 = everything
 * else, by fee. Transaction 0 is lane 0 and has no budget. Lanes 2 and 3 have no messages yet: their shares
 * flow on.
 */
export type Lane = 1 | 2 | 3 | 4

/** What the application allows in a block (CometBFT's own limits are off). */
export interface BlockLimits {
  readonly bytes: number
  readonly gas: number
}

/** The default limits: 4 MiB and 50 M gas. */
export const DEFAULT_BLOCK_LIMITS: BlockLimits = { bytes: 4 * 1024 * 1024, gas: 50_000_000 }

// Reserved shares of lanes 1 to 4 in percent; the remaining 30 % is free.
const RESERVED_PERCENT = [20, 20, 10, 20] as const
const FREE_PERCENT = 30

/**
 * Counts what lanes have filled. A lane may use the free share, its own reserve and what earlier lanes left
 * of theirs: the sum over lanes 1…n never exceeds 30 % plus the reserves of lanes 1…n. So packets can fill
 * half of a block, and the rest of it is there for the other lanes whatever happens.
 */
export class LaneBudget {
  readonly #limits: BlockLimits
  #bytes = 0
  #gas = 0

  constructor(limits: BlockLimits) {
    this.#limits = limits
  }

  /** Takes room in a lane, whose predecessors are done. False, and nothing taken, when there is none. */
  take(lane: Lane, bytes: number, gas: number): boolean {
    const room = laneRoom(this.#limits, lane)
    if (this.#bytes + bytes > room.bytes || this.#gas + gas > room.gas) return false
    this.#bytes += bytes
    this.#gas += gas
    return true
  }
}

/** What lanes 1 to `lane` may fill together. */
export function laneRoom(limits: BlockLimits, lane: Lane): BlockLimits {
  let percent = FREE_PERCENT
  for (let i = 0; i < lane; i++) percent += RESERVED_PERCENT[i]!
  return {
    bytes: Math.floor((limits.bytes * percent) / 100),
    gas: Math.floor((limits.gas * percent) / 100),
  }
}
