import type { Cluster } from '../cluster/cluster.ts'
import { Unloadable } from '../execution/message.ts'
import { accountMethods } from './account-methods.ts'
import { clusterMethods } from './cluster-methods.ts'
import { historyMethods } from './history-methods.ts'
import type { Methods } from './method.ts'
import {
  INTERNAL_ERROR,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  PARSE_ERROR,
  RpcError,
  describeError,
  invalidParams,
} from './rpc-error.ts'
import { sendMethods } from './send-methods.ts'

/** Bytes of a request; agave's own limit. */
export const REQUEST_BYTES_MAX: number = 50 * 1_024
const BATCH_MAX = 100

const METHODS: ReadonlyMap<string, Methods[string]> = new Map(
  Object.entries({ ...clusterMethods, ...accountMethods, ...historyMethods, ...sendMethods }),
)

/** A request that has the form of one. */
export interface Request {
  readonly id: unknown
  readonly method: string
  readonly params: readonly unknown[]
}

/** Answers what came by HTTP: one request or several. */
export function answerText(cluster: Cluster, text: string): string {
  return answerParsed(text, (value) =>
    answerOne(value, ({ method, params }) => call(cluster, method, params)),
  )
}

/** Parses a text and answers what is in it. */
export function answerParsed(text: string, answer: (value: unknown) => unknown): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return toJson(failure(null, new RpcError(PARSE_ERROR, 'Parse error')))
  }
  if (!Array.isArray(value)) return toJson(answer(value))
  if (value.length === 0 || value.length > BATCH_MAX)
    return toJson(failure(null, new RpcError(INVALID_REQUEST, 'Invalid request')))
  return toJson(value.map(answer))
}

/** Answers one request by what `handle` says. */
export function answerOne(value: unknown, handle: (request: Request) => unknown): unknown {
  const request = readRequest(value)
  if (!request) return failure(null, new RpcError(INVALID_REQUEST, 'Invalid request'))
  try {
    return { jsonrpc: '2.0', id: request.id, result: handle(request) }
  } catch (error) {
    return failure(request.id, error)
  }
}

/** Numbers that JavaScript can't hold are written all the same; nothing is an empty text. */
export function toJson(value: unknown): string {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown }
  const text = JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'bigint' ? rawJSON(String(each)) : each,
  ) as string | undefined
  return text ?? ''
}

function call(cluster: Cluster, name: string, params: readonly unknown[]): unknown {
  const method = METHODS.get(name)
  if (!method) throw new RpcError(METHOD_NOT_FOUND, 'Method not found')
  return method(cluster, params)
}

function readRequest(value: unknown): Request | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { id = null, method, params = [], jsonrpc } = value as Record<string, unknown>
  if (jsonrpc !== '2.0' || typeof method !== 'string' || !Array.isArray(params)) return undefined
  if (id !== null && typeof id !== 'number' && typeof id !== 'string') return undefined
  return { id, method, params }
}

function failure(id: unknown, error: unknown): unknown {
  const { code, message, data } = toRpcError(error)
  return { jsonrpc: '2.0', id, error: { code, message, ...(data !== undefined && { data }) } }
}

function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error
  if (error instanceof Unloadable) return invalidParams(describeError(error.error))
  return new RpcError(INTERNAL_ERROR, 'Internal error', String(error))
}
