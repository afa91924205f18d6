import type { Module } from '../../block/module.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { noteFreshness } from './freshness.ts'
import type { Liquidations } from './liquidation.ts'
import { messages } from './messages.ts'
import { liquidationParameters } from './params.ts'
import type { LiquidationPorts } from './ports.ts'
import { queries } from './queries.ts'
import { LIQUIDATION_STORE } from './state.ts'

/** The module `liquidation`: begins a block after risk, ends it after the auctions and before the scan. */
export function liquidationModule(liquidation: Liquidations, ports: LiquidationPorts): Module {
  return {
    name: 'liquidation',
    storeName: LIQUIDATION_STORE,
    messages: messages(ports),
    queries: queries(ports),
    parameters: liquidationParameters,
    initGenesis: (context, state) => initGenesis(context, ports.addresses, state),
    exportGenesis: (context) => exportGenesis(context, ports.addresses),
    beginBlock: (context, parent) => liquidation.beginBlock(context, parent),
    endBlock: (context) => liquidation.endBlock(context),
    invariants: (context) => invariants(context, ports),
  }
}

/**
 * Notes at the begin of a block which prices are fresh and whether the chain runs: after prices, before
 * anybody is judged by them.
 */
export function freshnessModule(ports: Pick<LiquidationPorts, 'feeds' | 'isPriceFresh'>): Module {
  return {
    name: 'freshness',
    messages: [],
    queries: [],
    beginBlock: (context, parent) => noteFreshness(context, ports, parent),
  }
}
