import type { Module } from '../../block/module.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { messages } from './messages.ts'
import { stakingParameters } from './params.ts'
import { queries } from './queries.ts'
import type { Staking } from './staking.ts'
import { STAKING_STORE } from './state.ts'

/**
 * The module `staking`. Without ports, and on a chain whose genesis has no member `staking`, the validators
 * are those of the genesis file.
 */
export function stakingModule({ ports }: Staking): Module {
  const state: Module = {
    name: 'staking',
    storeName: STAKING_STORE,
    messages: [],
    queries: [],
    initGenesis: (context, member) => initGenesis(context, member, ports),
    invariants: (context) => invariants(context, ports),
  }
  if (ports === undefined) return state
  return {
    ...state,
    messages: messages(ports),
    queries: queries(ports),
    parameters: stakingParameters,
    exportGenesis: (context) => exportGenesis(context, ports),
  }
}
