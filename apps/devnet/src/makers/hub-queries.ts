// Public queries of the hub that a market maker asks, over its RPC.
import { fromBase64, toHex } from '@causeway/primitives'
import type { Codec } from '@causeway/protocol'
import type { Market } from '@causeway/protocol/causeway/markets/v1/markets'
import {
  QueryMarketsRequest,
  QueryMarketsResponse,
  QueryPositionsRequest,
  QueryPositionsResponse,
} from '@causeway/protocol/causeway/markets/v1/query'
import {
  QueryPricesRequest,
  QueryPricesResponse,
  QuerySurfaceRequest,
  QuerySurfaceResponse,
} from '@causeway/protocol/causeway/oracle/v1/query'

/** Asks a hub. Every method throws what the hub says, or why it could not be asked. */
export interface HubQueries {
  height(): Promise<bigint>
  markets(underlying: bigint): Promise<Market[]>
  positions(account: string): Promise<QueryPositionsResponse>
  prices(): Promise<QueryPricesResponse>
  surface(asset: bigint): Promise<QuerySurfaceResponse>
}

const TIMEOUT_MS = 5_000
const MARKETS_MAX = 1_000

/** Queries of the hub at an RPC address. */
export function hubQueries(rpcUrl: string): HubQueries {
  const ask = async <Request, Response>(
    path: string,
    [request, response]: readonly [Codec<Request>, Codec<Response>],
    question: Request,
  ): Promise<Response> => {
    const data = toHex(request.encode(question).finish())
    const { response: answer } = await call<{ response: Answer }>(rpcUrl, 'abci_query', { path, data })
    if ((answer.code ?? 0) !== 0) throw new Error(`${path}: ${answer.log ?? ''}`)
    return response.decode(fromBase64(answer.value ?? ''))
  }
  const markets = 'causeway.markets.v1.Query'
  const oracle = 'causeway.oracle.v1.Query'
  return {
    async height() {
      const { sync_info } = await call<{ sync_info: { latest_block_height: string } }>(rpcUrl, 'status', {})
      return BigInt(sync_info.latest_block_height)
    },
    async markets(underlying) {
      const all: Market[] = []
      for (;;) {
        const question = { afterId: all.at(-1)?.id ?? 0n, limit: MARKETS_MAX, underlying }
        const codecs = [QueryMarketsRequest, QueryMarketsResponse] as const
        const page = await ask(`/${markets}/Markets`, codecs, question)
        all.push(...page.markets.flatMap(({ market }) => market ?? []))
        if (page.markets.length < MARKETS_MAX) return all
      }
    },
    positions: (account) =>
      ask(`/${markets}/Positions`, [QueryPositionsRequest, QueryPositionsResponse], { account }),
    prices: () => ask(`/${oracle}/Prices`, [QueryPricesRequest, QueryPricesResponse], {}),
    surface: (asset) => ask(`/${oracle}/Surface`, [QuerySurfaceRequest, QuerySurfaceResponse], { asset }),
  }
}

interface Answer {
  readonly code?: number
  readonly log?: string
  readonly value?: string | null
}

async function call<Result>(rpcUrl: string, method: string, params: object): Promise<Result> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const { result, error } = (await response.json()) as { result?: Result; error?: { data?: string } }
  if (result === undefined) throw new Error(`${method}: ${error?.data ?? response.statusText}`)
  return result
}
