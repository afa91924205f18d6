// ABCI queries: gRPC-style paths, `store/<name>/key` with proofs, and `app/…`.
import { isProtocolError } from '@causeway/primitives'
import type { RequestQuery, ResponseQuery } from '@causeway/protocol/tendermint/abci/types'
import type { Chain } from '../block/chain.ts'
import { ExecutionContext, blockInfo } from '../block/context.ts'
import type { BlockInfo, ReadContext } from '../block/context.ts'
import { GasMeter, UNPAID_GAS_MAX } from '../block/gas.ts'
import { Layer } from '../block/layer.ts'
import type { QueryMethod } from '../block/module.ts'
import { errors } from './query-errors.ts'
import { emptyResponse } from './response.ts'
import { simulate } from './simulate.ts'
import { queryStore } from './store-query.ts'
import { getTx } from './transaction-query.ts'
import type { TransactionLookup } from './transaction-query.ts'

/** What queries are answered from beside the chain. */
export interface QueryOptions {
  readonly version: string
  /** The engine's index of transactions; without it `GetTx` is an unknown path. */
  readonly findTransaction?: TransactionLookup
}

const SIMULATE_PATH = '/cosmos.tx.v1beta1.Service/Simulate'
const GET_TX_PATH = '/cosmos.tx.v1beta1.Service/GetTx'
const DATA_BYTES_MAX = 512 * 1024
const UNKNOWN_PATH = 6
const NOT_FOUND_CODE = 22

/**
 * Answers one query. What the caller did wrong is a code in the answer; 6 = unknown path, 22 = nothing there.
 */
export function query(chain: Chain, request: RequestQuery, options: QueryOptions): ResponseQuery {
  try {
    if (request.data.length > DATA_BYTES_MAX) throw errors.invalidRequest({ reason: 'the data is oversize' })
    return answer(chain, request, options)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    const height = chain.committed?.height ?? 0n
    const code = codeOf(error)
    // Cosmos clients tell an absent thing from a failure by this text.
    const log = code === NOT_FOUND_CODE ? `rpc error: code = NotFound desc = ${error.message}` : error.message
    return { ...emptyResponse(height), code, codespace: error.codespace, log }
  }
}

function answer(chain: Chain, request: RequestQuery, options: QueryOptions): ResponseQuery {
  const { path } = request
  const store = /^\/?store\/([^/]+)\/key$/.exec(path)
  if (store !== null) return queryStore(chain, store[1]!, request)
  if (/^\/?app\/version$/.test(path)) return textResponse(chain, options.version)
  if (path === SIMULATE_PATH) return bytesResponse(chain, simulate(chain, request.data))
  if (path === GET_TX_PATH && options.findTransaction !== undefined) {
    return bytesResponse(chain, getTx(request.data, options.findTransaction))
  }
  const method = chain.queries.get(path)
  if (method === undefined) throw errors.unknownPath({ path: path.slice(0, 128) })
  if (request.prove) throw errors.invalidRequest({ reason: `only store/<name>/key is proven, not ${path}` })
  const context = contextAt(chain, request.height)
  return { ...emptyResponse(context.height), value: answerWithin(method, context, request.data) }
}

/** Throws `query/11` when the query reads too much: it runs on the thread that makes blocks. */
function answerWithin(method: QueryMethod, context: ReadContext, data: Uint8Array): Uint8Array {
  try {
    return method.answer(context, data)
  } catch (error) {
    if (isProtocolError(error) && error.codespace === 'tx' && error.code === 11) throw errors.tooMuch()
    throw error
  }
}

/**
 * State at a height: 0 is the newest. Throws `query/26` for one that is to come, `state/1` for one that was
 * pruned.
 */
function contextAt(chain: Chain, height: bigint): ReadContext {
  if (height < 0n) throw errors.invalidHeight({ reason: 'it is negative' })
  const latest = chain.committed
  if (latest === undefined) {
    if (height > 0n) throw errors.invalidHeight({ reason: `${height} is not committed yet` })
    return metered(chain.latest, chain.newLayer())
  }
  // Past the memory that blocks read through: nobody fills it by asking.
  if (height === 0n || height === latest.height)
    return metered(latest, new Layer((name) => chain.stores.reader(name)))
  if (height > latest.height) throw errors.invalidHeight({ reason: `${height} is not committed yet` })
  // The time of an old block is not kept: what depends on time is judged at the newest one.
  const block = blockInfo(chain.options.chainId, height, latest.timeNanoseconds)
  return metered(block, new Layer((name) => chain.stores.readerAt(name, height)))
}

function metered(block: BlockInfo, layer: Layer): ReadContext {
  return new ExecutionContext(block, layer, new GasMeter(UNPAID_GAS_MAX), { isSilent: true })
}

function bytesResponse(chain: Chain, value: Uint8Array): ResponseQuery {
  return { ...emptyResponse(chain.committed?.height ?? 0n), value }
}

function textResponse(chain: Chain, text: string): ResponseQuery {
  return bytesResponse(chain, new TextEncoder().encode(text))
}

/** A query's own failures keep their numbers, except that none may look like an unknown path. */
function codeOf({ codespace, code }: { codespace: string; code: number }): number {
  if (codespace === 'query' || codespace === 'accounts' || codespace === 'ledger') return code
  if (NOT_FOUND.some(([space, number]) => space === codespace && number === code)) return NOT_FOUND_CODE
  return code === UNKNOWN_PATH ? 18 : code
}

// What libs/messaging and attestation say when there is nothing.
const NOT_FOUND: readonly (readonly [string, number])[] = [
  ['ibc', 60],
  ['ibc', 80],
  ['ibc', 87],
  ['ibc', 120],
  ['transfer', 83],
  ['attestation', 70],
  ['attestation', 71],
  ['attestation', 72],
  ['attestation', 73],
]
