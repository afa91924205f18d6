import { RelayError } from '../errors.ts'

/** One request: a GET, or a POST of JSON. */
export interface JsonRequest {
  readonly url: string
  readonly body?: string
  readonly timeoutMs: number
}

/** Largest answer that is read: a block of results fits, a flood does not. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024

/** An answer in JSON with its HTTP status. */
export interface JsonAnswer {
  readonly status: number
  readonly body: unknown
}

/**
 * Asks for JSON with a deadline and a bounded answer. What fails on the way is a `RelayError` of class
 * endpoint whose text names the host only.
 */
export async function requestJson(request: JsonRequest): Promise<JsonAnswer> {
  return await send(request, false)
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

/** The failure of an endpoint whose answer makes no sense: it is asked less from now on. */
export function nonsense(url: string, why: string): RelayError {
  return new RelayError('endpoint', 'now', `${redactUrl(url)} answered nonsense: ${why}`)
}

async function send(request: JsonRequest, isRetry: boolean): Promise<JsonAnswer> {
  const { url, body, timeoutMs } = request
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  try {
    const response = await fetch(url, {
      ...(body === undefined ? { method: 'GET' } : { method: 'POST', body }),
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { status: response.status, body: JSON.parse(await readBounded(response)) }
  } catch (cause) {
    // A kept-alive connection that the server closed at this moment: nothing was answered, ask once more.
    if (!isRetry && isClosedConnection(cause)) return await send(request, true)
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
