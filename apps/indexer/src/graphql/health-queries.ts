import {
  HEALTH_MAX,
  healthOf,
  pageOfLevelChanges,
  pageOfMarginCalls,
  pageOfWaits,
  standbyLinesOf,
} from '../read/margin-calls.ts'
import type { Builder } from './builder.ts'
import type { HealthTypes } from './health-types.ts'
import { heldFilter } from './market-queries.ts'
import { OWNER, refuseBackward } from './paging.ts'

/** Adds queries of how subaccounts stand, of standby lines and margin calls. */
export function addHealthQueries(builder: Builder, types: HealthTypes): void {
  addStandingQueries(builder, types)
  addCallQueries(builder, types)
}

function addStandingQueries(builder: Builder, { level, health, change }: HealthTypes): void {
  builder.queryFields((t) => ({
    health: t.field({
      type: [health],
      description: `Of an owner, at a level, or all that aren't healthy; by account, at most ${HEALTH_MAX}.`,
      args: { owner: t.arg.string({ description: OWNER }), level: t.arg({ type: level }) },
      resolve: async (_root, args, context) => {
        const { owned } = await heldFilter(context, args.owner, undefined)
        return healthOf(context.database, { owned, level: args.level ?? undefined })
      },
    }),
    marginLevels: t.connection({
      type: change,
      description: "Changes of level of an owner's subaccounts, newest first.",
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      resolve: async (_root, { owner, ...page }, context) => {
        refuseBackward(page)
        const { owned } = await heldFilter(context, owner, undefined)
        return pageOfLevelChanges(context.database, owned, page)
      },
    }),
  }))
}

function addCallQueries(builder: Builder, { line, call, wait }: HealthTypes): void {
  builder.queryFields((t) => ({
    standbyLines: t.field({
      type: [line],
      description:
        'Standby lines of an owner, also those that are over; the last changed first, at most 1,000.',
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      resolve: async (_root, { owner }, context) => {
        const { owned } = await heldFilter(context, owner, undefined)
        return standbyLinesOf(context.database, context.hubChainId, owned)
      },
    }),
    marginCalls: t.connection({
      type: call,
      description: 'Margin calls, newest first: of an owner, or all.',
      args: { owner: t.arg.string({ description: OWNER }) },
      resolve: async (_root, { owner, ...page }, context) => {
        refuseBackward(page)
        const { owned } = await heldFilter(context, owner, undefined)
        return pageOfMarginCalls(context.database, context.hubChainId, { owned }, page)
      },
    }),
    marginWaits: t.connection({
      type: wait,
      description: "When liquidation of an owner's subaccounts waited for a line, newest first.",
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      resolve: async (_root, { owner, ...page }, context) => {
        refuseBackward(page)
        const { owned } = await heldFilter(context, owner, undefined)
        return pageOfWaits(context.database, owned, page)
      },
    }),
  }))
}
