import { createServer } from 'node:http'
import type { Server } from 'node:http'

/** A JSON-RPC request as it comes in. */
export interface ProxiedRequest {
  readonly id: number
  readonly method: string
  readonly params: readonly unknown[]
}

/** What a proxy makes of a request: passes it on, answers by itself, fails, or never answers. */
export type Behaviour = (request: ProxiedRequest, pass: () => Promise<unknown>) => Promise<unknown> | unknown

/** Says that a request is never answered. */
export const HANG = Symbol('hang')

/** An endpoint between the relayer and a node that behaves as a test says. */
export class RpcProxy {
  readonly methods: string[] = []
  behaviour: Behaviour = (_, pass) => pass()
  readonly #server: Server
  url = ''

  constructor(target: string) {
    this.#server = createServer((incoming, response) => {
      let body = ''
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
      incoming.on(
        'end',
        () => void this.#answer(target, body).then((text) => text !== undefined && response.end(text)),
      )
    })
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    this.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(target: string, body: string): Promise<string | undefined> {
    const request = JSON.parse(body) as ProxiedRequest | ProxiedRequest[]
    if (!Array.isArray(request)) return await this.#one(target, request)
    const answers = await Promise.all(request.map((one) => this.#one(target, one)))
    return answers.includes(undefined) ? undefined : `[${answers.join(',')}]`
  }

  async #one(target: string, request: ProxiedRequest): Promise<string | undefined> {
    this.methods.push(request.method)
    const { id } = request
    try {
      const result = await this.behaviour(request, () => pass(target, request))
      return result === HANG ? undefined : JSON.stringify({ jsonrpc: '2.0', id, result })
    } catch (error) {
      const { code = -32000, data } = error as { code?: number; data?: unknown }
      return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message: (error as Error).message, data } })
    }
  }
}

async function pass(target: string, request: ProxiedRequest): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(target, { method: 'POST', headers, body: JSON.stringify(request) })
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
  if (error !== undefined) throw Object.assign(new Error(error.message), error)
  return result
}
