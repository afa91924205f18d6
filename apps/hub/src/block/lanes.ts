import type { Transaction } from '../tx/transaction.ts'
import type { Composition } from './composition.ts'
import type { ReadContext } from './context.ts'

/**
 * Lanes: which transactions come first, and how much of a block each lane may fill. 1 = IBC client updates
 * and packets; 2 = bids for accounts under liquidation; 3 = cancels, reduce-only orders and top-ups; 4 =
 * everything else, by fee. Transaction 0 is lane 0 and has no budget.
 */
export type Lane = 1 | 2 | 3 | 4

/** What the application allows in a block (CometBFT's own limits are off). */
export interface BlockLimits {
  readonly bytes: number
  readonly gas: number
}

/** The default limits: 4 MiB and 50 M gas. */
export const DEFAULT_BLOCK_LIMITS: BlockLimits = { bytes: 4 * 1024 * 1024, gas: 50_000_000 }

/** All of them, in order. */
export const LANES = [1, 2, 3, 4] as const

// Reserved shares of lanes 1 to 4 in percent; the remaining 30 % is free.
const RESERVED_PERCENT = [20, 20, 10, 20] as const
const FREE_PERCENT = 30

/** What a transaction takes of a block. */
export interface LaneSize {
  readonly bytes: number
  readonly gas: number
}

/**
 * The lane of a transaction in the block after this state: that of its messages, if the state makes each of
 * them as urgent as its type can be; else the last.
 */
export function laneIn(
  composition: Pick<Composition, 'isUrgent'>,
  state: ReadContext,
  { lane, actions }: Pick<Transaction, 'lane' | 'actions'>,
): Lane {
  if (lane === 1 || lane === 4) return lane
  return actions.every((action) => action.lane === 1 || composition.isUrgent(state, action)) ? lane : 4
}

/**
 * Counts what lanes have filled. A lane may use the free share, its own reserve and what earlier lanes left
 * of theirs: the sum over lanes 1…n never exceeds 30 % plus the reserves of lanes 1…n. So packets can fill
 * half of a block, and the rest of it is there for the other lanes whatever happens. What is kept for a later
 * transaction is nobody else's.
 */
export class LaneBudget {
  readonly #rooms: readonly BlockLimits[]
  readonly #kept: LaneSize[] = LANES.map(() => ({ bytes: 0, gas: 0 }))
  #taken: LaneSize = { bytes: 0, gas: 0 }

  constructor(limits: BlockLimits) {
    this.#rooms = LANES.map((lane) => laneRoom(limits, lane))
  }

  /** Whether a lane, whose predecessors are done, has room. */
  hasRoom(lane: Lane, size: LaneSize): boolean {
    return this.#fits(lane, size)
  }

  /** Takes room in a lane, whose predecessors are done. False, and nothing taken, when there is none. */
  take(lane: Lane, size: LaneSize): boolean {
    if (!this.#fits(lane, size)) return false
    this.#taken = plus(this.#taken, size)
    return true
  }

  /** Keeps room for a transaction that is to come. False, and nothing kept, when there is none. */
  keep(lane: Lane, size: LaneSize): boolean {
    if (!this.#fits(lane, size)) return false
    this.#kept[lane - 1] = plus(this.#kept[lane - 1]!, size)
    return true
  }

  /** Takes what was kept; its lane's predecessors are done. */
  takeKept(lane: Lane, size: LaneSize): void {
    const { bytes, gas } = size
    this.#kept[lane - 1] = plus(this.#kept[lane - 1]!, { bytes: -bytes, gas: -gas })
    this.#taken = plus(this.#taken, size)
  }

  #fits(lane: Lane, size: LaneSize): boolean {
    let used = plus(this.#taken, size)
    return LANES.every((each) => {
      used = plus(used, this.#kept[each - 1]!)
      const room = this.#rooms[each - 1]!
      return each < lane || (used.bytes <= room.bytes && used.gas <= room.gas)
    })
  }
}

function plus(a: LaneSize, b: LaneSize): LaneSize {
  return { bytes: a.bytes + b.bytes, gas: a.gas + b.gas }
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
