import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'

/** What a proxy does with an answer: changes it, or keeps the caller waiting for ever. */
export type Change = (
  request: { readonly path: string; readonly method: string },
  answer: Json,
) => Json | 'hang' | Promise<Json>

/** Any JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any

/** An endpoint between a relayer and a node, which behaves as a test says. */
export interface Proxy {
  readonly url: string
  change: Change
  requests: number
  close(): Promise<void>
}

/** Opens a proxy that passes everything on until it is told otherwise. */
export async function openProxy(target: string): Promise<Proxy> {
  const proxy = { url: '', change: ((_, answer) => answer) as Change, requests: 0, close }
  const server = createServer((incoming, response) => {
    proxy.requests += 1
    void answer(target, incoming, proxy.change)
      .then((result) => {
        if (result === 'hang') return
        response.writeHead(result.status, { 'content-type': 'application/json' })
        response.end(result.body)
      })
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  proxy.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  async function close(): Promise<void> {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return proxy
}

async function answer(
  target: string,
  incoming: IncomingMessage,
  change: Change,
): Promise<{ status: number; body: string } | 'hang'> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  const path = incoming.url ?? '/'
  const init =
    text === '' ? {} : { method: 'POST', body: text, headers: { 'content-type': 'application/json' } }
  const response = await fetch(`${target.replace(/\/$/, '')}${path === '/' ? '' : path}`, init)
  const method = text === '' ? 'GET' : String((JSON.parse(text) as { method?: string }).method ?? 'batch')
  const changed = await change({ path, method }, await response.json())
  return changed === 'hang' ? 'hang' : { status: response.status, body: JSON.stringify(changed) }
}
