import type { Module } from '../../block/module.ts'
import { STAKING_STORE, readParams, readSet, setHeights } from './state.ts'

/** The module `staking`. Its genesis are the validators of the genesis file, which every Cosmos chain has. */
export function stakingModule(): Module {
  return {
    name: 'staking',
    storeName: STAKING_STORE,
    messages: [],
    queries: [],
    invariants(context) {
      const store = context.store(STAKING_STORE)
      const broken: string[] = []
      const { initialHeight } = readParams(store)
      if (!setHeights(store).includes(initialHeight))
        broken.push(`staking: no validator set from height ${initialHeight}`)
      const { validators } = readSet(store, context.height)
      if (validators.some(({ power }) => power <= 0n)) broken.push('staking: a validator without power')
      return broken
    },
  }
}
