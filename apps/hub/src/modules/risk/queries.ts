// What a subaccount has and needs, why, and what trades would change.
import {
  applyTrades,
  cashFromE6,
  explainPortfolio,
  jsonOf,
  liquidationPrices,
  portfolioGreeks,
  priceFromE9,
  sizeFromE9,
  whatIf,
} from '@causeway/margin'
import type { Trade } from '@causeway/margin'
import { U64_MAX } from '@causeway/primitives'
import {
  QueryLiquidationPricesRequest,
  QueryLiquidationPricesResponse,
  QueryPortfolioRequest,
  QueryPortfolioResponse,
  QueryWhatIfRequest,
  QueryWhatIfResponse,
} from '@causeway/protocol/causeway/risk/v1/query'
import type { Collateral, Position, Trade as AskedTrade } from '@causeway/protocol/causeway/risk/v1/query'
import type { ReadContext } from '../../block/context.ts'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import { accountOf, countedAssets, instrumentOf } from './account.ts'
import type { ValuedAsset } from './collateral.ts'
import { errors } from './errors.ts'
import type { MarginedMarket } from './market-memory.ts'
import { initialMarginE6 } from './orders.ts'
import type { HeldAsset, RiskPorts, RiskPosition } from './ports.ts'
import type { Evaluated, Risk } from './risk.ts'
import { RISK_STORE, isIsolated } from './state.ts'

/** Balances that a portfolio lists whether they cover anything or not. */
export const BALANCES_SHOWN_MAX = 1_000
const TRADES_MAX = 64
/** A search values the account hundreds of times. */
const DISTANCE_POSITIONS_MAX = 24
const SIGNED = /^-?[1-9][0-9]{0,18}$/

/** Queries of risk. */
export function queries<P extends RiskPosition>(risk: Risk, ports: RiskPorts<P>): readonly QueryMethod[] {
  return [
    portfolioQuery(risk, ports),
    liquidationPricesQuery(risk, ports),
    whatIfQuery(risk, ports.addresses),
  ]
}

function portfolioQuery<P extends RiskPosition>(risk: Risk, ports: RiskPorts<P>): QueryMethod {
  const { addresses } = ports
  return defineQuery({
    path: '/causeway.risk.v1.Query/Portfolio',
    requestTypeName: 'causeway.risk.v1.QueryPortfolioRequest',
    requestCodec: QueryPortfolioRequest,
    responseCodec: QueryPortfolioResponse,
    answer(context, request) {
      const holder = addresses.decodeHolder(request.account)
      const evaluated = risk.evaluate(context, holder)
      const { requirement, margined } = evaluated
      const collateral = shownAssets(context, ports, margined, holder).map((held) =>
        risk.value(context, held),
      )
      return {
        account: addresses.encode(holder.account),
        subaccount: holder.subaccount,
        collateral: collateral.map(collateralMessage),
        equityE6: equityE6(requirement, collateral, margined).toString(),
        initialMarginE6: requirement.initialMarginE6.toString(),
        maintenanceMarginE6: requirement.maintenanceMarginE6.toString(),
        height: context.height,
        timeSeconds: context.timeSeconds,
        cashE6: ports.cash.balanceE6(context, holder).toString(),
        pendingCreditE6: ports.pendingE6(context, holder).toString(),
        initialRequirementE6: requirement.initialRequirementE6.toString(),
        maintenanceRequirementE6: requirement.maintenanceRequirementE6.toString(),
        positions: positionMessages(context, risk, ports, holder),
        initialMarginWithOrdersE6: evaluated.initialWithOrdersE6.toString(),
        isolated: isIsolated(context.store(RISK_STORE), holder),
        belowMaintenance: risk.isBelowMaintenance(context, holder),
        mode: risk.mode(context, holder),
        marginLevel: risk.level(context, holder),
        details: request.explain ? detailsOf(evaluated) : '',
      }
    },
  })
}

/** The first 1,000 balances, and of those beyond whatever covers requirements; ascending by asset. */
function shownAssets<P extends RiskPosition>(
  context: ReadContext,
  ports: RiskPorts<P>,
  margined: MarginedMarket,
  holder: Holder,
): HeldAsset[] {
  const shown: HeldAsset[] = []
  for (const held of ports.balances(context, holder)) {
    shown.push(held)
    if (shown.length === BALANCES_SHOWN_MAX) break
  }
  const last = shown.at(-1)?.asset ?? 0n
  const beyond = countedAssets(context, ports, margined, holder).filter(({ asset }) => asset > last)
  return shown.length < BALANCES_SHOWN_MAX ? shown : [...shown, ...beyond]
}

/** Cash and positions as margin has them, and every balance before haircuts, whether it counts or not. */
function equityE6(
  { value }: Evaluated['requirement'],
  collateral: readonly ValuedAsset[],
  { weights }: MarginedMarket,
): bigint {
  const counted = new Set(weights.map(({ asset }) => asset))
  const others = collateral.filter(({ asset }) => !counted.has(asset))
  const uncounted = others.reduce((sum, { valueE6 }) => sum + valueE6, 0n)
  return BigInt(Math.floor(value * 1e6 + 1e-4)) + uncounted
}

