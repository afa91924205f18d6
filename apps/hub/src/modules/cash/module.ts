import type { Module } from '../../block/module.ts'
import type { Cash } from './cash.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { messages } from './messages.ts'
import { cashParameters } from './params.ts'
import type { CashPorts } from './ports.ts'
import { queries } from './queries.ts'
import { sellDown } from './sell-down.ts'
import type { SalePorts } from './sell-down.ts'
import { serveQueue } from './serve-queue.ts'
import type { ShareWindow } from './serve-queue.ts'
import { CASH_STORE } from './state.ts'

/** Its part that begins a block after margin has the block's market: what is owed too much is sold down. */
export function salesModule(ports: CashPorts, sales: SalePorts): Module {
  return {
    name: 'sales',
    messages: [],
    queries: [],
    beginBlock: (context) => sellDown(context, ports, sales),
  }
}

/** The module `cash`. It begins a block before, and ends it after, modules that move cash. */
export function cashModule(cash: Cash, ports: CashPorts, window: ShareWindow): Module {
  return {
    name: 'cash',
    storeName: CASH_STORE,
    messages: messages(cash, ports),
    queries: queries(cash, ports),
    parameters: cashParameters(ports),
    initGenesis: (context, state) => initGenesis(context, state, ports),
    exportGenesis: (context) => exportGenesis(context, ports),
    beginBlock(context, parent) {
      cash.beginBlock(context, parent)
      serveQueue(context, ports, window)
    },
    endBlock: cash.endBlock,
    invariants: (context) => invariants(context, ports),
  }
}
