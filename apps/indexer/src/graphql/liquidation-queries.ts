import { parseHubAccount } from '../project/owners.ts'
import { holderText, readSale } from '../prove/hub-losses.ts'
import { pageOfLiquidationBids, pageOfLiquidations } from '../read/liquidations.ts'
import { invalidOwner } from '../read/query-errors.ts'
import type { Builder } from './builder.ts'
import type { LiquidationTypes } from './liquidation-types.ts'
import { heldFilter } from './market-queries.ts'
import { OWNER, refuseBackward } from './paging.ts'

/** Adds queries of liquidations. */
export function addLiquidationQueries(builder: Builder, { liquidation, bid, sale }: LiquidationTypes): void {
  builder.queryFields((t) => ({
    liquidations: t.connection({
      type: liquidation,
      description: 'Liquidations, the last begun first: of an owner, or all.',
      args: {
        owner: t.arg.string({ description: OWNER }),
        live: t.arg.boolean({ description: 'Only those that go on, or only those that are over.' }),
      },
      resolve: async (_root, { owner, live, ...page }, context) => {
        refuseBackward(page)
        const { owned } = await heldFilter(context, owner, undefined)
        return pageOfLiquidations(context.database, { owned, isLive: live ?? undefined }, page)
      },
    }),
    liquidationBids: t.connection({
      type: bid,
      description: "Bids, newest first: for an owner's subaccounts, by a bidder's, or all.",
      args: {
        owner: t.arg.string({ description: OWNER }),
        bidder: t.arg.string({ description: OWNER }),
      },
      resolve: async (_root, { owner, bidder, ...page }, context) => {
        refuseBackward(page)
        const [{ owned }, { owned: bidders }] = await Promise.all([
          heldFilter(context, owner, undefined),
          heldFilter(context, bidder, undefined),
        ])
        return pageOfLiquidationBids(context.database, { owned, bidders }, page)
      },
    }),
    liquidationSale: t.field({
      type: sale,
      nullable: true,
      description: 'What the auction of a subaccount asks now; null where nothing is liquidated.',
      args: { account: t.arg.string({ required: true, description: '`cway1…` or `cway1…/subaccount`.' }) },
      resolve: async (_root, { account }, { portfolios }) => {
        const holder = parseHubAccount(account)
        if (holder === undefined) throw invalidOwner()
        const name = `sale ${holderText(holder)}`
        return (await portfolios.asked(name, (rpc, height) => readSale(rpc, holder, height))) ?? null
      },
    }),
  }))
}
