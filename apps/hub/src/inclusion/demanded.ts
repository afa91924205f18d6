import type { ReadContext } from '../block/context.ts'
import { LaneBudget } from '../block/lanes.ts'
import type { BlockLimits, Lane, LaneSize } from '../block/lanes.ts'
import { ACCEPTED_AGE, DEMANDED_AGE, EXPIRY_AGE } from './bounds.ts'
import { INCLUSION_STORE, readRecords, readServed } from './state.ts'
import type { NamedRecord } from './state.ts'

/** A recorded transaction that a block has to contain. */
export interface Demand {
  readonly record: NamedRecord
  /** Its bytes, where the state has them. */
  readonly bytes: Uint8Array | undefined
  /** Whether a block without it is refused, and not only costs its proposer. */
  readonly isBinding: boolean
}

/**
 * What the block of a height has to contain: what was recorded three to nine blocks before, the oldest first,
 * as far as it all fits into the lanes. So a proposer can't put others into their place. Only what everybody
 * has, because its bytes stand in the state, can make a block refusable. `state` is that of the height
 * before.
 */
export function demanded(state: ReadContext, height: bigint, limits: BlockLimits): Demand[] {
  const store = state.store(INCLUSION_STORE)
  const records = readRecords(store)
  const budget = new LaneBudget(limits)
  const due = records.filter((record) => {
    const age = height - record.height
    if (age < DEMANDED_AGE || age >= EXPIRY_AGE) return false
    return budget.keep(laneOfRecord(record), sizeOf(record))
  })
  return due.map((record) => {
    const bytes = record.isServed ? readServed(store, record.name.hash) : undefined
    const isBinding = bytes !== undefined && height - record.height < ACCEPTED_AGE
    return { record, bytes, isBinding }
  })
}

/** What a recorded transaction takes of a block. */
export function sizeOf({ name }: NamedRecord): LaneSize {
  return { bytes: name.bytes, gas: Number(name.gasLimit) }
}

function laneOfRecord({ name }: NamedRecord): Lane {
  return name.lane as Lane
}
