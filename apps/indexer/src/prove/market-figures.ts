import { decodeStrict } from '@causeway/protocol'
import { QueryMarketsRequest, QueryMarketsResponse } from '@causeway/protocol/causeway/markets/v1/query'
import type { CometRpc } from '../follow/comet-rpc.ts'
import { askHub } from './ask-hub.ts'
import { signed } from './signed.ts'

/** What changes of a market with every block. */
export type Figures = {
  readonly height: bigint
  /** 0: none yet. */
  readonly markE9: bigint
  readonly indexE9: bigint
  readonly openInterestE9: bigint
  /** Of a perpetual. */
  readonly fundingRateE9: bigint | undefined
}

const PAGE = 1_000
/** Beyond so many pages nobody is served. */
const PAGES_MAX = 20
const ANSWER_LIMITS = { maxBytes: 4 * 1024 * 1024 } as const

/** Figures of all markets, as the hub's own query has them after a block. Throws `EndpointError`. */
export async function readFigures(rpc: CometRpc, height: bigint): Promise<Map<bigint, Figures>> {
  const found = new Map<bigint, Figures>()
  let afterId = 0n
  for (let page = 0; page < PAGES_MAX; page++) {
    const request = QueryMarketsRequest.encode({ afterId, limit: PAGE, underlying: 0n }).finish()
    const value = await askHub(rpc, '/causeway.markets.v1.Query/Markets', request, height)
    const name = 'causeway.markets.v1.QueryMarketsResponse'
    const { markets } = decodeStrict(QueryMarketsResponse, name, value, ANSWER_LIMITS)
    for (const { market, figures } of markets) {
      if (market === undefined) continue
      afterId = market.id
      found.set(market.id, {
        height,
        markE9: figures?.markE9 ?? 0n,
        indexE9: figures?.indexE9 ?? 0n,
        openInterestE9: signed(figures?.openInterestE9 ?? '0'),
        fundingRateE9: figures?.funding === undefined ? undefined : signed(figures.funding.rateE9PerHour),
      })
    }
    if (markets.length < PAGE) break
  }
  return found
}
