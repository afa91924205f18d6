import { isProtocolError } from '@causeway/primitives'
import {
  QueryLiquidationRequest,
  QueryLiquidationResponse,
  QueryLiquidationsRequest,
  QueryLiquidationsResponse,
  QueryParamsRequest,
  QueryParamsResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import type { NamedLiquidation } from '@causeway/protocol/causeway/liquidation/v1/query'
import type { ReadContext } from '../../block/context.ts'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import type { Holder } from '../../identifiers.ts'
import { caughtUp } from './freshness.ts'
import { saleState } from './judge-bid.ts'
import { readParams } from './params.ts'
import type { Figures, LiquidationPorts } from './ports.ts'
import { LIQUIDATION_STORE, liquidationMessage, liquidations, readLiquidation, readTotals } from './state.ts'
import { bufferMarginE6, termsOf } from './terms.ts'

const SERVICE = 'causeway.liquidation.v1'
const LIMIT_DEFAULT = 100
const LIMIT_MAX = 1_000

/** Queries of liquidation. */
export function queries(ports: LiquidationPorts): readonly QueryMethod[] {
  return [liquidationQuery(ports), liquidationsQuery(ports), paramsQuery()]
}

function liquidationQuery(ports: LiquidationPorts): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Liquidation`,
    requestTypeName: `${SERVICE}.QueryLiquidationRequest`,
    requestCodec: QueryLiquidationRequest,
    responseCodec: QueryLiquidationResponse,
    answer(context, { account }) {
      const holder = ports.addresses.decodeHolder(account)
      const store = context.store(LIQUIDATION_STORE)
      const record = readLiquidation(store, holder)
      const { state, sale } = saleState(context, ports, holder)
      const figures = figuresOf(context, ports, holder)
      const terms = sale && termsOf(context, ports, holder, sale)
      return {
        liquidation: record && liquidationMessage(caughtUp(context, ports, holder, record)),
        valueE6: `${figures.valueE6}`,
        maintenanceMarginE6: `${figures.maintenanceE6}`,
        bufferMarginE6: `${bufferMarginE6(figures, readParams(store))}`,
        shareMaxE9: terms?.shareMaxE9 ?? 0n,
        priceE6: `${terms?.priceE6 ?? 0n}`,
        worthE6: `${terms?.worthE6 ?? 0n}`,
        discountE9: terms?.discountE9 ?? 0n,
        state,
        height: context.height,
        timeSeconds: context.timeSeconds,
      }
    },
  })
}

/** What can't be counted is told as nothing: the liquidation itself can still be read. */
function figuresOf(context: ReadContext, { risk }: LiquidationPorts, holder: Holder): Figures {
  try {
    return risk.figures(context, holder)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return { valueE6: 0n, maintenanceE6: 0n, initialE6: 0n }
  }
}

function liquidationsQuery({ addresses }: LiquidationPorts): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Liquidations`,
    requestTypeName: `${SERVICE}.QueryLiquidationsRequest`,
    requestCodec: QueryLiquidationsRequest,
    responseCodec: QueryLiquidationsResponse,
    answer(context, { after, limit }) {
      const most = limit === 0 ? LIMIT_DEFAULT : Math.min(limit, LIMIT_MAX)
      const start = after === '' ? undefined : addresses.decodeHolder(after)
      const found: NamedLiquidation[] = []
      for (const [holder, record] of liquidations(context.store(LIQUIDATION_STORE), start)) {
        if (found.length === most) break
        found.push({ account: addresses.encodeHolder(holder), liquidation: liquidationMessage(record) })
      }
      return { liquidations: found, height: context.height }
    },
  })
}

function paramsQuery(): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Params`,
    requestTypeName: `${SERVICE}.QueryParamsRequest`,
    requestCodec: QueryParamsRequest,
    responseCodec: QueryParamsResponse,
    answer(context) {
      const store = context.store(LIQUIDATION_STORE)
      const { deficitsE6, count } = readTotals(store)
      return { params: readParams(store), deficitsE6: `${deficitsE6}`, count, height: context.height }
    },
  })
}
