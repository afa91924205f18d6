import type { Codec } from '@causeway/protocol'
import { decodeStrict } from '@causeway/protocol'
import type { Height } from '@causeway/protocol/ibc/core/client/v1/client'
import type { LightClientRegistry } from '../client/registry.ts'
import type { KeyValueReader } from '../store.ts'

/** What a query reads: one committed version of the store `ibc`, its height and the time of its block. */
export interface QueryContext {
  readonly ibc: KeyValueReader
  readonly height: Height
  readonly timeNanoseconds: bigint
  readonly lightClients: LightClientRegistry
}

/** A gRPC-style ABCI query: protobuf bytes in, protobuf bytes out. Refuses with a `ProtocolError`. */
export type QueryHandler<Context = QueryContext> = (context: Context, request: Uint8Array) => Uint8Array

/** Requests longer than this are refused before anything decodes them. */
export const QUERY_BYTES_MAX = 262_144

/** Makes one method of a gRPC-style service: its path, and a handler of bytes from one of messages. */
export function queryMethod<Request, Response, Context = QueryContext>(
  service: string,
  name: string,
  request: Codec<Request>,
  response: Codec<Response>,
  answer: (context: Context, request: Request) => Response,
): readonly [path: string, handler: QueryHandler<Context>] {
  const type = `${service}.Query${name}Request`
  const handler: QueryHandler<Context> = (context, bytes) => {
    const decoded = decodeStrict(request, type, bytes, { maxBytes: QUERY_BYTES_MAX })
    return response.encode(answer(context, decoded)).finish()
  }
  return [`/${service}.Query/${name}`, handler]
}