function collateralMessage(item: ValuedAsset): Collateral {
  return {
    asset: item.asset,
    denom: item.denom,
    amount: item.amount.toString(),
    priceE9: item.priceE9,
    priceStatus: item.priceState,
    valueE6: item.valueE6.toString(),
    initialValueE6: item.initialValueE6.toString(),
    maintenanceValueE6: item.maintenanceValueE6.toString(),
    initialCutBps: item.initialCutBps,
    maintenanceCutBps: item.maintenanceCutBps,
  }
}

function positionMessages<P extends RiskPosition>(
  context: ReadContext,
  risk: Risk,
  { markets }: RiskPorts<P>,
  holder: Holder,
): Position[] {
  return markets.positions(context, holder).map((position) => {
    const { market: id, sizeE9, quoteE6 } = position
    const market = markets.market(context, id)
    const isFair = market?.kind === 'option' || market?.kind === 'spot'
    return {
      market: id,
      symbol: market?.symbol ?? '',
      sizeE9: sizeE9.toString(),
      quoteE6: quoteE6.toString(),
      unsettledE6: markets.fundingE6(context, position).toString(),
      markE9: isFair ? (risk.fairE9(context, market) ?? 0n) : markets.figures(context, id).markE9,
    }
  })
}

/** Requirements taken apart, and Greeks, as libs/margin's types say, in JSON. */
function detailsOf({ margined: { market }, portfolio }: Evaluated): string {
  const explanation = jsonOf(explainPortfolio(market, portfolio))
  return JSON.stringify({ explanation, greeks: jsonOf(portfolioGreeks(market, portfolio)) })
}

function liquidationPricesQuery<P extends RiskPosition>(risk: Risk, ports: RiskPorts<P>): QueryMethod {
  return defineQuery({
    path: '/causeway.risk.v1.Query/LiquidationPrices',
    requestTypeName: 'causeway.risk.v1.QueryLiquidationPricesRequest',
    requestCodec: QueryLiquidationPricesRequest,
    responseCodec: QueryLiquidationPricesResponse,
    answer(context, request) {
      const holder = ports.addresses.decodeHolder(request.account)
      const { height } = context
      if (ports.markets.positions(context, holder).length > DISTANCE_POSITIONS_MAX)
        return { prices: [], height }
      const { margined } = risk.evaluate(context, holder)
      const account = accountOf(context, ports, margined, holder)
      const found = liquidationPrices(margined.market.model, margined.snapshot, account)
      const prices = found.map(({ underlying, spot, down, up }) => ({
        underlying: BigInt(underlying),
        ...{ spotE9: toE9(spot), downE9: toE9(down), upE9: toE9(up) },
      }))
      return { prices, height }
    },
  })
}

/** A price of libs/margin as 10⁻⁹; 0 where there is none. */
function toE9(price: number | 'none'): bigint {
  if (price === 'none') return 0n
  const value = BigInt(Math.round(price * 1e9))
  return value > U64_MAX ? 0n : value
}

function whatIfQuery(risk: Risk, addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: '/causeway.risk.v1.Query/WhatIf',
    requestTypeName: 'causeway.risk.v1.QueryWhatIfRequest',
    requestCodec: QueryWhatIfRequest,
    responseCodec: QueryWhatIfResponse,
    answer(context, request) {
      if (request.trades.length > TRADES_MAX)
        throw errors.badTrade({ reason: `${request.trades.length} trades, at most ${TRADES_MAX}` })
      const evaluated = risk.evaluate(context, addresses.decodeHolder(request.account))
      const { margined, portfolio, orders, initialWithOrdersE6 } = evaluated
      const trades = request.trades.map((trade) => tradeOf(margined, trade))
      const { before, after } = whatIf(margined.market, portfolio, trades)
      const traded = applyTrades(margined.market, portfolio, trades)
      return {
        before: marginsMessage(before, initialWithOrdersE6),
        after: marginsMessage(after, initialMarginE6(margined, traded, orders)),
        height: context.height,
      }
    },
  })
}

function tradeOf({ terms }: MarginedMarket, { market: id, size, priceE9 }: AskedTrade): Trade {
  if (!SIGNED.test(size)) throw errors.badTrade({ reason: 'expected a size other than 0, decimal' })
  if (id === 0n) return { instrument: { kind: 'cash' }, size: cashFromE6(BigInt(size)) }
  const market = terms.get(id)
  if (market === undefined) throw errors.notMargined({ market: id })
  if (market.kind === 'spot') throw errors.badTrade({ reason: 'expected no spot market' })
  if (priceE9 > 10n ** 18n) throw errors.badTrade({ reason: 'expected a price of at most 10^9' })
  const price = priceE9 === 0n ? {} : { price: priceFromE9(priceE9) }
  return { instrument: instrumentOf(market), size: sizeFromE9(BigInt(size)), ...price }
}

function marginsMessage(figures: ReturnType<typeof whatIf>['before'], withOrdersE6: bigint) {
  return {
    initialMarginWithOrdersE6: withOrdersE6.toString(),
    initialMarginE6: figures.initialMarginE6.toString(),
    maintenanceMarginE6: figures.maintenanceMarginE6.toString(),
    initialRequirementE6: figures.initialRequirementE6.toString(),
    maintenanceRequirementE6: figures.maintenanceRequirementE6.toString(),
  }
}
