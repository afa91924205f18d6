import { RelayError } from '../errors.ts'

/** The part of CosmJS's `RpcClient` that a Comet client needs. */
export interface RpcTransport {
  execute(request: JsonRpcRequest): Promise<JsonRpcSuccess>
  disconnect(): void
}

interface JsonRpcRequest {
  readonly jsonrpc: '2.0'
  readonly id: number | string
  readonly method: string
  // CosmJS types request parameters as JSON of any shape
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly params: any
}

interface JsonRpcSuccess {
  readonly jsonrpc: '2.0'
  readonly id: number | string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly result: any
}

/** Largest answer that is read: a block of results fits, a flood does not. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024

/**
 * JSON-RPC over HTTP with a deadline and a bounded answer. Everything that fails is a `RelayError` of class
 * endpoint.
 */
export function createHttpTransport(url: string, timeoutMs: number): RpcTransport {
  return {
    async execute(request) {
      const answer = await post(url, JSON.stringify(request), timeoutMs)
      if (typeof answer !== 'object' || answer === null) throw unreadable(url, 'not an object')
      const { error, result } = answer as {
        error?: { code?: number; message?: string; data?: unknown }
        result?: unknown
      }
      if (error !== undefined && error !== null) {
        throw new RelayError(
          'endpoint',
          'now',
          `${request.method}: ${error.message ?? ''} ${asText(error.data)}`.trim(),
        )
      }
      return { jsonrpc: '2.0', id: request.id, result }
    },
    disconnect() {},
  }
}

async function post(url: string, body: string, timeoutMs: number, isRetry = false): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return JSON.parse(await readBounded(response))
  } catch (cause) {
    // A kept-alive connection that the server closed at this moment: nothing was answered, ask once more.
    if (!isRetry && isClosedConnection(cause)) return await post(url, body, timeoutMs, true)
    const reason =
      cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : ''
    throw new RelayError('endpoint', 'now', `${redactUrl(url)} did not answer: ${reason}`, { cause })
  }
}

function isClosedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined
  return cause?.code === 'UND_ERR_SOCKET' || cause?.code === 'ECONNRESET' || cause?.code === 'EPIPE'
}

async function readBounded(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  const decoder = new TextDecoder()
  const parts: string[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return parts.join('') + decoder.decode()
    size += value.length
    if (size > ANSWER_BYTES_MAX) {
      await reader.cancel()
      throw new Error(`answer longer than ${ANSWER_BYTES_MAX} bytes`)
    }
    parts.push(decoder.decode(value, { stream: true }))
  }
}

/** An endpoint's address without what may be an access key: no user, no path, no query. */
export function redactUrl(url: string): string {
  try {
    const { protocol, host } = new URL(url)
    return `${protocol}//${host}`
  } catch {
    return '(malformed url)'
  }
}

function unreadable(url: string, why: string): RelayError {
  return new RelayError('endpoint', 'now', `${redactUrl(url)} answered nonsense: ${why}`)
}

function asText(data: unknown): string {
  return typeof data === 'string' ? data : data === undefined ? '' : JSON.stringify(data)
}
