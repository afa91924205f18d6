// The Cosmos SDK's bank queries, over subaccount 0 unless the address names another.
import type { Asset } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { Coin } from '@causeway/protocol/cosmos/base/v1beta1/coin'
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
import { LEDGER_STORE, assetIdOf, assetsPage, balancesPage, readAsset, readBalance } from './state.ts'

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
      const page = balancesPage(store, holder, pagination)
      const coins = page.items.map(({ asset, amount }) => ({
        denom: readAsset(store, asset).denom,
        amount: `${amount}`,
      }))
      return { balances: coins, pagination: page.pagination }
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
    const page = assetsPage(context.store(LEDGER_STORE), pagination)
    const supply: Coin[] = page.items.map(({ denom, supply: amount }) => ({ denom, amount }))
    return { supply, pagination: page.pagination }
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
