// The hub's queries through `abci_query`: typed, strictly decoded, with the hub's refusals as errors.
import { isProtocolError, toHex } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import type { Codec } from '@causeway/protocol'
import { errors, hubRefusal } from '../errors.ts'
import type { Rpc } from './json-rpc.ts'
import { base64At, codeAt, heightAt, listAt, membersOf, objectAt, textAt } from './members.ts'

/** A query of the hub: where it lives, and how question and answer are encoded. */
export interface QueryMethod<Request, Response> {
  /** `/causeway.markets.v1.Query/Markets`. */
  readonly path: string
  readonly request: Codec<Request>
  readonly response: Codec<Response>
  /** Full name of the response message. */
  readonly responseType: string
}

/** A part of a proof, as the node sends it. */
export interface ProofOp {
  readonly type: string
  readonly data: Uint8Array
}

/** A stored value, as the node tells it. */
export interface StoredValue {
  readonly height: bigint
  /** Empty when nothing is stored there. */
  readonly value: Uint8Array
  readonly proof: readonly ProofOp[]
}

const ANSWER_LIMITS = { maxBytes: 24 * 1024 * 1024, maxFields: 2_000_000 }
const PROOF_OPS_MAX = 2

/**
 * A query of a service: `queryOf('causeway.markets.v1', 'Markets', QueryMarketsRequest,
 * QueryMarketsResponse)`.
 */
export function queryOf<Request, Response>(
  service: string,
  name: string,
  request: Codec<Request>,
  response: Codec<Response>,
): QueryMethod<Request, Response> {
  return {
    path: `/${service}.Query/${name}`,
    request,
    response,
    responseType: `${service}.Query${name}Response`,
  }
}

/** Asks; at the newest height. Throws what the hub refuses, and `client/1` – `client/3`. */
export async function ask<Request, Response>(
  rpc: Rpc,
  method: QueryMethod<Request, Response>,
  request: Request,
): Promise<Response> {
  const data = method.request.encode(request).finish()
  const { value } = await abciQuery(rpc, method.path, data)
  try {
    return decodeStrict(method.response, method.responseType, value, ANSWER_LIMITS)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.badAnswer({ what: method.path, reason: error.message })
  }
}

/** Reads a key of a store; with a proof when asked. Throws as `ask` does. */
export async function readStore(
  rpc: Rpc,
  store: string,
  key: Uint8Array,
  options: { readonly height?: bigint; readonly prove?: boolean } = {},
): Promise<StoredValue> {
  return await abciQuery(rpc, `/store/${store}/key`, key, options)
}

async function abciQuery(
  rpc: Rpc,
  path: string,
  data: Uint8Array,
  options: { readonly height?: bigint; readonly prove?: boolean } = {},
): Promise<StoredValue> {
  const { height = 0n, prove = false } = options
  const params = { path, data: toHex(data), height: height.toString(), prove }
  const response = objectAt(await rpc.call('abci_query', params), 'response', path)
  const code = codeAt(response, 'code', path)
  if (code !== 0) {
    const codespace = textAt(response, 'codespace', path)
    throw hubRefusal({ codespace, code, log: textAt(response, 'log', path) })
  }
  const proofOps = response['proofOps'] ?? undefined
  const ops = proofOps === undefined ? [] : listAt(membersOf(proofOps, path), 'ops', path, PROOF_OPS_MAX)
  return {
    height: heightAt(response, 'height', path),
    value: base64At(response, 'value', path),
    proof: ops.map((each) => {
      const op = membersOf(each, path)
      return { type: textAt(op, 'type', path), data: base64At(op, 'data', path) }
    }),
  }
}
