// Markets by symbol and id: their terms never change while they are listed.
import { readAssets } from './ledger.ts'
import { readMarket, readMarkets } from './markets.ts'
import type { MarketRow } from './markets.ts'
import type { Hub } from '../transactions/hub.ts'

/** Finds markets; remembers their terms (marks and the like are as they were when it read them). */
export interface MarketDirectory {
  /** Throws `client/21`. */
  bySymbol(symbol: string): Promise<MarketRow>
  /** Nothing for a market that is no longer listed. */
  byId(id: bigint): Promise<MarketRow | undefined>
  /** The symbol of a market that was read before; the id in digits of another one. */
  symbolOf(id: bigint): string
  /** All markets, read anew. */
  all(underlying?: string): Promise<MarketRow[]>
  /** Forgets a market: the hub said that there is none. */
  forget(symbol: string): void
  /** Decimals of an asset; 0 of an unknown one. */
  decimalsOf(asset: bigint): Promise<number>
}

/** The markets of a hub. */
export function createMarketDirectory(hub: Hub): MarketDirectory {
  const bySymbol = new Map<string, MarketRow>()
  const byId = new Map<string, MarketRow>()
  const decimals = new Map<string, number>()
  const remember = (row: MarketRow): MarketRow => {
    bySymbol.set(row.symbol, row)
    byId.set(row.id, row)
    return row
  }
  const all = async (underlying?: string) => (await readMarkets(hub, underlying)).map(remember)
  return {
    bySymbol: async (symbol) => bySymbol.get(symbol) ?? remember(await readMarket(hub, symbol)),
    async byId(id) {
      if (!byId.has(id.toString())) await all()
      return byId.get(id.toString())
    },
    symbolOf: (id) => byId.get(id.toString())?.symbol ?? id.toString(),
    all,
    forget(symbol) {
      const row = bySymbol.get(symbol)
      bySymbol.delete(symbol)
      if (row !== undefined) byId.delete(row.id)
    },
    async decimalsOf(asset) {
      const key = asset.toString()
      if (!decimals.has(key)) for (const row of await readAssets(hub)) decimals.set(row.id, row.decimals)
      return decimals.get(key) ?? 0
    },
  }
}
