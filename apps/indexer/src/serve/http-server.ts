import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkFault } from '@causeway/primitives'
import { OperatorError } from '../operator-error.ts'
import type { createGraphqlHandler } from './graphql-handler.ts'
import type { IndexerMeta } from './indexer-meta.ts'
import type { Metrics } from './metrics.ts'

/** What the HTTP server is made of. */
export type HttpParts = {
  readonly graphql: ReturnType<typeof createGraphqlHandler>
  readonly meta: () => IndexerMeta
  readonly metrics: Metrics
  readonly bodyBytesMax: number
}

/** A listening server. */
export type HttpServer = { readonly url: string; close(): Promise<void> }

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const CONNECTIONS_MAX = 2_000

/** Serves `/graphql`, `/health`, `/ready` and `/metrics`. Throws `OperatorError` when it can't listen. */
export async function listen(parts: HttpParts, host: string, port: number): Promise<HttpServer> {
  const server = createServer((request, response) => void answer(parts, request, response))
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.maxConnections = CONNECTIONS_MAX
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new OperatorError(`can't serve at ${host}:${port}: ${networkFault(cause)}`, { cause }))
    })
    server.listen(port, host, resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return { url: `http://${name}:${bound}`, close: () => close(server) }
}

async function answer(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = performance.now()
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  response.on('close', () => {
    const known = ['/graphql', '/health', '/ready', '/metrics'].includes(path) ? path : 'other'
    parts.metrics.answered(known, response.statusCode, (performance.now() - started) / 1000)
  })
  try {
    if (path === '/graphql') return await answerGraphql(parts, request, response)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plain(response, 405, 'method not allowed')
    if (path === '/health') return plain(response, 200, 'ok')
    if (path === '/ready') return answerReady(parts.meta(), response)
    if (path === '/metrics') {
      const text = await parts.metrics.registry.metrics()
      return plain(response, 200, text, parts.metrics.registry.contentType)
    }
    plain(response, 404, 'not found')
  } catch {
    if (!response.headersSent) plain(response, 500, 'internal error')
    else response.destroy()
  }
}

async function answerGraphql(
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refusal = refuseBody(request, parts.bodyBytesMax)
  if (refusal !== undefined) {
    response.setHeader('connection', 'close')
    return plain(response, refusal.code, refusal.reason)
  }
  await parts.graphql(request, response)
}

/** The length of a body must be told and bounded before anything of it is read. */
function refuseBody(
  request: IncomingMessage,
  bytesMax: number,
): { code: number; reason: string } | undefined {
  if (request.headers['transfer-encoding'] !== undefined) return { code: 411, reason: 'length required' }
  const length = Number(request.headers['content-length'] ?? 0)
  return length > bytesMax ? { code: 413, reason: `at most ${bytesMax} bytes` } : undefined
}

/** Ready: the hub is followed and its lag is within the bound. */
function answerReady(meta: IndexerMeta, response: ServerResponse): void {
  const chains = meta.chains.map(({ chainId, state, indexedHeight, lagSeconds }) => ({
    chainId,
    state,
    indexedHeight: String(indexedHeight),
    lagSeconds,
  }))
  const text = JSON.stringify({ ready: !meta.isRefusing, chains })
  plain(response, meta.isRefusing ? 503 : 200, text, 'application/json')
}

function plain(response: ServerResponse, code: number, text: string, type = 'text/plain'): void {
  response.writeHead(code, { 'content-type': type, 'x-content-type-options': 'nosniff' })
  response.end(text)
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  // Subscriptions stay open for ever: they are cut.
  server.closeAllConnections()
  await closed
}
