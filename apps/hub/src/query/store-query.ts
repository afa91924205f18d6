import { isProtocolError } from '@causeway/primitives'
import type { RequestQuery, ResponseQuery } from '@causeway/protocol/tendermint/abci/types'
import type { Chain } from '../block/chain.ts'
import { emptyResponse } from './response.ts'
import { errors } from './query-errors.ts'

/**
 * A key of a store, with ICS-23 proofs when asked: `ics23:iavl` of the key in its store, `ics23:simple` of
 * the store in the app hash. A proof at height h verifies against the app hash in header h + 1. Throws
 * `query/18`, `query/26`, `state/*`.
 */
export function queryStore(chain: Chain, storeName: string, request: RequestQuery): ResponseQuery {
  const key = request.data
  if (key.length === 0) throw errors.invalidRequest({ reason: 'expected a key' })
  if (!chain.stores.storeNames.includes(storeName))
    throw errors.unknownPath({ path: `store/${storeName.slice(0, 64)}/key` })
  const latest = chain.committed?.height ?? 0n
  const height = request.height === 0n ? latest : request.height
  if (height < 1n || height > latest) throw errors.invalidHeight({ reason: `${height} is not committed` })
  if (!request.prove) {
    const value = read(chain, storeName, key, height)
    return { ...emptyResponse(height), key, value: value ?? new Uint8Array(0) }
  }
  const { value, proofs } = chain.stores.proveKey(storeName, key, height)
  const proofOps = {
    ops: [
      { type: 'ics23:iavl', key, data: proofs[0] },
      { type: 'ics23:simple', key: new TextEncoder().encode(storeName), data: proofs[1] },
    ],
  }
  return { ...emptyResponse(height), key, value: value ?? new Uint8Array(0), proofOps }
}

function read(chain: Chain, storeName: string, key: Uint8Array, height: bigint): Uint8Array | undefined {
  try {
    return chain.stores.readerAt(storeName, height).get(key)
  } catch (error) {
    if (isProtocolError(error)) throw errors.invalidHeight({ reason: error.message })
    throw error
  }
}
