import {
  QueryHistoryRequest,
  QueryHistoryResponse,
  QueryHoldingRequest,
  QueryHoldingResponse,
  QueryResultsRequest,
  QueryResultsResponse,
  QueryVaultRequest,
  QueryVaultResponse,
} from '@causeway/protocol/causeway/vault/v1/query'
import type { MarketResult } from '@causeway/protocol/causeway/vault/v1/query'
import type { KeyValueReader } from '@causeway/state-tree'
import { sameHolder } from '../../identifiers.ts'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import { readParams } from './params.ts'
import type { VaultPorts } from './ports.ts'
import { cashFor, sellingE18 } from './pure/shares.ts'
import { profitE6 } from './results.ts'
import {
  VAULT_STORE,
  readHolding,
  readTotals,
  requestMessage,
  requests,
  resultMessage,
  results,
  worthMessage,
  worths,
} from './state.ts'
import { dayHighE18, figuresNow, rangeSince } from './worth.ts'

const SERVICE = 'causeway.vault.v1'
const LIMIT_DEFAULT = 100
const LIMIT_MAX = 1_000
/** Requests that are counted or looked through for an answer. */
const REQUESTS_READ_MAX = 10_000

/** Queries of the vault. */
export function queries(ports: VaultPorts): readonly QueryMethod[] {
  return [vaultQuery(ports), holdingQuery(ports), historyQuery(), resultsQuery(ports)]
}

function vaultQuery(ports: VaultPorts): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Vault`,
    requestTypeName: `${SERVICE}.QueryVaultRequest`,
    requestCodec: QueryVaultRequest,
    responseCodec: QueryVaultResponse,
    answer(context) {
      const store = context.store(VAULT_STORE)
      const { shares, status } = readTotals(store)
      const figures = figuresNow(context, ports)
      const range = rangeSince(context, 0n)
      const nowE18 = figures && sellingE18({ worthE6: figures.valueE6, shares })
      return {
        params: readParams(store),
        account: ports.addresses.encode(ports.vault.account),
        status,
        shares: `${shares}`,
        worthE6: text(figures?.valueE6),
        initialMarginE6: text(figures?.initialE6),
        shareE18: text(nowE18),
        lowE18: text(range?.lowE18),
        highE18: text(range?.highE18),
        dayHighE18: `${dayHighE18(context)}`,
        deposits: BigInt(some(requests(store, 'deposit')).length),
        withdrawals: BigInt(some(requests(store, 'withdrawal')).length),
        height: context.height,
      }
    },
  })
}

function holdingQuery({ addresses }: VaultPorts): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Holding`,
    requestTypeName: `${SERVICE}.QueryHoldingRequest`,
    requestCodec: QueryHoldingRequest,
    responseCodec: QueryHoldingResponse,
    answer(context, request) {
      const store = context.store(VAULT_STORE)
      const holder = addresses.decodeHolder(request.holder)
      const { shares, lockedUntilSeconds, requests: count } = readHolding(store, holder)
      const waiting =
        count === 0 ? [] : [...some(requests(store, 'deposit')), ...some(requests(store, 'withdrawal'))]
      const lastE18 = lastWorthE18(store)
      return {
        shares: `${shares}`,
        lockedUntilSeconds,
        worthE6: `${cashFor(shares, lastE18, 0n)}`,
        requests: waiting.filter((each) => sameHolder(each.holder, holder)).map(requestMessage),
        height: context.height,
      }
    },
  })
}

function historyQuery(): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/History`,
    requestTypeName: `${SERVICE}.QueryHistoryRequest`,
    requestCodec: QueryHistoryRequest,
    responseCodec: QueryHistoryResponse,
    answer(context, { fromHour, limit }) {
      const hours = take(worths(context.store(VAULT_STORE), 'hour', fromHour), mostOf(limit))
      return {
        hours: hours.map(([hour, worth]) => ({ hour, worth: worthMessage(worth) })),
        height: context.height,
      }
    },
  })
}

function resultsQuery({ markets }: VaultPorts): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Results`,
    requestTypeName: `${SERVICE}.QueryResultsRequest`,
    requestCodec: QueryResultsRequest,
    responseCodec: QueryResultsResponse,
    answer(context, { after, limit }) {
      const store = context.store(VAULT_STORE)
      const most = mostOf(limit)
      const live = take(results(store, 'result', after), most)
      const over = live.length < most ? take(results(store, 'over'), LIMIT_MAX) : []
      const found = [...live, ...over].map((result): MarketResult => ({
        result: resultMessage(result),
        sizeE9: `${result.market === 0n ? 0n : result.boughtE9 - result.soldE9}`,
        profitE6: text(profitE6(context, markets, result)),
      }))
      return { results: found, height: context.height }
    },
  })
}

function lastWorthE18(store: KeyValueReader): bigint {
  let lastE18 = 0n
  for (const [, { closeE18 }] of worths(store, 'minute')) lastE18 = closeE18
  return lastE18
}

function some<Item>(items: Iterable<Item>): Item[] {
  return take(items, REQUESTS_READ_MAX)
}

function take<Item>(items: Iterable<Item>, most: number): Item[] {
  const taken: Item[] = []
  for (const item of items) {
    if (taken.length === most) break
    taken.push(item)
  }
  return taken
}

function mostOf(limit: number): number {
  return limit === 0 ? LIMIT_DEFAULT : Math.min(limit, LIMIT_MAX)
}

function text(amount: bigint | undefined): string {
  return amount === undefined ? '' : `${amount}`
}
