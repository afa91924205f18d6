// A node that stands between a client and a hub, and does not always do what it should.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to a call; nothing for what goes through as it is. */
export type Mishap =
  | undefined
  /** The hub never sees it. */
  | 'lose the call'
  /** The hub does it, and nobody hears. */
  | 'lose the answer'
  /** The hub does it, and the connection breaks in the middle of the answer. */
  | 'cut the answer'
  /** The hub does it, and this is answered. */
  | { readonly status: number; readonly body: string }
  /** The hub does it, and its answer is changed. */
  | ((text: string) => string)

/** A proxy that runs. */
export interface Proxy {
  readonly url: string
  /** Methods that were called, in order. */
  readonly calls: string[]
  /** Decides on each call; may wait before it does. */
  decide: (method: string, params: Record<string, unknown>) => Mishap | Promise<Mishap>
  stop(): Promise<void>
}

/** Starts a proxy in front of a node. */
export async function startProxy(target: string): Promise<Proxy> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request)
      const { method, params } = JSON.parse(body) as { method: string; params: Record<string, unknown> }
      proxy.calls.push(method)
      const mishap = await proxy.decide(method, params)
      if (mishap === 'lose the call') return response.destroy()
      const headers = { 'content-type': 'application/json', connection: 'close' }
      const answer = await fetch(target, { method: 'POST', body, headers })
      const text = await answer.text()
      if (mishap === 'lose the answer') return response.destroy()
      if (mishap === 'cut the answer') {
        response.writeHead(200, { 'content-length': Buffer.byteLength(text) })
        return response.write(text.slice(0, text.length / 2), () => response.destroy())
      }
      if (typeof mishap === 'object') return response.writeHead(mishap.status).end(mishap.body)
      return response.writeHead(answer.status).end(mishap === undefined ? text : mishap(text))
    })().catch(() => response.destroy())
  })
  const proxy: Proxy = {
    url: '',
    calls: [],
    decide: () => undefined,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(proxy, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
