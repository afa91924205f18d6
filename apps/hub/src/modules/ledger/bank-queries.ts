// The Cosmos SDK's bank queries, over subaccount 0 unless the address names another.
import { be64, fromBe64 } from '@causeway/primitives'
import type { Asset } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { Coin } from '@causeway/protocol/cosmos/base/v1beta1/coin'
import type { PageRequest, PageResponse } from '@causeway/protocol/cosmos/base/query/v1beta1/pagination'
import {
  QueryAllBalancesRequest,
  QueryAllBalancesResponse,
  QueryBalanceRequest,
  QueryBalanceResponse,
  QueryDenomMetadataRequest,
  QueryDenomMetadataResponse,
  QuerySupplyOfRequest,
  QuerySupplyOfResponse,
  QueryTotalSupplyRequest,
  QueryTotalSupplyResponse,
} from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { LEDGER_STORE, assetIdOf, assets, balances, readAsset, readBalance } from './state.ts'

const PAGE_DEFAULT = 100n
const PAGE_MAX = 1_000n

/** What CosmJS and wallets ask about balances. */
export function bankQueries(addresses: AddressCodec): readonly QueryMethod[] {
  return [
    balanceQuery(addresses),
    allBalancesQuery(addresses),
    supplyOfQuery,
    totalSupplyQuery,
    metadataQuery,
  ]
}

function balanceQuery(addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: '/cosmos.bank.v1beta1.Query/Balance',
    requestTypeName: 'cosmos.bank.v1beta1.QueryBalanceRequest',
    requestCodec: QueryBalanceRequest,
    responseCodec: QueryBalanceResponse,
    answer(context, { address, denom }) {
      const holder = addresses.decodeHolder(address)
      const store = context.store(LEDGER_STORE)
      const id = assetIdOf(store, denom)
      const amount = id === undefined ? 0n : readBalance(store, holder, id)
      return { balance: { denom, amount: amount.toString() } }
    },
  })
}

function allBalancesQuery(addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: '/cosmos.bank.v1beta1.Query/AllBalances',
    requestTypeName: 'cosmos.bank.v1beta1.QueryAllBalancesRequest',
    requestCodec: QueryAllBalancesRequest,
    responseCodec: QueryAllBalancesResponse,
    answer(context, { address, pagination }) {
      const holder = addresses.decodeHolder(address)
      const store = context.store(LEDGER_STORE)
      const held = [...balances(store, holder.account, holder.subaccount)]
      const page = paginate(held, ({ asset }) => asset, pagination)
      const coins = page.items.map(({ asset, amount }) => ({
        denom: readAsset(store, asset).denom,
        amount: `${amount}`,
      }))
      return { balances: coins, pagination: page.response }
    },
  })
}

const supplyOfQuery = defineQuery({
  path: '/cosmos.bank.v1beta1.Query/SupplyOf',
  requestTypeName: 'cosmos.bank.v1beta1.QuerySupplyOfRequest',
  requestCodec: QuerySupplyOfRequest,
  responseCodec: QuerySupplyOfResponse,
  answer(context, { denom }) {
    const store = context.store(LEDGER_STORE)
    const id = assetIdOf(store, denom)
    return { amount: { denom, amount: id === undefined ? '0' : readAsset(store, id).supply } }
  },
})

const totalSupplyQuery = defineQuery({
  path: '/cosmos.bank.v1beta1.Query/TotalSupply',
  requestTypeName: 'cosmos.bank.v1beta1.QueryTotalSupplyRequest',
  requestCodec: QueryTotalSupplyRequest,
  responseCodec: QueryTotalSupplyResponse,
  answer(context, { pagination }) {
    const page = paginate([...assets(context.store(LEDGER_STORE))], ({ id }) => id, pagination)
    const supply: Coin[] = page.items.map(({ denom, supply: amount }) => ({ denom, amount }))
    return { supply, pagination: page.response }
  },
})

const metadataQuery = defineQuery({
  path: '/cosmos.bank.v1beta1.Query/DenomMetadata',
  requestTypeName: 'cosmos.bank.v1beta1.QueryDenomMetadataRequest',
  requestCodec: QueryDenomMetadataRequest,
  responseCodec: QueryDenomMetadataResponse,
  answer(context, { denom }) {
    const store = context.store(LEDGER_STORE)
    const id = assetIdOf(store, denom)
    if (id === undefined) throw errors.notFound({ what: `metadata of ${denom.slice(0, 128)}` })
    return { metadata: metadata(readAsset(store, id)) }
  },
})

function metadata(asset: Asset) {
  const display = asset.denom.replace(/^u(?=[a-z]{3})/, '')
  const whole = asset.decimals > 0 && display !== asset.denom
  return {
    description: '',
    denomUnits: [
      { denom: asset.denom, exponent: 0, aliases: [] },
      ...(whole ? [{ denom: display, exponent: asset.decimals, aliases: [] }] : []),
    ],
    base: asset.denom,
    display: whole ? display : asset.denom,
    name: asset.denom,
    symbol: display.toUpperCase(),
    uri: '',
    uriHash: '',
  }
}

/** One page of a list that ascends by id; a page's key is the id that it starts at. */
function paginate<Item>(
  items: readonly Item[],
  idOf: (item: Item) => bigint,
  request: PageRequest | undefined,
): { items: readonly Item[]; response: PageResponse } {
  const asked = request?.limit ?? 0n
  const limit = Number(asked === 0n ? PAGE_DEFAULT : asked > PAGE_MAX ? PAGE_MAX : asked)
  const key = request?.key ?? new Uint8Array(0)
  const from = key.length === 8 ? fromBe64(key) : 0n
  const rest = items.filter((item) => idOf(item) >= from)
  const next = rest[limit]
  const total = request?.countTotal === true ? BigInt(items.length) : 0n
  return {
    items: rest.slice(0, limit),
    response: { nextKey: next === undefined ? new Uint8Array(0) : be64(idOf(next)), total },
  }
}
