// What a round of a liquidator reads of the hub: markets, fresh prices, and its own account.
import { parseUnits } from 'viem'
import type { Causeway, MarketRow, Portfolio, PriceRow } from '@causeway/client'
import { isNear, readReference } from '../reference/reference-prices.ts'
import type { ReferenceTerms } from '../reference/reference-prices.ts'

/** What is asked of the hub. */
export type WatchedHub = Pick<
  Causeway,
  | 'liquidations'
  | 'sale'
  | 'portfolio'
  | 'whatIf'
  | 'prices'
  | 'markets'
  | 'subscribe'
  | 'transaction'
  | 'height'
>

/** The hub as a round sees it. */
export interface View {
  readonly own: Portfolio
  readonly markets: ReadonlyMap<string, MarketRow>
  /** Fresh, and near their references where there are some: by asset id, × 10⁹. */
  readonly prices: ReadonlyMap<string, bigint>
  /** Notional of what is held, micro-cash. */
  readonly heldE6: bigint
}

const MARKETS_KEPT_MS = 60_000
const E9 = 9

/** Reads views; markets are read once a minute, and when a position is of one that is not known. */
export function createViews(
  causeway: WatchedHub,
  who: { readonly address: string; readonly subaccount: number },
  { reference, now }: { readonly reference: ReferenceTerms | undefined; readonly now: () => number },
): () => Promise<View> {
  let known: { readonly markets: ReadonlyMap<string, MarketRow>; readonly atMs: number } | undefined
  const marketsOf = async () => {
    if (known === undefined || now() - known.atMs > MARKETS_KEPT_MS) {
      const rows = await causeway.markets()
      known = { markets: new Map(rows.map((row) => [row.symbol, row])), atMs: now() }
    }
    return known.markets
  }
  return async () => {
    const [own, rows, markets, references] = await Promise.all([
      causeway.portfolio(who.address, who.subaccount),
      causeway.prices(),
      marketsOf(),
      reference === undefined ? undefined : readReference(reference, now),
    ])
    if (own.positions.some(({ market }) => !markets.has(market))) known = undefined
    const isTrusted = (row: PriceRow) =>
      reference === undefined ||
      isNear(parseUnits(row.price ?? '0', E9), references?.get(row.asset), reference.deviationBps)
    const prices = new Map(
      rows
        .filter((row) => row.status === 'fresh' && row.price !== undefined && isTrusted(row))
        .map(({ asset, price }) => [asset, parseUnits(price!, E9)]),
    )
    return { own, markets, prices, heldE6: heldOf(own, markets, rows) }
  }
}

/** By any price that there is: what has no fresh one is held nonetheless. */
function heldOf(
  { positions }: Portfolio,
  markets: ReadonlyMap<string, MarketRow>,
  rows: readonly PriceRow[],
): bigint {
  return positions.reduce((sum, { market, size }) => {
    const asset = markets.get(market)?.underlying
    const priceE9 = parseUnits(rows.find((row) => row.asset === asset)?.price ?? '0', E9)
    const sizeE9 = parseUnits(size.replace('-', ''), E9)
    return sum + (sizeE9 * priceE9) / 10n ** 12n
  }, 0n)
}
