import { readVault } from '../prove/hub-vault.ts'
import { pageOfVaultRequests, pageOfVaultWorth, vaultHoldingsOf } from '../read/vault.ts'
import type { Builder } from './builder.ts'
import { heldFilter } from './market-queries.ts'
import { OWNER, refuseBackward } from './paging.ts'
import type { VaultTypes } from './vault-types.ts'

/** Adds queries of the liquidity vault. */
export function addVaultQueries(builder: Builder, { vault, worth, request, holding }: VaultTypes): void {
  builder.queryFields((t) => ({
    vault: t.field({
      type: vault,
      description: 'The liquidity vault, with its profit and loss by market.',
      resolve: (_root, _arguments, { portfolios }) => portfolios.asked('vault', readVault),
    }),
    vaultHistory: t.connection({
      type: worth,
      description: 'What the vault and its shares were worth by minutes, newest first.',
      args: { hourly: t.arg.boolean({ description: 'Only the last minute of each hour.' }) },
      resolve: (_root, { hourly, ...page }, { database }) => {
        refuseBackward(page)
        return pageOfVaultWorth(database, hourly === true, page)
      },
    }),
    vaultRequests: t.connection({
      type: request,
      description: "An owner's deposits into the vault and withdrawals, newest first.",
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      resolve: async (_root, { owner, ...page }, context) => {
        refuseBackward(page)
        const { owned } = await heldFilter(context, owner, undefined)
        return pageOfVaultRequests(context.database, owned, page)
      },
    }),
    vaultHoldings: t.field({
      type: [holding],
      description: "What an owner's subaccounts have of the vault.",
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      resolve: async (_root, { owner }, context) => {
        const { owned } = await heldFilter(context, owner, undefined)
        return vaultHoldingsOf(context.database, owned)
      },
    }),
  }))
}
