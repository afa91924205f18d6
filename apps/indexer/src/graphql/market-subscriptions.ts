import type { CommittedBatch } from '../follow/collect-batch.ts'
import { ownedBy } from '../read/accounts-of.ts'
import { BOOK_DEPTH, bookOf, marketId, type Book } from '../read/markets.ts'
import { Parameters } from '../read/rows.ts'
import { fillsOf, type Fill } from '../read/trading.ts'
import type { Builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { heldFilter, MARKET } from './market-queries.ts'
import type { addBookType } from './market-types.ts'
import { OWNER } from './paging.ts'
import { subscribe } from './subscriptions.ts'
import type { addFillType } from './trading-types.ts'

type Types = { fill: ReturnType<typeof addFillType>; book: ReturnType<typeof addBookType> }

/** Adds subscriptions of markets. */
export function addMarketSubscriptions(builder: Builder, { fill, book }: Types): void {
  builder.subscriptionFields((t) => ({
    filled: t.field({
      type: fill,
      description: 'Each fill of the owner from now on.',
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      subscribe: async (_root, { owner }, context) => {
        await heldFilter(context, owner, undefined)
        return subscribe(context, (batch) => newFills(batch, owner, context))
      },
      resolve: (row: Fill) => row,
    }),
    bookChanged: t.field({
      type: book,
      description: `A market's book after each block that changes it, ${BOOK_DEPTH.usual} levels a side.`,
      args: { market: t.arg.string({ required: true, description: MARKET }) },
      subscribe: async (_root, { market }, context) => {
        const id = await marketId(context.database, market)
        return subscribe(context, async (batch) => (await changedBook(batch, id, context)) ?? [])
      },
      resolve: (row: Book) => row,
    }),
  }))
}

/** Wallets may be linked meanwhile: whose fills these are is looked up with each batch that has any. */
async function newFills(batch: CommittedBatch, owner: string, context: GraphqlContext): Promise<Fill[]> {
  const heights = batch.changes.filter(({ table }) => table === 'fill').map(({ key }) => key.height as bigint)
  if (heights.length === 0) return []
  const { owned } = await heldFilter(context, owner, undefined)
  const parameters = new Parameters()
  const [from, to] = [heights.reduce(least), heights.reduce(greatest)].map((height) => String(height))
  const range = `f.height BETWEEN ${parameters.add(from)}::numeric AND ${parameters.add(to)}::numeric`
  return fillsOf(context.database, [ownedBy(owned, parameters, 'f'), range], parameters)
}

async function changedBook(
  { changes }: CommittedBatch,
  market: bigint,
  { database }: GraphqlContext,
): Promise<Book[] | undefined> {
  const isChanged = changes.some(({ table, key }) => table === 'bookLevel' && key.market === market)
  return isChanged ? [await bookOf(database, market, BOOK_DEPTH.usual)] : undefined
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
