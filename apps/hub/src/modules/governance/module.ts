import type { Module } from '../../block/module.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { messages } from './messages.ts'
import { governanceParameters } from './params.ts'
import type { GovernancePorts } from './ports.ts'
import { settle } from './proposals.ts'
import { queries } from './queries.ts'
import { GOVERNANCE_STORE } from './state.ts'

/** The module `governance`: what stake decides, done after a timelock. */
export function governanceModule(ports: GovernancePorts): Module {
  return {
    name: 'governance',
    storeName: GOVERNANCE_STORE,
    messages: messages(ports),
    queries: queries(ports),
    parameters: governanceParameters,
    initGenesis: (context, state) => initGenesis(context, state, ports),
    exportGenesis: (context) => exportGenesis(context, ports),
    beginBlock: (context) => settle(ports, context),
    invariants: (context) => invariants(context, ports),
  }
}
