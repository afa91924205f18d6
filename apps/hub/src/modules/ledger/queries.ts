import type { Balance } from '@causeway/protocol/causeway/ledger/v1/ledger'
import {
  QueryAssetsRequest,
  QueryAssetsResponse,
  QueryBalancesRequest,
  QueryBalancesResponse,
  QueryLineRequest,
  QueryLineResponse,
  QueryLinesRequest,
  QueryLinesResponse,
} from '@causeway/protocol/causeway/ledger/v1/query'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { pathHash } from './lines.ts'
import { LEDGER_STORE, assets, balances, lineOfPathHash, lines, readAsset, readLine } from './state.ts'
import type { StoredBalance } from './state.ts'

const PAGE_DEFAULT = 100
const PAGE_MAX = 1_000

/** Assets, lines, and the first 1,000 balances of an account or a subaccount. */
export function queries(addresses: AddressCodec): readonly QueryMethod[] {
  return [assetsQuery, linesQuery, lineQuery, balancesQuery(addresses)]
}

const assetsQuery = defineQuery({
  path: '/causeway.ledger.v1.Query/Assets',
  requestTypeName: 'causeway.ledger.v1.QueryAssetsRequest',
  requestCodec: QueryAssetsRequest,
  responseCodec: QueryAssetsResponse,
  answer: (context, { afterId, limit }) => ({
    assets: take(assets(context.store(LEDGER_STORE), afterId), limit),
    height: context.height,
  }),
})

const linesQuery = defineQuery({
  path: '/causeway.ledger.v1.Query/Lines',
  requestTypeName: 'causeway.ledger.v1.QueryLinesRequest',
  requestCodec: QueryLinesRequest,
  responseCodec: QueryLinesResponse,
  answer: (context, { afterId, limit }) => ({
    lines: take(lines(context.store(LEDGER_STORE), afterId), limit),
    height: context.height,
  }),
})

const lineQuery = defineQuery({
  path: '/causeway.ledger.v1.Query/Line',
  requestTypeName: 'causeway.ledger.v1.QueryLineRequest',
  requestCodec: QueryLineRequest,
  responseCodec: QueryLineResponse,
  answer(context, { id, denom }) {
    const store = context.store(LEDGER_STORE)
    const line = id === 0n ? lineOfPathHash(store, pathHash(denom)) : readLine(store, id)
    if (line === undefined) throw errors.notFound({ what: `line ${id === 0n ? denom.slice(0, 128) : id}` })
    return { line, height: context.height }
  },
})

function balancesQuery(addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: '/causeway.ledger.v1.Query/Balances',
    requestTypeName: 'causeway.ledger.v1.QueryBalancesRequest',
    requestCodec: QueryBalancesRequest,
    responseCodec: QueryBalancesResponse,
    answer(context, { account }) {
      const holder = addresses.decodeHolder(account)
      const store = context.store(LEDGER_STORE)
      const subaccount = account.includes('/') ? holder.subaccount : undefined
      const text = addresses.encode(holder.account)
      const named = (held: StoredBalance): Balance => ({
        account: text,
        subaccount: held.holder.subaccount,
        asset: held.asset,
        denom: readAsset(store, held.asset).denom,
        amount: held.amount.toString(),
      })
      const held = take(balances(store, holder.account, subaccount), PAGE_MAX)
      return { balances: held.map(named), height: context.height }
    },
  })
}

function take<Item>(items: Iterable<Item>, asked: number): Item[] {
  const limit = asked === 0 ? PAGE_DEFAULT : Math.min(asked, PAGE_MAX)
  const taken: Item[] = []
  for (const item of items) {
    if (taken.length >= limit) break
    taken.push(item)
  }
  return taken
}
