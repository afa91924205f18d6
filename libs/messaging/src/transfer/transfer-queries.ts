import { fromUtf8, toBech32, toHexUpper } from '@causeway/primitives'
import * as query from '@causeway/protocol/ibc/applications/transfer/v1/query'
import type { Denom } from '@causeway/protocol/ibc/applications/transfer/v1/token'
import { iteratePrefix } from '../client/client-store.ts'
import { requireClientId } from '../identifiers.ts'
import { paginate } from '../query/paginate.ts'
import { queryMethod } from '../query/query-context.ts'
import type { QueryHandler } from '../query/query-context.ts'
import type { KeyValueReader } from '../store.ts'
import { DENOMINATION_PREFIX, findDenomination } from './denomination-store.ts'
import { TRANSFER_PORT, denominationHash, parseDenomination } from './denomination.ts'
import { escrowAddress } from './escrow-address.ts'
import { errors } from './transfer-errors.ts'

const SERVICE = 'ibc.applications.transfer.v1'

/**
 * * `/ibc.applications.transfer.v1.Query/{Denom, Denoms, DenomHash, EscrowAddress}` by path, over the store
 * `transfer`. Spec: ibc-go v10 transfer `keeper/grpc_query.go`.
 */
export function createTransferQueries(
  addressPrefix: string,
): ReadonlyMap<string, QueryHandler<KeyValueReader>> {
  return new Map<string, QueryHandler<KeyValueReader>>([
    queryMethod(
      SERVICE,
      'Denom',
      query.QueryDenomRequest,
      query.QueryDenomResponse,
      (store: KeyValueReader, r) => {
        return { denom: denomOf(requireKnown(store, r.hash.replace(/^ibc\//, ''))) }
      },
    ),
    queryMethod(
      SERVICE,
      'Denoms',
      query.QueryDenomsRequest,
      query.QueryDenomsResponse,
      (store: KeyValueReader, r) => {
        const page = paginate(
          (start, end, reverse) => iteratePrefix(store, DENOMINATION_PREFIX, start, end, reverse),
          r.pagination,
          (_key, value) => denomOf(fromUtf8(value)),
        )
        return { denoms: page.items, pagination: page.pagination }
      },
    ),
    queryMethod(
      SERVICE,
      'DenomHash',
      query.QueryDenomHashRequest,
      query.QueryDenomHashResponse,
      (store: KeyValueReader, r) => {
        const hash = toHexUpper(denominationHash(r.trace))
        requireKnown(store, hash)
        return { hash }
      },
    ),
    queryMethod(
      SERVICE,
      'EscrowAddress',
      query.QueryEscrowAddressRequest,
      query.QueryEscrowAddressResponse,
      (_store: KeyValueReader, r) => {
        if (r.portId !== TRANSFER_PORT) throw errors.wrongPort({ portId: r.portId.slice(0, 140) })
        return { escrowAddress: toBech32(addressPrefix, escrowAddress(requireClientId(r.channelId))) }
      },
    ),
  ])
}

function requireKnown(store: KeyValueReader, hash: string): string {
  const path = findDenomination(store, hash)
  if (path === undefined) throw errors.notFound({ what: `denomination ${hash.slice(0, 80)}` })
  return path
}

function denomOf(path: string): Denom {
  const { base, hops } = parseDenomination(path)
  return { base, trace: hops.map(({ portId, channelId }) => ({ portId, channelId })) }
}
