// One node's JSON-RPC over HTTP. Nothing it says is believed beyond its form.
import { isProtocolError, networkFault } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { membersOf } from './members.ts'
import type { Members } from './members.ts'

/** How a node is asked. */
export interface RpcOptions {
  /** How long an answer may take. Default 15 s. */
  readonly timeoutMilliseconds?: number
  /** The longest answer that is read. Default 32 MiB. */
  readonly answerBytesMax?: number
}

/** Asks a node. */
export interface Rpc {
  readonly url: string
  /** The `result` of a call. Throws `client/1` – `client/3`. */
  call(method: string, params: Members): Promise<Members>
}

const TIMEOUT_MS = 15_000
const ANSWER_BYTES_MAX = 32 * 1024 * 1024

/** The node behind an `http(s)://` address. Throws `client/20` for another address. */
export function httpRpc(address: string, options: RpcOptions = {}): Rpc {
  const url = checkedUrl(address)
  const { timeoutMilliseconds = TIMEOUT_MS, answerBytesMax = ANSWER_BYTES_MAX } = options
  let id = 0
  return {
    url,
    async call(method, params) {
      const asked = ++id
      const body = JSON.stringify({ jsonrpc: '2.0', id: asked, method, params })
      const text = await post(url, body, timeoutMilliseconds, answerBytesMax)
      return resultOf(text, method, asked)
    },
  }
}

/** The `result` of the answer to a call, of this id where one is given. Throws `client/2`, `client/3`. */
export function resultOf(text: string, method: string, id?: number): Members {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw errors.badAnswer({ what: method, reason: 'it is no JSON' })
  }
  const answer = membersOf(json, method)
  if (answer['error'] !== undefined && answer['error'] !== null) {
    const { code, message, data } = membersOf(answer['error'], method)
    const reason = [message, data].filter((part) => typeof part === 'string' && part !== '').join(': ')
    throw errors.rpc({ method, code: Number(code) || 0, reason: reason.slice(0, 512) })
  }
  if (id !== undefined && answer['id'] !== id) {
    throw errors.badAnswer({ what: method, reason: 'it answers another call' })
  }
  return membersOf(answer['result'], method)
}

function checkedUrl(address: string): string {
  const expected = 'the http:// or https:// address of a node’s RPC'
  let url: URL
  try {
    url = new URL(address)
  } catch {
    throw errors.badArgument({ name: 'rpc', expected })
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw errors.badArgument({ name: 'rpc', expected })
  return url.href.replace(/\/$/, '')
}

async function post(url: string, body: string, timeout: number, bytesMax: number): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  try {
    const signal = AbortSignal.timeout(timeout)
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    // CometBFT answers errors of its methods with status 500 and a JSON-RPC body.
    if (!response.ok && response.status !== 500) throw new Error(`HTTP status ${response.status}`)
    return await boundedText(response, bytesMax)
  } catch (error) {
    if (isProtocolError(error)) throw error
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    const reason = isLate ? `nothing came within ${timeout} ms` : networkFault(error)
    throw errors.unreachable({ url, reason })
  }
}

async function boundedText(response: Response, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  const reader = response.body?.getReader()
  if (reader === undefined) return text
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.length
    if (bytes > bytesMax) {
      await reader.cancel()
      throw errors.badAnswer({ what: 'a call', reason: `it is longer than ${bytesMax} bytes` })
    }
    text += decoder.decode(value, { stream: true })
  }
}
