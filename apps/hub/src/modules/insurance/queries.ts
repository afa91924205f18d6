import {
  QueryBalancesRequest,
  QueryBalancesResponse,
  QueryDeficitsRequest,
  QueryDeficitsResponse,
  QueryFundsRequest,
  QueryFundsResponse,
  QueryQueueRequest,
  QueryQueueResponse,
  QueryRanksRequest,
  QueryRanksResponse,
} from '@causeway/protocol/causeway/insurance/v1/query'
import type { FundState, PositionRank } from '@causeway/protocol/causeway/insurance/v1/query'
import type { ReadContext } from '../../block/context.ts'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import { sameHolder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { availableE6, fundE6 } from './funds.ts'
import type { Insurance } from './insurance.ts'
import { pausedUntil } from './pause.ts'
import type { InsurancePorts } from './ports.ts'
import type { Ranked } from './queue.ts'
import { INSURANCE_STORE, funds, readParams, readPause } from './state.ts'

const LISTED_MAX = 1_000
const PLACES_MAX = 100

/** Queries of insurance. */
export function queries(insurance: Insurance, ports: InsurancePorts): readonly QueryMethod[] {
  return [
    balancesQuery(ports),
    fundsQuery(ports),
    deficitsQuery(insurance, ports),
    queueQuery(insurance, ports),
    ranksQuery(insurance, ports),
  ]
}

function balancesQuery({ addresses, fund, balances }: InsurancePorts): QueryMethod {
  return defineQuery({
    path: '/causeway.insurance.v1.Query/Balances',
    requestTypeName: 'causeway.insurance.v1.QueryBalancesRequest',
    requestCodec: QueryBalancesRequest,
    responseCodec: QueryBalancesResponse,
    answer(context) {
      const held = []
      for (const { asset, denom, amount } of balances(context, fund)) {
        if (held.length === LISTED_MAX) break
        held.push({ asset, denom, amount: amount.toString() })
      }
      return { account: addresses.encode(fund.account), balances: held, height: context.height }
    },
  })
}

function fundsQuery(ports: InsurancePorts): QueryMethod {
  const stateOf = (context: ReadContext, group: bigint, subaccount: number): FundState => ({
    group,
    underlyings: [],
    holder: ports.addresses.encodeHolder({ ...ports.fund, subaccount }),
    cashE6: fundE6(context, ports, subaccount).toString(),
  })
  return defineQuery({
    path: '/causeway.insurance.v1.Query/Funds',
    requestTypeName: 'causeway.insurance.v1.QueryFundsRequest',
    requestCodec: QueryFundsRequest,
    responseCodec: QueryFundsResponse,
    answer(context) {
      const groups = ports.risk.groups(context, ports.fund)
      const own = funds(context.store(INSURANCE_STORE)).map(({ group, subaccount }) => ({
        ...stateOf(context, group, subaccount),
        underlyings: [...(groups.find((each) => each.group === group)?.underlyings ?? [])],
      }))
      return {
        funds: [stateOf(context, 0n, 0), ...own],
        availableE6: availableE6(context, ports).toString(),
        height: context.height,
      }
    },
  })
}

function deficitsQuery(insurance: Insurance, ports: InsurancePorts): QueryMethod {
  return defineQuery({
    path: '/causeway.insurance.v1.Query/Deficits',
    requestTypeName: 'causeway.insurance.v1.QueryDeficitsRequest',
    requestCodec: QueryDeficitsRequest,
    responseCodec: QueryDeficitsResponse,
    answer(context) {
      const store = context.store(INSURANCE_STORE)
      const live = insurance.deficits(context)
      const sinceSeconds = readPause(store)?.sinceSeconds ?? 0n
      return {
        deficits: live.slice(0, LISTED_MAX).map(({ holder, deficitE6 }) => ({
          holder: ports.addresses.encodeHolder(holder),
          deficitE6: deficitE6.toString(),
        })),
        totalE6: live.reduce((sum, { deficitE6 }) => sum + deficitE6, 0n).toString(),
        availableE6: availableE6(context, ports).toString(),
        paused: pausedUntil(context) !== undefined,
        sinceSeconds,
        untilSeconds: sinceSeconds === 0n ? 0n : sinceSeconds + readParams(store).pauseSecondsMax,
        height: context.height,
      }
    },
  })
}

function queueQuery({ queues }: Insurance, ports: InsurancePorts): QueryMethod {
  return defineQuery({
    path: '/causeway.insurance.v1.Query/Queue',
    requestTypeName: 'causeway.insurance.v1.QueryQueueRequest',
    requestCodec: QueryQueueRequest,
    responseCodec: QueryQueueResponse,
    answer(context, { market, isLong, offset, limit }) {
      if (ports.markets.instrument(context, market) === undefined) throw errors.notFound({ market })
      const queue = queues.of(context, market, isLong)
      const most = limit === 0 || limit > PLACES_MAX ? PLACES_MAX : limit
      return {
        places: queue.slice(offset, offset + most).map((ranked) => ({
          holder: ports.addresses.encodeHolder(ranked.holder),
          sizeE9: ranked.sizeE9.toString(),
          rankE6: rankText(ranked),
        })),
        count: queue.length,
        height: context.height,
      }
    },
  })
}

function ranksQuery({ queues }: Insurance, ports: InsurancePorts): QueryMethod {
  return defineQuery({
    path: '/causeway.insurance.v1.Query/Ranks',
    requestTypeName: 'causeway.insurance.v1.QueryRanksRequest',
    requestCodec: QueryRanksRequest,
    responseCodec: QueryRanksResponse,
    answer(context, request) {
      const holder = ports.addresses.decodeHolder(request.holder)
      const ranks = ports.markets.positions(context, holder).map(({ market, sizeE9 }): PositionRank => {
        const queue = queues.of(context, market, sizeE9 > 0n)
        const index = queue.findIndex((ranked) => sameHolder(ranked.holder, holder))
        const rankE6 = rankText(queue[index]!)
        return { market, sizeE9: sizeE9.toString(), rankE6, place: index + 1, count: queue.length }
      })
      return { ranks, height: context.height }
    },
  })
}

function rankText({ rankE6 }: Ranked): string {
  return rankE6 === undefined ? '' : rankE6.toString()
}
