import type { Module } from '../../block/module.ts'
import { agreementMessages } from './agreement-messages.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import type { Markets } from './market.ts'
import type { MarketsBlocks } from './markets.ts'
import { orderMessages, quoteMessages } from './messages.ts'
import { marketsParameters } from './params.ts'
import type { MarketsPorts } from './ports.ts'
import { queries } from './queries.ts'
import { MARKETS_STORE } from './state.ts'

/** The module `markets`. */
export function marketsModule(markets: Markets & MarketsBlocks, ports: MarketsPorts): Module {
  return {
    name: 'markets',
    storeName: MARKETS_STORE,
    messages: [...orderMessages(ports), ...quoteMessages(ports), ...agreementMessages(ports)],
    queries: queries(markets, ports),
    parameters: marketsParameters,
    initGenesis: (context, state) => initGenesis(context, ports, state),
    exportGenesis,
    beginBlock: (context, parent) => markets.beginBlock(context, parent),
    endBlock: (context) => markets.endBlock(context),
    invariants: (context) => invariants(context, ports.houseCashE6?.(context)),
  }
}
