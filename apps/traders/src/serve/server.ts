import { createServer } from 'node:http'
import { networkFault } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** A server that runs. */
export interface RunningServer {
  readonly url: string
  stop(): Promise<void>
}

/** What is served. */
export interface Served {
  /** Why it is not well; absent when it is. */
  fault(): string | undefined
  metrics(): string
}

const TIMEOUT_MS = 5_000
const CONNECTIONS_MAX = 64

/** Serves `/healthz` and `/metrics`, read only, on this machine. Throws `traders/2`. */
export async function serve(
  served: Served,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  const server = createServer((request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const { status, body } = isRead ? answer(served, request.url ?? '/') : { status: 405, body: 'GET only\n' }
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4', 'cache-control': 'no-store' })
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

function answer(served: Served, url: string): { readonly status: number; readonly body: string } {
  switch (url.split('?')[0]) {
    case '/healthz': {
      const fault = served.fault()
      return fault === undefined ? { status: 200, body: 'ok\n' } : { status: 503, body: `${fault}\n` }
    }
    case '/metrics':
      return { status: 200, body: served.metrics() }
    default:
      return { status: 404, body: 'try /healthz or /metrics\n' }
  }
}
