import { nonsense, requestJson } from '../endpoints/http.ts'
import { RelayError } from '../errors.ts'

/** The part of CosmJS's `RpcClient` that a Comet client needs. */
export interface RpcTransport {
  execute(request: JsonRpcRequest): Promise<JsonRpcSuccess>
  disconnect(): void
}

interface JsonRpcRequest {
  readonly jsonrpc: '2.0'
  readonly id: number | string
  readonly method: string
  // CosmJS types request parameters as JSON of any shape
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly params: any
}

interface JsonRpcSuccess {
  readonly jsonrpc: '2.0'
  readonly id: number | string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly result: any
}

/** JSON-RPC over HTTP. Everything that fails is a `RelayError` of class endpoint. */
export function createHttpTransport(url: string, timeoutMs: number): RpcTransport {
  return {
    async execute(request) {
      const { body } = await requestJson({ url, body: JSON.stringify(request), timeoutMs })
      if (typeof body !== 'object' || body === null) throw nonsense(url, 'not an object')
      const { error, result } = body as {
        error?: { code?: number; message?: string; data?: unknown }
        result?: unknown
      }
      if (error !== undefined && error !== null) {
        throw new RelayError(
          'endpoint',
          'now',
          `${request.method}: ${error.message ?? ''} ${asText(error.data)}`.trim(),
        )
      }
      return { jsonrpc: '2.0', id: request.id, result }
    },
    disconnect() {},
  }
}

function asText(data: unknown): string {
  return typeof data === 'string' ? data : data === undefined ? '' : JSON.stringify(data)
}
