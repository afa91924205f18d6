import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Cluster } from '../cluster/cluster.ts'
import { REQUEST_BYTES_MAX, answerOne, answerParsed, answerText, toJson } from './answer.ts'
import { Subscriptions } from './subscriptions.ts'

/** JSON-RPC over HTTP, and subscriptions on the port above it. */
export interface RpcServer {
  readonly rpcUrl: string
  readonly wsUrl: string
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const PORT_TRIES = 20
const CONNECTIONS_MAX = 500
/** What a listener may leave unread. */
const BUFFERED_BYTES_MAX = 16 * 1_024 * 1_024

/** Serves a cluster on a port and the one above; without a port, on any two that are free. */
export async function serveRpc(cluster: Cluster, port?: number): Promise<RpcServer> {
  for (let tries = 1; ; tries++) {
    const http = createServer((request, response) => void handle(cluster, request, response))
    const sockets = createServer((_, response) => response.writeHead(426).end())
    try {
      const chosen = await listen(http, port ?? 0)
      await listen(sockets, chosen + 1)
      return running(cluster, http, sockets, chosen)
    } catch (error) {
      http.close()
      sockets.close()
      if (port !== undefined || tries === PORT_TRIES) throw error
    }
  }
}

function running(cluster: Cluster, http: Server, sockets: Server, port: number): RpcServer {
  const wss = new WebSocketServer({ server: sockets, maxPayload: REQUEST_BYTES_MAX })
  wss.on('connection', (socket) => listenTo(cluster, wss, socket))
  return {
    rpcUrl: `http://${HOST}:${port}`,
    wsUrl: `ws://${HOST}:${port + 1}`,
    async close() {
      for (const socket of wss.clients) socket.terminate()
      for (const server of [http, sockets]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, HOST)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

async function handle(cluster: Cluster, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  if (request.method === 'GET' && request.url === '/health') return void response.writeHead(200).end('ok')
  if (request.method !== 'POST') return void response.writeHead(405).end()
  const text = await readBody(request).catch(() => undefined)
  if (text === undefined) return void response.writeHead(413, { connection: 'close' }).end()
  response.writeHead(200, headers).end(answerText(cluster, text))
}

/** Throws for one that is too long. */
async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Uint8Array>) {
    length += part.length
    if (length > REQUEST_BYTES_MAX) throw new RangeError('a request that is too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function listenTo(cluster: Cluster, wss: WebSocketServer, socket: WebSocket): void {
  if (wss.clients.size > CONNECTIONS_MAX) return socket.terminate()
  const send = (text: string) => {
    if (socket.bufferedAmount > BUFFERED_BYTES_MAX) socket.terminate()
    else socket.send(text)
  }
  const subscriptions = new Subscriptions(cluster, (message) => send(toJson(message)))
  socket.on('message', (data) => {
    const text = (data as Buffer).toString('utf8')
    const answer = answerParsed(text, (value) =>
      isNotification(value) ? undefined : answerOne(value, (request) => subscriptions.handle(request)),
    )
    if (answer !== '') send(answer)
  })
  socket.on('close', () => subscriptions.close())
  socket.on('error', () => socket.terminate())
}

/** web3.js keeps connections alive by a method `ping` that has no answer. */
function isNotification(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('id' in value)
}
