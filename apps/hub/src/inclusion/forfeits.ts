import { toHex } from '@causeway/primitives'
import type { Context } from '../block/context.ts'
import { INCLUSION_STORE, forgetMissed, missedBlocks } from './state.ts'

/**
 * How many blocks of each proposer have lacked what they had to contain since this was asked last, by
 * consensus address in hex.
 */
export function takeForfeits(context: Context): ReadonlyMap<string, bigint> {
  const store = context.store(INCLUSION_STORE)
  const missed = new Map(missedBlocks(store).map(({ address, blocks }) => [toHex(address), blocks]))
  forgetMissed(store)
  return missed
}
