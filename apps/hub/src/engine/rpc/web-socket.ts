import type { Server } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import type { RawData } from 'ws'
import { isProtocolError } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { Attributes } from '../events/match.ts'
import { errorText, failureText, InvalidParams, readRequest, rpcErrors, successText } from './json-rpc.ts'
import type { RpcRequest } from './json-rpc.ts'
import type { MethodContext } from './method.ts'
import { jsonParameters } from './parameters.ts'
import { answerSingle } from './router.ts'

/** Methods that only a WebSocket has. */
export const webSocketMethods: readonly string[] = ['subscribe', 'unsubscribe', 'unsubscribe_all']

const PING_MILLISECONDS = 27_000
/** Calls of one connection that are being answered. */
const IN_FLIGHT_MAX = 2000

/** Serves `/websocket` on an HTTP server; gives what closes all connections. */
export function serveWebSockets(server: Server, context: MethodContext): () => void {
  const { bodyBytesMax, corsOrigins } = context.options
  const sockets = new WebSocketServer({ noServer: true, maxPayload: bodyBytesMax })
  server.on('upgrade', (request, socket, head) => {
    const { origin } = request.headers
    const isAllowed = origin === undefined || corsOrigins.includes('*') || corsOrigins.includes(origin)
    const path = (request.url ?? '').split('?')[0]
    if (path !== '/websocket' || !isAllowed) {
      socket.end(`HTTP/1.1 ${isAllowed ? '404 Not Found' : '403 Forbidden'}\r\nConnection: close\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => serveConnection(webSocket, context))
  })
  return () => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  }
}

function serveConnection(socket: WebSocket, context: MethodContext): void {
  const { bus } = context.node
  let isAlive = true
  let inFlight = 0
  const pings = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, PING_MILLISECONDS)
  socket.on('pong', () => void (isAlive = true))
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clearInterval(pings)
    bus.unsubscribeAll(socket)
  })
  socket.on('message', (data) => {
    isAlive = true
    if (++inFlight > IN_FLIGHT_MAX) return socket.terminate()
    answer(socket, textOf(data), context).then(
      (text) => {
        inFlight--
        if (text !== undefined) send(socket, text, context)
      },
      () => socket.terminate(),
    )
  })
}

async function answer(socket: WebSocket, text: string, context: MethodContext): Promise<string | undefined> {
  let json: unknown
  try {
    json = JSON.parse(text) as unknown
  } catch {
    return errorText(undefined, rpcErrors.parse, 'error unmarshaling request')
  }
  const request = readRequest(json)
  const isOwn =
    typeof request === 'object' && 'method' in request && webSocketMethods.includes(request.method)
  if (!isOwn) return (await answerSingle(json, context)).text
  try {
    changeSubscriptions(socket, request, context)
    return successText(request.id, '{}')
  } catch (error) {
    if (error instanceof InvalidParams) return errorText(request.id, rpcErrors.internal, error.message)
    const isQuery = isProtocolError(error) && error.codespace === 'engine' && error.code === 80
    if (isQuery) return errorText(request.id, rpcErrors.internal, `failed to parse query: ${error.message}`)
    return failureText(request.id, error)
  }
}

function changeSubscriptions(socket: WebSocket, request: RpcRequest, context: MethodContext): void {
  const { bus } = context.node
  if (request.method === 'unsubscribe_all') {
    if (!bus.unsubscribeAll(socket)) throw errors.subscriptionNotFound()
    return
  }
  const query = jsonParameters(request.params, ['query']).text('query')
  if (request.method === 'unsubscribe') return bus.unsubscribe(socket, query)
  const head = `{"query":${JSON.stringify(query)},"data":`
  bus.subscribe(socket, {
    query,
    deliver: (data, attributes) => {
      const result = `${head}${data},"events":${attributesText(attributes)}}`
      send(socket, successText(request.id, result), context)
    },
  })
}

/** A client that doesn't read is cut off, so that it can't fill the memory. */
function send(socket: WebSocket, text: string, { options, node }: MethodContext): void {
  if (socket.readyState !== WebSocket.OPEN) return
  if (socket.bufferedAmount > options.webSocketBacklogBytesMax) {
    node.bus.unsubscribeAll(socket)
    socket.terminate()
    return
  }
  socket.send(text)
}

const texts = new WeakMap<Attributes, string>()

function attributesText(attributes: Attributes): string {
  const known = texts.get(attributes)
  if (known !== undefined) return known
  const text = JSON.stringify(Object.fromEntries(attributes))
  texts.set(attributes, text)
  return text
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : data.toString('utf8')
}
