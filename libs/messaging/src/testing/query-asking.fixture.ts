// Asks queries as a relayer does: through their paths, in bytes.
import { ibcQueries } from '../query/ibc-queries.ts'
import type { QueryContext } from '../query/query-context.ts'
import type { TestChain } from './test-chain.fixture.ts'

export interface Codec<T> {
  encode(message: T): { finish(): Uint8Array }
  decode(bytes: Uint8Array): T
}

export function queryContext(chain: TestChain): QueryContext {
  return {
    ibc: chain.reader(),
    height: { revisionNumber: 1n, revisionHeight: chain.height },
    timeNanoseconds: chain.timeNanoseconds,
    lightClients: chain.lightClients,
  }
}

export function ask<Request, Response>(
  chain: TestChain,
  path: string,
  request: Codec<Request>,
  response: Codec<Response>,
  message: Request,
): Response {
  return response.decode(ibcQueries.get(path)!(queryContext(chain), request.encode(message).finish()))
}

export function page(over: object = {}) {
  return { key: new Uint8Array(0), offset: 0n, limit: 0n, countTotal: false, reverse: false, ...over }
}
