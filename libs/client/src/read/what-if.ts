// What trades would change in a subaccount's margins, asked before they are made.
import { QueryWhatIfRequest, QueryWhatIfResponse } from '@causeway/protocol/causeway/risk/v1/query'
import type { Margins as MarginsE6 } from '@causeway/protocol/causeway/risk/v1/query'
import { holderText } from '../address.ts'
import { CASH_DIGITS, PRICE_DIGITS, cashText, toPositiveUnits, toUnits } from '../decimal.ts'
import { errors } from '../errors.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'
import type { Side } from './names.ts'

/** A trade that could be made, or cash that could come (`side` buy) or go. */
export type SupposedTrade =
  | { readonly market: string; readonly side: Side; readonly size: string; readonly price?: string }
  | { readonly cash: string }

/** Margins of a subaccount, decimal cash. */
export interface Margins {
  readonly initialMargin: string
  /** The same with every open order counted, as if any of them could fill. */
  readonly initialMarginWithOrders: string
  readonly maintenanceMargin: string
  readonly initialRequirement: string
  readonly maintenanceRequirement: string
}

/** Margins as they are, and as they would be. */
export interface WhatIf {
  readonly before: Margins
  readonly after: Margins
  /**
   * Whether margin would let the account open this now: initial margin after it, open orders counted, is not
   * below zero. Caps, bounds of prices and held prices are judged when it is sent.
   */
  readonly isAllowed: boolean
  readonly height: string
}

const TRADES_MAX = 64
const whatIfQuery = queryOf('causeway.risk.v1', 'WhatIf', QueryWhatIfRequest, QueryWhatIfResponse)

/**
 * Asks what trades would change; `marketId` finds markets by symbol. Throws `client/20`, `client/21`,
 * `risk/…`.
 */
export async function readWhatIf(
  hub: Hub,
  holder: { readonly address: string; readonly subaccount: number },
  trades: readonly SupposedTrade[],
  marketId: (symbol: string) => Promise<bigint>,
): Promise<WhatIf> {
  if (trades.length === 0 || trades.length > TRADES_MAX) {
    throw errors.badArgument({ name: 'trades', expected: `1 to ${TRADES_MAX} of them` })
  }
  const request = {
    account: holderText(holder.address, holder.subaccount),
    trades: await Promise.all(trades.map((trade) => tradeOf(trade, marketId))),
  }
  const { before, after, height } = await ask(hub.rpc, whatIfQuery, request)
  if (before === undefined || after === undefined) {
    throw errors.badAnswer({ what: 'what-if', reason: 'margins are missing' })
  }
  hub.sawHeight(height)
  const margins = { before: marginsOf(before), after: marginsOf(after) }
  return {
    ...margins,
    isAllowed: !after.initialMarginWithOrdersE6.startsWith('-'),
    height: height.toString(),
  }
}

async function tradeOf(trade: SupposedTrade, marketId: (symbol: string) => Promise<bigint>) {
  if ('cash' in trade) {
    return { market: 0n, size: toUnits(trade.cash, CASH_DIGITS, 'cash').toString(), priceE9: 0n }
  }
  const size = toPositiveUnits(trade.size, PRICE_DIGITS, 'size')
  const { price } = trade
  return {
    market: await marketId(trade.market),
    size: (trade.side === 'buy' ? size : -size).toString(),
    priceE9: price === undefined ? 0n : toPositiveUnits(price, PRICE_DIGITS, 'price'),
  }
}

function marginsOf(figures: MarginsE6): Margins {
  return {
    initialMargin: cashText(figures.initialMarginE6, 'initial margin'),
    initialMarginWithOrders: cashText(figures.initialMarginWithOrdersE6, 'initial margin with orders'),
    maintenanceMargin: cashText(figures.maintenanceMarginE6, 'maintenance margin'),
    initialRequirement: cashText(figures.initialRequirementE6, 'initial requirement'),
    maintenanceRequirement: cashText(figures.maintenanceRequirementE6, 'maintenance requirement'),
  }
}
