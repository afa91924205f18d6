import { isProtocolError } from '@causeway/primitives'
import type { Json } from '../json/scalars.ts'

/** A request's id: what the caller gave, a text or a whole number. */
export type RequestId = string | number

/** A JSON-RPC 2.0 request. */
export interface RpcRequest {
  readonly id: RequestId
  readonly method: string
  readonly params: unknown
}

/** CometBFT's error codes and messages. */
export const rpcErrors = {
  parse: { code: -32700, message: 'Parse error. Invalid JSON' },
  request: { code: -32600, message: 'Invalid Request' },
  method: { code: -32601, message: 'Method not found' },
  params: { code: -32602, message: 'Invalid params' },
  internal: { code: -32603, message: 'Internal error' },
  server: { code: -32000, message: 'Server error' },
} as const

/** Thrown by parameter readers; answered with -32602. */
export class InvalidParams extends Error {}

/** The text of a successful response. */
export function successText(id: RequestId, resultText: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultText}}`
}

/** The text of an error response; without an id when the request had none that could be read. */
export function errorText(
  id: RequestId | undefined,
  error: { code: number; message: string },
  data = '',
): string {
  const body: Json = {
    jsonrpc: '2.0',
    id,
    error: { code: error.code, message: error.message, ...(data !== '' && { data }) },
  }
  return JSON.stringify(body)
}

/**
 * The response to what a method threw: protocol errors with their text, anything else without a word about
 * why.
 */
export function failureText(id: RequestId, error: unknown): string {
  if (error instanceof InvalidParams) {
    return errorText(id, rpcErrors.params, `error converting json params to arguments: ${error.message}`)
  }
  return errorText(id, rpcErrors.internal, isProtocolError(error) ? error.message : 'internal failure')
}

/**
 * Reads one request: `notification` for one without an id, which nobody answers; a text says what is wrong
 * with it.
 */
export function readRequest(json: unknown): RpcRequest | 'notification' | { readonly fault: string } {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { fault: 'a request is an object' }
  const { id, method, params } = json as Record<string, unknown>
  if (id === undefined || id === null) return 'notification'
  if (typeof id !== 'string' && typeof id !== 'number') return { fault: 'an id is a text or a number' }
  if (typeof method !== 'string') return { fault: 'the method is no text' }
  return { id: typeof id === 'number' ? Math.trunc(id) : id, method, params }
}
