import { createServer } from 'node:http'
import type { Server } from 'node:http'

/** A JSON-RPC request as it comes in. */
export interface RelayedRequest {
  readonly id: number
  readonly method: string
  readonly params: readonly unknown[]
}

/** What is made of a request: passed on, answered otherwise, or refused by throwing. */
export type Behaviour = (request: RelayedRequest, pass: () => Promise<unknown>) => Promise<unknown> | unknown

/** An endpoint between the relayer and a node that behaves as a test says. */
export class RpcRelay {
  behaviour: Behaviour = (_, pass) => pass()
  readonly methods: string[] = []
  readonly #target: string
  readonly #server: Server
  url = ''

  constructor(target: string) {
    this.#target = target
    this.#server = createServer((incoming, response) => {
      const parts: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => parts.push(chunk))
      incoming.on('end', () => {
        void this.#answer(Buffer.concat(parts).toString()).then((text) => response.end(text))
      })
    })
  }

  /** Begins to listen on a free port. */
  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    this.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    return this
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(body: string): Promise<string> {
    const request = JSON.parse(body) as RelayedRequest
    const { id, method } = request
    this.methods.push(method)
    try {
      const result = await this.behaviour(request, () => this.#pass(body))
      return JSON.stringify({ jsonrpc: '2.0', id, result })
    } catch (error) {
      const { code = -32000, data, message } = error as { code?: number; data?: unknown; message: string }
      return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } })
    }
  }

  async #pass(body: string): Promise<unknown> {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(this.#target, { method: 'POST', headers, body })
    const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
    if (error !== undefined) throw Object.assign(new Error(error.message), error)
    return result
  }
}
