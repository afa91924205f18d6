import type { CommittedBatch } from '../follow/collect-batch.ts'
import { accountsOf } from '../read/accounts-of.ts'
import { parseOwner, type Owner } from '../read/owner.ts'
import { queryError } from '../read/query-errors.ts'
import { pageOfTransfers, transfersByKeys, type Transfer, type TransferKey } from '../read/transfers.ts'
import type { Portfolio } from '../prove/portfolio-service.ts'
import type { Builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import type { addPortfolioType } from './portfolio-type.ts'
import type { addTransferType } from './transfer-type.ts'

type Types = { transfer: ReturnType<typeof addTransferType>; portfolio: ReturnType<typeof addPortfolioType> }

/** A batch of blocks that was written, as `blockIndexed` tells it. */
type IndexedBlock = { chainId: string; height: bigint; timeNanoseconds: bigint; blockCount: number }

const SUBSCRIPTIONS_MAX = 1000
const TRANSFERS_MAX = 100
/** A change of one of these may change a portfolio. */
const PORTFOLIO_TABLES = new Set([
  'balance',
  'transfer',
  'cash',
  'fill',
  'settlement',
  'order',
  'accountFlag',
])

/** Adds the subscription type. */
export function addSubscriptions(builder: Builder, { transfer, portfolio }: Types): void {
  const indexedBlock = builder.objectRef<IndexedBlock>('IndexedBlock').implement({
    description: 'Blocks that were written to the tables.',
    fields: (t) => ({
      chainId: t.exposeString('chainId'),
      height: t.field({ type: 'UInt64', description: 'Of the newest.', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
      blockCount: t.exposeInt('blockCount', { description: 'How many were written together.' }),
    }),
  })
  builder.subscriptionType({})
  builder.subscriptionFields((t) => ({
    blockIndexed: t.field({
      type: indexedBlock,
      args: { chainId: t.arg.string() },
      subscribe: (_root, { chainId }, context) =>
        subscribe(context, (batch) => (isOf(batch, chainId) ? [indexedBlockOf(batch)] : [])),
      resolve: (block: IndexedBlock) => block,
    }),
    transferUpdated: t.field({
      type: transfer,
      description: 'Each transfer of the owner whenever it moves on.',
      args: { owner: t.arg.string({ required: true }) },
      subscribe: (_root, { owner }, context) => {
        const whose = parseOwner(owner)
        return subscribe(context, (batch) => updatedTransfers(batch, whose, context))
      },
      resolve: (row: Transfer) => row,
    }),
    portfolioChanged: t.field({
      type: portfolio,
      description: 'The portfolio of the owner now, and after each hub block that changes it.',
      args: { owner: t.arg.string({ required: true }) },
      subscribe: (_root, { owner }, context) => {
        const whose = parseOwner(owner)
        const isChanged = portfolioWatch(whose, context)
        return subscribe(context, async (batch) => {
          if (!(await isChanged(batch))) return []
          const found = await context.portfolios.portfolio(whose)
          return found === undefined ? [] : [found]
        })
      },
      resolve: (row: Portfolio) => row,
    }),
  }))
}

/** Values of each batch for one subscriber. Throws `TOO_MANY_SUBSCRIPTIONS`. */
export function subscribe<T>(
  { feed }: GraphqlContext,
  values: (batch: CommittedBatch) => T[] | Promise<T[]>,
): AsyncIterableIterator<T> {
  if (feed.size >= SUBSCRIPTIONS_MAX) throw queryError('TOO_MANY_SUBSCRIPTIONS', 'too many subscriptions')
  return feed.subscribe(values)
}

function isOf(batch: CommittedBatch, chainId: string | null | undefined): boolean {
  return chainId === null || chainId === undefined || batch.chainId === chainId
}

function indexedBlockOf({ chainId, head, blockCount }: CommittedBatch): IndexedBlock {
  return { chainId, height: head.height, timeNanoseconds: head.timeNanoseconds, blockCount }
}

/** Transfers of the owner that a batch touched, or whose client it updated. */
async function updatedTransfers(
  batch: CommittedBatch,
  owner: Owner,
  { database }: GraphqlContext,
): Promise<Transfer[]> {
  const packets = batch.changes.filter(({ table }) => table === 'packet').slice(-TRANSFERS_MAX)
  const keys = packets.map(({ key }): TransferKey => [
    String(key.sourceChainId),
    String(key.sourceClient),
    String(key.destinationClient),
    String(key.sequence),
    '0',
  ])
  const touched = await transfersByKeys(database, keys, owner)
  const clients = new Set(
    batch.changes.filter(({ table }) => table === 'clientUpdate').map(({ key }) => String(key.clientId)),
  )
  if (clients.size === 0) return touched
  const { edges } = await pageOfTransfers(database, { owner, unfinished: true }, { first: TRANSFERS_MAX })
  const names = new Set(keys.map(String))
  const provable = edges
    .map(({ node }) => node)
    .filter(({ status, key }) => status === 'CLIENT_UPDATED' && !names.has(String(key)))
    .filter((row) => row.clientUpdated?.chainId === batch.chainId && clients.has(row.destinationClient))
    // Only the update that made it provable, not every later one.
    .filter((row) => row.clientUpdated!.height > (batch.parent?.height ?? 0n))
  return [...touched, ...provable]
}

/**
 * Whether a batch may change a portfolio. A balance is provable one block after it changed, so the batch
 * after a change counts as well.
 */
function portfolioWatch(owner: Owner, context: GraphqlContext): (batch: CommittedBatch) => Promise<boolean> {
  let isFirst = true
  let isDue = false
  return async (batch) => {
    const isHub = batch.chainId === context.hubChainId
    const touched = await touches(batch, owner, context)
    const answer = isHub ? isFirst || isDue || touched : touched
    if (isHub) {
      isFirst = false
      isDue = touched
    }
    return answer
  }
}

async function touches(batch: CommittedBatch, owner: Owner, context: GraphqlContext): Promise<boolean> {
  const changed = new Set(
    batch.changes
      .filter(({ table }) => PORTFOLIO_TABLES.has(table))
      .flatMap(({ key, once, set }) => [key.account, once.account, set.account]),
  )
  if (changed.size > 0) {
    const { accounts } = await accountsOf(context.database, context.hubChainId, owner)
    if (accounts.some((account) => changed.has(account))) return true
  }
  return (await updatedTransfers(batch, owner, context)).length > 0
}
