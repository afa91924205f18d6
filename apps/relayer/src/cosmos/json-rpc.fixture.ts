import { createServer } from 'node:http'
import type { Server } from 'node:http'

interface Request {
  readonly id: number | string
  readonly method: string
  readonly params: Record<string, unknown>
}

/** A JSON-RPC endpoint for tests: answers with what `answer` returns, with an error when it throws. */
export class JsonRpcEndpoint {
  readonly requests: Request[] = []
  readonly #server: Server

  constructor(answer: (method: string, params: Record<string, unknown>) => unknown) {
    this.#server = createServer((incoming, response) => {
      let body = ''
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
      incoming.on('end', () => {
        const request = JSON.parse(body) as Request
        this.requests.push(request)
        const { id, method, params } = request
        try {
          response.end(JSON.stringify({ jsonrpc: '2.0', id, result: answer(method, params) }))
        } catch (error) {
          const data = (error as Error).message
          response.end(
            JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32603, message: 'Internal', data } }),
          )
        }
      })
    })
  }

  /** Its address, once it listens. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
