import { z } from 'zod'
import { EndpointError } from './endpoint-error.ts'

/** Calls a method of a JSON-RPC 2.0 server; answers its result, not yet checked. */
export type JsonRpc = (
  method: string,
  parameters: Readonly<Record<string, unknown>> | readonly unknown[],
  signal?: AbortSignal,
) => Promise<unknown>

/** Bounds on one answer. */
export type JsonRpcLimits = { timeoutMs: number; answerBytesMax: number }

const answer = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
})
const DETAIL_LENGTH_MAX = 300

/**
 * A client for one server. Answers beyond the limits, and whatever isn't JSON-RPC, throw an `EndpointError`.
 */
export function createJsonRpc(url: string, limits: JsonRpcLimits): JsonRpc {
  let id = 0
  return async (method, parameters, signal) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params: parameters })
    const headers = { 'content-type': 'application/json' }
    const { text } = await request(url, { method: 'POST', headers, body }, limits, signal)
    const parsed = answer.safeParse(parseJson(text))
    if (!parsed.success) throw new EndpointError('malformed', `${method}: not a JSON-RPC answer`)
    const { result, error } = parsed.data
    if (error !== undefined) {
      const detail = `${method}: ${error.message} ${typeof error.data === 'string' ? error.data : ''}`
      throw new EndpointError('rpc-error', detail.slice(0, DETAIL_LENGTH_MAX))
    }
    return result
  }
}

/**
 * Asks over HTTP within limits: the status and the answer's text. What can't be had throws an
 * `EndpointError`.
 */
export async function request(
  url: string,
  init: RequestInit,
  limits: JsonRpcLimits,
  signal?: AbortSignal,
): Promise<{ status: number; text: string }> {
  const timeout = AbortSignal.timeout(limits.timeoutMs)
  const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
  try {
    const response = await fetch(url, { ...init, signal: either, redirect: 'error' })
    return { status: response.status, text: await readBounded(response, limits.answerBytesMax) }
  } catch (error) {
    if (error instanceof EndpointError) throw error
    const name = error instanceof Error ? error.name : ''
    if (name === 'TimeoutError')
      throw new EndpointError('timeout', `no answer in ${limits.timeoutMs} ms`, error)
    throw new EndpointError('unreachable', describe(error), error)
  }
}

async function readBounded(response: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length
    if (size > bytesMax) throw new EndpointError('too-large', `more than ${bytesMax} bytes`)
    chunks.push(chunk as Uint8Array)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Text as JSON. Throws `EndpointError` `malformed`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new EndpointError('malformed', 'the answer is not JSON', error)
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message}${cause}`.slice(0, DETAIL_LENGTH_MAX)
}
