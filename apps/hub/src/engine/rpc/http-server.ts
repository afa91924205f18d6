import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { NodeView } from '../node/node-view.ts'
import { errorText, failureText, InvalidParams, rpcErrors, successText } from './json-rpc.ts'
import type { MethodContext } from './method.ts'
import { uriParameters } from './parameters.ts'
import { answerBody, methods } from './router.ts'
import { withDefaults } from './rpc-options.ts'
import type { FullRpcOptions, RpcOptions, RpcServer } from './rpc-options.ts'
import { serveWebSockets, webSocketMethods } from './web-socket.ts'

/** The id of answers to URI calls, which carry none. */
const URI_ID = -1
const KEEP_ALIVE_MILLISECONDS = 30_000

/** Serves CometBFT's RPC over HTTP (POST, batches, URIs) and WebSocket. Rejects when the port is taken. */
export async function startRpcServer(node: NodeView, given: RpcOptions): Promise<RpcServer> {
  const options = withDefaults(given)
  const server = createServer({
    requestTimeout: options.requestTimeoutMilliseconds,
    headersTimeout: options.requestTimeoutMilliseconds,
    connectionsCheckingInterval: Math.min(1000, options.requestTimeoutMilliseconds),
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    maxHeaderSize: 64 * 1024,
  })
  server.maxConnections = options.connectionsMax
  await listen(server, options)
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  const context: MethodContext = { node, options, listenAddress: `tcp://${host}:${port}` }
  server.on('request', (request, response) => {
    handle(request, response, context).catch(() => response.destroy())
  })
  const closeSockets = serveWebSockets(server, context)
  return {
    url: `http://${host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        closeSockets()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  context: MethodContext,
): Promise<void> {
  response.on('error', () => undefined)
  allowOrigin(request, response, context.options)
  if (request.method === 'OPTIONS') return send(response, 204, undefined)
  let url: URL
  try {
    url = new URL(request.url ?? '/', 'http://localhost')
  } catch {
    return notFound(response)
  }
  const name = url.pathname.slice(1)
  if (name !== '') return handleUri(name, url, response, context)
  const body = await readBody(request, context.options.bodyBytesMax)
  if (body === 'broken') return
  if (body === 'too large') {
    response.setHeader('Connection', 'close')
    return send(
      response,
      400,
      errorText(undefined, rpcErrors.request, 'error reading request body: too large'),
    )
  }
  if (body === '') return send(response, 200, listOfMethods(), 'text/html')
  const { status, text } = await answerBody(body, context)
  send(response, status, text)
}

async function handleUri(
  name: string,
  url: URL,
  response: ServerResponse,
  context: MethodContext,
): Promise<void> {
  const method = methods.get(name)
  if (!method) {
    if (webSocketMethods.includes(name)) return send(response, 404, errorText(URI_ID, rpcErrors.method))
    return notFound(response)
  }
  try {
    const result = await method.run(uriParameters(url.searchParams), context)
    send(response, 200, successText(URI_ID, JSON.stringify(result)))
  } catch (error) {
    if (error instanceof InvalidParams) {
      const data = `error converting http params to arguments: ${error.message}`
      return send(response, 500, errorText(URI_ID, rpcErrors.params, data))
    }
    send(response, 500, failureText(URI_ID, error))
  }
}

function readBody(request: IncomingMessage, bytesMax: number): Promise<string | 'too large' | 'broken'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= bytesMax) chunks.push(chunk)
      else {
        request.pause()
        resolve('too large')
      }
    })
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.on('error', () => resolve('broken'))
    request.on('close', () => resolve('broken'))
  })
}

function send(
  response: ServerResponse,
  status: number,
  text: string | undefined,
  contentType = 'application/json',
): void {
  if (text === undefined) return void response.writeHead(status).end()
  const body = Buffer.from(text, 'utf8')
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': body.length }).end(body)
}

function notFound(response: ServerResponse): void {
  send(response, 404, '404 page not found\n', 'text/plain; charset=utf-8')
}

function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  { corsOrigins }: FullRpcOptions,
): void {
  const { origin } = request.headers
  if (origin === undefined || !(corsOrigins.includes('*') || corsOrigins.includes(origin))) return
  response.setHeader('Access-Control-Allow-Origin', corsOrigins.includes('*') ? '*' : origin)
  response.setHeader('Access-Control-Allow-Methods', 'HEAD, GET, POST')
  response.setHeader(
    'Access-Control-Allow-Headers',
    'Origin, Accept, Content-Type, X-Requested-With, X-Server-Time',
  )
  response.setHeader('Vary', 'Origin')
}

function listOfMethods(): string {
  const lines = [...methods].map(
    ([name, { parameters }]) => `/${name}?${parameters.map((p) => `${p}=_`).join('&')}`,
  )
  return `<html><body>Available endpoints:<br>${lines.sort().join('<br>')}</body></html>`
}

function listen(server: Server, { host, port }: FullRpcOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
