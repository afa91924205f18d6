import { createServer } from 'node:http'
import { networkFault } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { Feed } from '../feed.ts'
import { health, pricesJson, surfacesJson } from './answers.ts'
import { metricsText } from './metrics.ts'

/** A server that runs. */
export interface RunningServer {
  readonly url: string
  stop(): Promise<void>
}

const TIMEOUT_MS = 5_000
const CONNECTIONS_MAX = 64
const JSON_TYPE = 'application/json'

/** Serves what the feed knows, read only. Throws `feeder/16`. */
export async function serve(
  feed: Feed,
  { host, port, now }: { readonly host: string; readonly port: number; readonly now: () => number },
): Promise<RunningServer> {
  const server = createServer((request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const { status, type, body } = isRead
      ? answer(feed, request.url ?? '/', now())
      : { status: 405, type: 'text/plain', body: 'GET only\n' }
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
    response.end(request.method === 'HEAD' ? '' : body)
  })
  server.headersTimeout = TIMEOUT_MS
  server.requestTimeout = TIMEOUT_MS
  server.maxConnections = CONNECTIONS_MAX
  const address = `${host.includes(':') ? `[${host}]` : host}:`
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error) =>
    reject(errors.cannotListen({ address: `${address}${port}`, reason: networkFault(error) })),
  )
  server.listen(port, host, resolve)
  await promise
  const bound = server.address()
  return {
    url: `http://${address}${typeof bound === 'object' && bound !== null ? bound.port : port}`,
    async stop() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

function answer(feed: Feed, url: string, nowMs: number) {
  switch (url.split('?')[0]) {
    case '/v1/prices':
      return { status: 200, type: JSON_TYPE, body: pricesJson(feed, nowMs) }
    case '/v1/surfaces':
      return { status: 200, type: JSON_TYPE, body: surfacesJson(feed, nowMs) }
    case '/healthz': {
      const { isHealthy, json } = health(feed)
      return { status: isHealthy ? 200 : 503, type: JSON_TYPE, body: json }
    }
    case '/metrics':
      return { status: 200, type: 'text/plain; version=0.0.4', body: metricsText(feed, nowMs) }
    default:
      return { status: 404, type: 'text/plain', body: 'try /v1/prices, /v1/surfaces, /healthz or /metrics\n' }
  }
}
