import {
  QueryCashRequest,
  QueryCashResponse,
  QueryPoolRequest,
  QueryPoolResponse,
  QueryWithdrawalsRequest,
  QueryWithdrawalsResponse,
} from '@causeway/protocol/causeway/cash/v1/query'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import { sameHolder } from '../../identifiers.ts'
import { lockedE6 } from './cash.ts'
import type { Cash } from './cash.ts'
import { rateOf, sumsOf } from './pool.ts'
import type { CashPorts } from './ports.ts'
import { CASH_STORE, poolMessage, pooledAssets, readCash, readPool, withdrawals } from './state.ts'

const WITHDRAWALS_MAX = 1_000

/** Queries of cash. */
export function queries(cash: Cash, ports: Pick<CashPorts, 'addresses'>): readonly QueryMethod[] {
  return [cashQuery(cash, ports), poolQuery(cash), withdrawalsQuery(ports)]
}

function cashQuery(cash: Cash, { addresses }: Pick<CashPorts, 'addresses'>): QueryMethod {
  return defineQuery({
    path: '/causeway.cash.v1.Query/Cash',
    requestTypeName: 'causeway.cash.v1.QueryCashRequest',
    requestCodec: QueryCashRequest,
    responseCodec: QueryCashResponse,
    answer(context, request) {
      const holder = addresses.decodeHolder(request.holder)
      const { locks } = readCash(context.store(CASH_STORE), holder)
      const standing = locks.filter(({ untilSeconds }) => untilSeconds > context.timeSeconds)
      return {
        balanceE6: cash.balanceE6(context, holder).toString(),
        lockedE6: lockedE6(locks, context.timeSeconds).toString(),
        locks: standing.map((lock) => ({ ...lock, amountE6: lock.amountE6.toString() })),
        height: context.height,
      }
    },
  })
}

function poolQuery(cash: Cash): QueryMethod {
  return defineQuery({
    path: '/causeway.cash.v1.Query/Pool',
    requestTypeName: 'causeway.cash.v1.QueryPoolRequest',
    requestCodec: QueryPoolRequest,
    responseCodec: QueryPoolResponse,
    answer(context) {
      const store = context.store(CASH_STORE)
      const pool = readPool(store)
      const { borrowedE6, lentE6 } = sumsOf(pool)
      return {
        pool: poolMessage(pool),
        assets: pooledAssets(store),
        borrowedE6: borrowedE6.toString(),
        lentE6: lentE6.toString(),
        borrowRate: rateOf(pool).toString(),
        stablePrice: cash.stablePrice(context).toString(),
        height: context.height,
      }
    },
  })
}

function withdrawalsQuery({ addresses }: Pick<CashPorts, 'addresses'>): QueryMethod {
  return defineQuery({
    path: '/causeway.cash.v1.Query/Withdrawals',
    requestTypeName: 'causeway.cash.v1.QueryWithdrawalsRequest',
    requestCodec: QueryWithdrawalsRequest,
    responseCodec: QueryWithdrawalsResponse,
    answer(context, { line, holder, after }) {
      const wanted = holder === '' ? undefined : addresses.decodeHolder(holder)
      const found = []
      for (const withdrawal of withdrawals(context.store(CASH_STORE), line === 0n ? undefined : line)) {
        if (withdrawal.id <= after) continue
        if (wanted !== undefined && !sameHolder(withdrawal, wanted)) continue
        found.push(withdrawal)
        if (found.length === WITHDRAWALS_MAX) break
      }
      return { withdrawals: found, height: context.height }
    },
  })
}
