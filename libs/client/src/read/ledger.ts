// Assets, the lines that they come over, and the oracle's prices.
import {
  QueryAssetsRequest,
  QueryAssetsResponse,
  QueryLinesRequest,
  QueryLinesResponse,
} from '@causeway/protocol/causeway/ledger/v1/query'
import { QueryPricesRequest, QueryPricesResponse } from '@causeway/protocol/causeway/oracle/v1/query'
import { fromUnits, priceText, readInteger } from '../decimal.ts'
import { errors } from '../errors.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'

/** A kind of value that balances are counted in. */
export interface AssetRow {
  readonly id: string
  readonly denom: string
  readonly decimals: number
  /** In 1.0 of it. */
  readonly supply: string
  readonly native: boolean
}

/** A token of another chain: a client and the token's full path. */
export interface LineRow {
  readonly id: string
  /** The hub's client of that chain. */
  readonly client: string
  /** Full path, `transfer/ethereum-0/0xa0…`. */
  readonly denom: string
  readonly asset: string
  readonly assetDenom: string
  readonly decimals: number
  /** What that chain's escrow holds, in 1.0 of the token. */
  readonly escrowed: string
  readonly inFlight: string
  readonly listed: boolean
}

/** The oracle's price of an asset. */
export interface PriceRow {
  readonly asset: string
  readonly symbol: string
  /** Absent when none was ever accepted. */
  readonly price?: string
  readonly timeSeconds?: number
  /** `fresh`, `stale`, `held` or `none`. */
  readonly status: string
}

const PAGE = 1_000
const PAGES_MAX = 20
const DECIMALS_MAX = 77
const assetsQuery = queryOf('causeway.ledger.v1', 'Assets', QueryAssetsRequest, QueryAssetsResponse)
const linesQuery = queryOf('causeway.ledger.v1', 'Lines', QueryLinesRequest, QueryLinesResponse)
const pricesQuery = queryOf('causeway.oracle.v1', 'Prices', QueryPricesRequest, QueryPricesResponse)

/** All assets, ascending by id. */
export async function readAssets(hub: Hub): Promise<AssetRow[]> {
  const assets = await pages(async (afterId) => {
    const answer = await ask(hub.rpc, assetsQuery, { afterId, limit: PAGE })
    return answer.assets
  })
  return assets.map(({ id, denom, decimals, supply, native }) => {
    if (decimals > DECIMALS_MAX) throw errors.badAnswer({ what: denom, reason: 'it has too many decimals' })
    const text = fromUnits(readInteger(supply, denom), decimals)
    return { id: id.toString(), denom, decimals, supply: text, native }
  })
}

/** All lines, ascending by id. */
export async function readLines(hub: Hub): Promise<LineRow[]> {
  const [assets, lines] = await Promise.all([
    readAssets(hub),
    pages(async (afterId) => (await ask(hub.rpc, linesQuery, { afterId, limit: PAGE })).lines),
  ])
  const byId = new Map(assets.map((asset) => [asset.id, asset]))
  return lines.map((line) => {
    const asset = byId.get(line.asset.toString())
    if (asset === undefined) throw errors.badAnswer({ what: line.denom, reason: 'its asset is unknown' })
    const { decimals } = asset
    return {
      id: line.id.toString(),
      client: line.client,
      denom: line.denom,
      asset: asset.id,
      assetDenom: asset.denom,
      decimals,
      escrowed: fromUnits(readInteger(line.escrowed, line.denom), decimals),
      inFlight: fromUnits(readInteger(line.inFlight, line.denom), decimals),
      listed: line.listed,
    }
  })
}

/** Prices of all assets that have a feed. */
export async function readPrices(hub: Hub): Promise<PriceRow[]> {
  const { prices, height } = await ask(hub.rpc, pricesQuery, {})
  hub.sawHeight(height)
  return prices.map(({ asset, symbol, priceE9, timeSeconds, status }) => ({
    asset: asset.toString(),
    symbol,
    ...(priceE9 === 0n ? {} : { price: priceText(priceE9), timeSeconds: Number(timeSeconds) }),
    status,
  }))
}

async function pages<Item extends { readonly id: bigint }>(
  page: (afterId: bigint) => Promise<readonly Item[]>,
): Promise<Item[]> {
  const all: Item[] = []
  for (let i = 0; i < PAGES_MAX; i++) {
    const after = all.at(-1)?.id ?? 0n
    const found = await page(after)
    if (found.some(({ id }, at) => id <= (found[at - 1]?.id ?? after))) {
      throw errors.badAnswer({ what: 'the ledger', reason: 'a list is out of order' })
    }
    all.push(...found)
    if (found.length < PAGE) return all
  }
  throw errors.badAnswer({ what: 'the ledger', reason: `there are more than ${PAGE * PAGES_MAX} entries` })
}
