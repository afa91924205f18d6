import type { CommittedBatch } from '../follow/collect-batch.ts'
import type { TableName } from '../project/change.ts'
import { changedLiquidations, type Liquidation } from '../read/liquidations.ts'
import { levelChangesWithin, marginCallsOf, type LevelChange, type MarginCall } from '../read/margin-calls.ts'
import type { Builder } from './builder.ts'
import type { HealthTypes } from './health-types.ts'
import type { LiquidationTypes } from './liquidation-types.ts'
import { heldFilter } from './market-queries.ts'
import { OWNER } from './paging.ts'
import { subscribe } from './subscriptions.ts'

type Types = { health: HealthTypes; liquidation: LiquidationTypes }
type Blocks = { readonly from: bigint; readonly to: bigint }

/** Adds subscriptions of margin calls and liquidations. Whose they are is looked up with each batch. */
export function addStressSubscriptions(builder: Builder, { health, liquidation }: Types): void {
  builder.subscriptionFields((t) => ({
    marginLevelChanged: t.field({
      type: health.change,
      description: "Each change of level of the owner's subaccounts from now on: warnings, calls, recovery.",
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      subscribe: async (_root, { owner }, context) => {
        await heldFilter(context, owner, undefined)
        return subscribe(context, (batch) =>
          within(batch, ['marginLevel'], async (blocks) => {
            const { owned } = await heldFilter(context, owner, undefined)
            return levelChangesWithin(context.database, owned, blocks)
          }),
        )
      },
      resolve: (row: LevelChange) => row,
    }),
    marginCallUpdated: t.field({
      type: health.call,
      description: 'Each margin call of the owner, or of all, whenever something became of it.',
      args: { owner: t.arg.string({ description: OWNER }) },
      subscribe: async (_root, { owner }, context) => {
        await heldFilter(context, owner, undefined)
        return subscribe(context, (batch) =>
          within(batch, ['marginCall'], async (changed) => {
            const { owned } = await heldFilter(context, owner, undefined)
            return marginCallsOf(context.database, context.hubChainId, { owned, changed })
          }),
        )
      },
      resolve: (row: MarginCall) => row,
    }),
    liquidationUpdated: t.field({
      type: liquidation.liquidation,
      description: 'Each liquidation of the owner, or of all, after each block in which it moved on.',
      args: { owner: t.arg.string({ description: OWNER }) },
      subscribe: async (_root, { owner }, context) => {
        await heldFilter(context, owner, undefined)
        return subscribe(context, (batch) =>
          within(batch, ['liquidationStep', 'liquidationBid'], async (changed) => {
            const { owned } = await heldFilter(context, owner, undefined)
            return changedLiquidations(context.database, { owned, changed })
          }),
        )
      },
      resolve: (row: Liquidation) => row,
    }),
  }))
}

/** What is read of the blocks of a batch in which one of these tables changed; nothing where none did. */
async function within<T>(
  { changes }: CommittedBatch,
  tables: readonly TableName[],
  read: (blocks: Blocks) => Promise<T[]>,
): Promise<T[]> {
  const heights = changes
    .filter(({ table }) => tables.includes(table))
    .map(({ key, set }) => (key.height ?? set.height) as bigint)
  if (heights.length === 0) return []
  const from = heights.reduce((a, b) => (a < b ? a : b))
  return read({ from, to: heights.reduce((a, b) => (a > b ? a : b)) })
}
