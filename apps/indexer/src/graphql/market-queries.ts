import { accountsOf, type OwnedAccounts } from '../read/accounts-of.ts'
import { BOOK_DEPTH, bookOf, findMarket, marketId, pageOfMarkets } from '../read/markets.ts'
import { parseOwner } from '../read/owner.ts'
import { queryError } from '../read/query-errors.ts'
import { pageOfFills, pageOfOrders, positionsOf, type HeldFilter } from '../read/trading.ts'
import type { Builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import type { addBookType, addMarketType, TradingEnums } from './market-types.ts'
import { OWNER, refuseBackward } from './paging.ts'
import type { addFillType, addOrderType, addPositionType } from './trading-types.ts'

/** Types that the queries of markets answer with. */
export type MarketQueryTypes = {
  enums: TradingEnums
  market: ReturnType<typeof addMarketType>
  book: ReturnType<typeof addBookType>
  order: ReturnType<typeof addOrderType>
  fill: ReturnType<typeof addFillType>
  position: ReturnType<typeof addPositionType>
}

/** What an argument `market` may be. */
export const MARKET = 'Symbol, as `ETH-PERP`, or id.'

/** Adds queries of markets and of what holders have there. */
export function addMarketQueries(builder: Builder, types: MarketQueryTypes): void {
  addPublicQueries(builder, types)
  addHolderQueries(builder, types)
}

function addPublicQueries(builder: Builder, { market, book, enums }: MarketQueryTypes): void {
  builder.queryFields((t) => ({
    markets: t.connection({
      type: market,
      description: 'Markets, in the order of their listing.',
      args: {
        kind: t.arg({ type: enums.kind }),
        underlying: t.arg.string({ description: 'Its name, as `ETH`.' }),
        status: t.arg({ type: enums.status }),
      },
      resolve: (_root, { kind, underlying, status, ...page }, { database }) => {
        refuseBackward(page)
        const filter = {
          kind: kind ?? undefined,
          underlying: underlying ?? undefined,
          status: status ?? undefined,
        }
        return pageOfMarkets(database, filter, page)
      },
    }),
    market: t.field({
      type: market,
      nullable: true,
      args: { symbol: t.arg.string({ required: true, description: MARKET }) },
      resolve: async (_root, { symbol }, { database }) => (await findMarket(database, symbol)) ?? null,
    }),
    book: t.field({
      type: book,
      description: 'The orders that rest in a market, as its events told them.',
      args: {
        market: t.arg.string({ required: true, description: MARKET }),
        depth: t.arg.int({ description: `Levels a side: ${BOOK_DEPTH.usual}, at most ${BOOK_DEPTH.most}.` }),
      },
      resolve: async (_root, { market: name, depth }, { database }) => {
        const levels = depth ?? BOOK_DEPTH.usual
        if (levels < 1 || levels > BOOK_DEPTH.most)
          throw queryError('PAGE_SIZE', `depth must be within 1 and ${BOOK_DEPTH.most}`)
        return bookOf(database, await marketId(database, name), levels)
      },
    }),
  }))
}

function addHolderQueries(builder: Builder, { enums, order, fill, position }: MarketQueryTypes): void {
  builder.queryFields((t) => ({
    orders: t.connection({
      type: order,
      description: 'Orders of an owner, newest first.',
      args: {
        owner: t.arg.string({ required: true, description: OWNER }),
        market: t.arg.string({ description: MARKET }),
        status: t.arg({ type: enums.orderStatus }),
      },
      resolve: async (_root, { owner, market, status, ...page }, context) => {
        refuseBackward(page)
        const filter = { ...(await heldFilter(context, owner, market)), status: status ?? undefined }
        return pageOfOrders(context.database, filter, page)
      },
    }),
    fills: t.connection({
      type: fill,
      description: 'Fills of an owner, newest first.',
      args: {
        owner: t.arg.string({ required: true, description: OWNER }),
        market: t.arg.string({ description: MARKET }),
      },
      resolve: async (_root, { owner, market, ...page }, context) => {
        refuseBackward(page)
        return pageOfFills(context.database, await heldFilter(context, owner, market), page)
      },
    }),
    positions: t.field({
      type: [position],
      description: 'Positions of an owner, by account, subaccount and market; at most 1,000.',
      args: {
        owner: t.arg.string({ required: true, description: OWNER }),
        closed: t.arg.boolean({ description: 'With those that are over.' }),
      },
      resolve: async (_root, { owner, closed }, context) => {
        const { owned } = await heldFilter(context, owner, undefined)
        const rows = await positionsOf(context.database, owned, closed === true)
        if (rows.length === 0) return []
        const figures = await context.portfolios.figures()
        return rows.map((row) => ({ ...row, markE9: figures.get(row.market)?.markE9 }))
      },
    }),
  }))
}

/** What a query keeps: an owner's accounts, a market, or both. */
export function heldFilter(
  context: GraphqlContext,
  owner: string,
  market: string | null | undefined,
): Promise<{ owned: OwnedAccounts; market: bigint | undefined }>
/** Without an owner: everybody's. */
export function heldFilter(
  context: GraphqlContext,
  owner: string | null | undefined,
  market: string | null | undefined,
): Promise<HeldFilter>
/** Both. */
export async function heldFilter(
  { database, hubChainId }: GraphqlContext,
  owner: string | null | undefined,
  market: string | null | undefined,
): Promise<HeldFilter> {
  const owned =
    typeof owner === 'string' ? await accountsOf(database, hubChainId, parseOwner(owner)) : undefined
  return { owned, market: typeof market === 'string' ? await marketId(database, market) : undefined }
}
