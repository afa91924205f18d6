import { createAddressCodec } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from '../cash/errors.ts'
import type { CashPort } from './ports.ts'

/** Cash as a test's world keeps it. */
export interface KeptCash {
  /** What each holder has gained, micro-cash, by its text: here no lock ends. */
  readonly locked: Map<string, bigint>
  cashOf(holder: Holder): bigint
  addCash(holder: Holder, deltaE6: bigint): void
}

/** The cash that markets use, over that of a world. */
export function worldCash(world: KeptCash): CashPort {
  const keyOf = (holder: Holder) => createAddressCodec('cway').encodeHolder(holder)
  const lockedE6 = (holder: Holder) => world.locked.get(keyOf(holder)) ?? 0n
  const freeE6 = (holder: Holder) => {
    const free = world.cashOf(holder) - lockedE6(holder)
    return free > 0n ? free : 0n
  }
  return {
    flow: (_, holder, delta) => world.addCash(holder, delta),
    settle(context, legs, _, until) {
      for (const { holder, deltaE6, gainE6 } of legs) {
        world.addCash(holder, deltaE6)
        if (gainE6 <= 0n || until <= context.timeSeconds) continue
        world.locked.set(keyOf(holder), lockedE6(holder) + gainE6)
      }
    },
    freeE6: (_, holder) => freeE6(holder),
    requireFree(_, holder, needE6) {
      const free = freeE6(holder)
      if (free < needE6) throw errors.insufficient({ needE6, freeE6: free, lockedE6: lockedE6(holder) })
    },
  }
}
