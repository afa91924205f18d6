// One subaccount whole: cash, collateral, margins, positions with their marks and Greeks, open orders.
import { QueryPositionsRequest, QueryPositionsResponse } from '@causeway/protocol/causeway/markets/v1/query'
import type { PositionInfo } from '@causeway/protocol/causeway/markets/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import type { Collateral } from '@causeway/protocol/causeway/risk/v1/query'
import { holderText } from '../address.ts'
import { CASH_DIGITS, PRICE_DIGITS, cashText, fromUnits, priceText, readInteger } from '../decimal.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'
import { readGreeks } from './greeks.ts'
import type { Greeks, GreeksOfAccount } from './greeks.ts'
import type { MarketRow } from './markets.ts'
import type { OpenOrder } from './orders.ts'

/** What a subaccount has and needs. Amounts are decimal texts: of cash, where nothing else is said. */
export interface Portfolio {
  readonly account: string
  readonly subaccount: number
  readonly height: string
  readonly timeSeconds: number
  /** Signed, interest included. */
  readonly cash: string
  /** Collateral at the oracle's prices before haircuts, cash, and positions at their marks. */
  readonly equity: string
  /** Equity after haircuts less the requirement; below zero nothing can be opened. */
  readonly initialMargin: string
  readonly maintenanceMargin: string
  readonly initialRequirement: string
  readonly maintenanceRequirement: string
  /** Initial margin with all open orders counted. */
  readonly initialMarginWithOrders: string
  /** What deposits that are not final count toward maintenance. */
  readonly pendingCredit: string
  readonly isolated: boolean
  readonly belowMaintenance: boolean
  /** `reduceOnly` while a price that the account depends on isn't fresh. */
  readonly mode: string
  readonly collateral: readonly CollateralRow[]
  readonly positions: readonly PositionRow[]
  readonly orders: readonly OpenOrder[]
  readonly greeks?: Greeks
}

/** One token of a subaccount. */
export interface CollateralRow {
  readonly asset: string
  readonly denom: string
  /** In 1.0 of the token. */
  readonly amount: string
  readonly price?: string
  readonly priceStatus: string
  readonly value: string
  readonly initialValue: string
  readonly maintenanceValue: string
}

/** One position of a subaccount. */
export interface PositionRow {
  readonly market: string
  readonly marketId: string
  /** Signed: below zero is short. */
  readonly size: string
  /** What 1.0 is worth now; of options their fair value. Absent where nothing can be told. */
  readonly mark?: string
  /** What the position is worth at the mark: of options size · mark, of others what is not settled yet. */
  readonly value: string
  /**
   * Profit since the last settlement into cash (every hour and every trade); of options, since they were
   * bought.
   */
  readonly unrealised: string
  /** Funding that is due and not settled; negative: to pay. */
  readonly funding: string
  readonly greeks?: Greeks
}

const portfolioQuery = queryOf('causeway.risk.v1', 'Portfolio', QueryPortfolioRequest, QueryPortfolioResponse)
const positionsQuery = queryOf(
  'causeway.markets.v1',
  'Positions',
  QueryPositionsRequest,
  QueryPositionsResponse,
)

/** What the reading of a portfolio is told by others. */
export interface PortfolioSources {
  decimalsOf(asset: bigint): Promise<number>
  market(id: bigint): Promise<MarketRow | undefined>
  orders(): Promise<OpenOrder[]>
}

/** The portfolio of a subaccount. Its parts are read together, and may be a block apart. */
export async function readPortfolio(
  hub: Hub,
  holder: { readonly address: string; readonly subaccount: number },
  sources: PortfolioSources,
): Promise<Portfolio> {
  const account = holderText(holder.address, holder.subaccount)
  const [risk, { positions }, orders] = await Promise.all([
    ask(hub.rpc, portfolioQuery, { account, explain: true }),
    ask(hub.rpc, positionsQuery, { account }),
    sources.orders(),
  ])
  hub.sawHeight(risk.height)
  const greeks = risk.details === '' ? undefined : readGreeks(risk.details)
  return {
    ...figuresOf(risk),
    collateral: await Promise.all(
      risk.collateral.map(async (item) => collateralRow(item, await sources.decimalsOf(item.asset))),
    ),
    positions: await Promise.all(
      positions.map(async (item) => positionRow(item, await sources.market(item.market), greeks)),
    ),
    orders,
    ...(greeks === undefined ? {} : { greeks: greeks.account }),
  }
}

function figuresOf(risk: QueryPortfolioResponse): Omit<Portfolio, 'collateral' | 'positions' | 'orders'> {
  return {
    account: risk.account,
    subaccount: risk.subaccount,
    height: risk.height.toString(),
    timeSeconds: Number(risk.timeSeconds),
    cash: cashText(risk.cashE6, 'cash'),
    equity: cashText(risk.equityE6, 'equity'),
    initialMargin: cashText(risk.initialMarginE6, 'initial margin'),
    maintenanceMargin: cashText(risk.maintenanceMarginE6, 'maintenance margin'),
    initialRequirement: cashText(risk.initialRequirementE6, 'initial requirement'),
    maintenanceRequirement: cashText(risk.maintenanceRequirementE6, 'maintenance requirement'),
    initialMarginWithOrders: cashText(risk.initialMarginWithOrdersE6, 'initial margin with orders'),
    pendingCredit: cashText(risk.pendingCreditE6 || '0', 'pending credit'),
    isolated: risk.isolated,
    belowMaintenance: risk.belowMaintenance,
    mode: risk.mode,
  }
}

function collateralRow(item: Collateral, decimals: number): CollateralRow {
  return {
    asset: item.asset.toString(),
    denom: item.denom,
    amount: fromUnits(readInteger(item.amount, item.denom), decimals),
    ...(item.priceE9 === 0n ? {} : { price: priceText(item.priceE9) }),
    priceStatus: item.priceStatus,
    value: cashText(item.valueE6, item.denom),
    initialValue: cashText(item.initialValueE6, item.denom),
    maintenanceValue: cashText(item.maintenanceValueE6, item.denom),
  }
}

function positionRow(
  item: PositionInfo,
  market: MarketRow | undefined,
  account: GreeksOfAccount | undefined,
): PositionRow {
  const what = item.symbol
  const [quote, unsettled] = [readInteger(item.quoteE6, what), readInteger(item.unsettledE6, what)]
  const found = market === undefined ? undefined : account?.ofMarket(market)
  const base = {
    market: item.symbol,
    marketId: item.market.toString(),
    size: fromUnits(item.sizeE9, PRICE_DIGITS),
    funding: cashText(item.fundingE6, what),
    ...(found === undefined ? {} : { greeks: found.greeks }),
  }
  if (market?.kind !== 'option') {
    const value = fromUnits(unsettled, CASH_DIGITS)
    return {
      ...base,
      ...(item.markE9 === 0n ? {} : { mark: priceText(item.markE9) }),
      value,
      unrealised: value,
    }
  }
  if (found === undefined) return { ...base, value: '0', unrealised: '0' }
  const { valueE6 } = found
  return {
    ...base,
    mark: priceText((valueE6 * 10n ** 12n) / item.sizeE9),
    value: fromUnits(valueE6, CASH_DIGITS),
    unrealised: fromUnits(valueE6 + quote, CASH_DIGITS),
  }
}
