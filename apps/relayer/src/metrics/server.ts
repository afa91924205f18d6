import { createServer } from 'node:http'
import type { Server } from 'node:http'

import type { Registry } from 'prom-client'

import { RelayError } from '../errors.ts'

/** What `/ready` answers: ready only when nothing is named. */
export type Unreadiness = () => readonly string[]

const HEADERS_TIMEOUT_MS = 5_000

/**
 * Serves `/metrics`, `/health` (the process is alive) and `/ready` (503 with the reasons while it is not).
 */
export async function serveMetrics(
  options: { readonly host: string; readonly port: number },
  registry: Registry,
  unreadiness: Unreadiness,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', registry, unreadiness).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
      response.end(body)
    })
  })
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = HEADERS_TIMEOUT_MS
  server.maxConnections = 64
  await listen(server, options)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(url: string, registry: Registry, unreadiness: Unreadiness) {
  const path = url.split('?')[0]
  if (path === '/metrics') return { status: 200, type: registry.contentType, body: await registry.metrics() }
  if (path === '/health') return { status: 200, type: 'application/json', body: '{"alive":true}\n' }
  if (path === '/ready') {
    const reasons = unreadiness()
    const body = `${JSON.stringify({ ready: reasons.length === 0, reasons })}\n`
    return { status: reasons.length === 0 ? 200 : 503, type: 'application/json', body }
  }
  return { status: 404, type: 'text/plain', body: 'try /metrics, /health or /ready\n' }
}

async function listen(
  server: Server,
  options: { readonly host: string; readonly port: number },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const where = `${options.host}:${options.port}`
      reject(
        new RelayError('config', 'never', `metrics can't listen on ${where}: ${cause.code ?? cause.message}`),
      )
    })
    server.listen(options.port, options.host, resolve)
  })
}
