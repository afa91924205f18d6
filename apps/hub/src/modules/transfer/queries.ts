import { escrowAddress, findDenomination, parseDenomination, transferErrors } from '@causeway/messaging'
import {
  QueryDenomRequest,
  QueryDenomResponse,
  QueryDenomsRequest,
  QueryDenomsResponse,
  QueryEscrowAddressRequest,
  QueryEscrowAddressResponse,
} from '@causeway/protocol/ibc/applications/transfer/v1/query'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { TRANSFER_STORE, denominationPathsPage } from './state.ts'

/** ibc-go's transfer queries: vouchers and escrow accounts. */
export function queries(addresses: AddressCodec): readonly QueryMethod[] {
  return [denomQuery, denomsQuery, escrowQuery(addresses)]
}

const denomQuery = defineQuery({
  path: '/ibc.applications.transfer.v1.Query/Denom',
  requestTypeName: 'ibc.applications.transfer.v1.QueryDenomRequest',
  requestCodec: QueryDenomRequest,
  responseCodec: QueryDenomResponse,
  answer(context, { hash }) {
    const path = findDenomination(context.store(TRANSFER_STORE), hash.replace(/^ibc\//, ''))
    if (path === undefined) throw transferErrors.notFound({ what: `denomination ${hash.slice(0, 80)}` })
    return { denom: denomOf(path) }
  },
})

const denomsQuery = defineQuery({
  path: '/ibc.applications.transfer.v1.Query/Denoms',
  requestTypeName: 'ibc.applications.transfer.v1.QueryDenomsRequest',
  requestCodec: QueryDenomsRequest,
  responseCodec: QueryDenomsResponse,
  answer(context, request) {
    const { items, pagination } = denominationPathsPage(context.store(TRANSFER_STORE), request.pagination)
    return { denoms: items.map(denomOf), pagination }
  },
})

function escrowQuery(addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: '/ibc.applications.transfer.v1.Query/EscrowAddress',
    requestTypeName: 'ibc.applications.transfer.v1.QueryEscrowAddressRequest',
    requestCodec: QueryEscrowAddressRequest,
    responseCodec: QueryEscrowAddressResponse,
    answer: (_context, { channelId }) => ({ escrowAddress: addresses.encode(escrowAddress(channelId)) }),
  })
}

function denomOf(path: string) {
  const { hops, base } = parseDenomination(path)
  return { base, trace: hops.map(({ portId, channelId }) => ({ portId, channelId })) }
}
