// Markets of which no event tells (of the genesis, or from before the root): the hub is asked for their
// terms, which never change. Which fills make positions depends on them. They are believed as events are.

import { decodeStrict } from '@causeway/protocol'
import { QueryMarketsRequest, QueryMarketsResponse } from '@causeway/protocol/causeway/markets/v1/query'
import type { Market } from '@causeway/protocol/causeway/markets/v1/markets'
import { change, type Change } from '../project/change.ts'
import type { CometRpc } from './comet-rpc.ts'
import { EndpointError } from './endpoint-error.ts'

/** The markets that have their rows, and whether the hub was asked for the others. */
export type KnownMarkets = { readonly ids: Set<bigint>; isAsked: boolean }

const PATH = '/causeway.markets.v1.Query/Markets'
const KINDS = ['', 'perpetual', 'future', 'option', 'spot']
const PAGE = 1_000
const ANSWER_LIMITS = { maxBytes: 4 * 1024 * 1024 } as const

/**
 * Rows of markets that nobody knows: asked for once before the first block, and whenever a block names
 * another. `known` gets them.
 */
export async function resolveMarkets(
  height: bigint,
  changes: readonly Change[],
  known: KnownMarkets,
  rpc: CometRpc,
): Promise<Change[]> {
  const named = marketsIn(changes)
  const told = changes.filter(({ table, set }) => table === 'market' && typeof set.symbol === 'string')
  const isDue = height > 1n && known.ids.size === 0 && !known.isAsked
  if (isDue) known.isAsked = true
  for (const { key } of told) known.ids.add(key.market as bigint)
  const isUnknown = [...named].some((market) => !known.ids.has(market))
  if (!isDue && !isUnknown) return []
  const listed = await marketsAt(rpc, height - 1n)
  const fresh = listed.filter(({ id }) => !known.ids.has(id))
  for (const id of [...named, ...fresh.map((market) => market.id)]) known.ids.add(id)
  return fresh.map(rowOf)
}

function marketsIn(changes: readonly Change[]): Set<bigint> {
  const named = new Set<bigint>()
  for (const { table, key, once } of changes) {
    if (table === 'market' || table === 'fundingRate') named.add(key.market as bigint)
    else if (table === 'order' || table === 'settlement') named.add(once.market as bigint)
  }
  return named
}

/** As the hub had them, or, where that state is gone, as it has them. */
async function marketsAt(rpc: CometRpc, height: bigint): Promise<Market[]> {
  if (height < 1n) return []
  return (await ask(rpc, height)) ?? (await ask(rpc, 0n)) ?? []
}

async function ask(rpc: CometRpc, height: bigint): Promise<Market[] | undefined> {
  const found: Market[] = []
  for (;;) {
    const afterId = found.at(-1)?.id ?? 0n
    const request = QueryMarketsRequest.encode({ afterId, limit: PAGE, underlying: 0n }).finish()
    const value = await queried(rpc, request, height)
    if (value === undefined) return undefined
    const name = 'causeway.markets.v1.QueryMarketsResponse'
    const { markets } = decodeStrict(QueryMarketsResponse, name, value, ANSWER_LIMITS)
    found.push(...markets.flatMap(({ market }) => (market === undefined ? [] : [market])))
    if (markets.length < PAGE) return found
  }
}

async function queried(rpc: CometRpc, request: Uint8Array, height: bigint): Promise<Uint8Array | undefined> {
  try {
    const { code, value } = await rpc.abciQuery(PATH, request, height, false)
    return code === 0 ? value : undefined
  } catch (error) {
    if (error instanceof EndpointError && error.kind === 'rpc-error') return undefined
    throw error
  }
}

/** Whatever is listed is open at first; the rest is told by events. */
function rowOf(market: Market): Change {
  const { id, symbol, underlying, expirySeconds, strikeE9, isCall, tickE9, lotE9, tier } = market
  const terms = { symbol, underlying, expirySeconds, strikeE9, isCall, tickE9, lotE9, tier }
  return change('market', { market: id }, { ...terms, kind: KINDS[market.kind] ?? null, status: 'open' })
}
