import { holderText, readInsurance, readQueue, readRanks } from '../prove/hub-losses.ts'
import { fundFlows, pageOfBankruptcies, pageOfDeleveragings } from '../read/losses.ts'
import { pageOfInsuranceFlows, pageOfSocialisedLosses } from '../read/losses.ts'
import { findMarket } from '../read/markets.ts'
import { PAGE_SIZE } from '../read/page.ts'
import { pageTooLarge, queryError } from '../read/query-errors.ts'
import { pageOfSolvency } from '../read/solvency.ts'
import { positionsOf } from '../read/trading.ts'
import type { Builder } from './builder.ts'
import type { LossTypes } from './loss-types.ts'
import { heldFilter, MARKET } from './market-queries.ts'
import { OWNER, refuseBackward } from './paging.ts'

const OFFSET_MAX = 1_000_000
/** Each is a query of the hub. */
const RANKED_SUBACCOUNTS_MAX = 20

/** Adds queries of insurance, deleveraging, socialised losses and solvency. */
export function addLossQueries(builder: Builder, types: LossTypes): void {
  addInsuranceQueries(builder, types)
  addDeleveragingQueries(builder, types)
}

function addInsuranceQueries(
  builder: Builder,
  { insurance, flow, bankruptcy, loss, solvency }: LossTypes,
): void {
  builder.queryFields((t) => ({
    insurance: t.field({
      type: insurance,
      description: 'What insurance has, and what live accounts lack.',
      resolve: async (_root, _arguments, { database, portfolios }) => {
        const [state, flows] = await Promise.all([
          portfolios.asked('insurance', readInsurance),
          fundFlows(database),
        ])
        return { ...state, flows }
      },
    }),
    insuranceFlows: t.connection({
      type: flow,
      description: 'What funds took in and paid, newest first: of one, with an owner, or all.',
      args: {
        owner: t.arg.string({ description: OWNER }),
        group: t.arg.int({ description: 'The least underlying of its group; 0: the common fund.' }),
      },
      resolve: async (_root, { owner, group, ...page }, context) => {
        refuseBackward(page)
        const { owned } = await heldFilter(context, owner, undefined)
        const fund = typeof group === 'number' ? BigInt(group) : undefined
        return pageOfInsuranceFlows(context.database, { owned, group: fund }, page)
      },
    }),
    bankruptcies: t.connection({
      type: bankruptcy,
      description: 'Accounts that were resolved, newest first: of an owner, or all.',
      args: { owner: t.arg.string({ description: OWNER }) },
      resolve: async (_root, { owner, ...page }, context) => {
        refuseBackward(page)
        const { owned } = await heldFilter(context, owner, undefined)
        return pageOfBankruptcies(context.database, owned, page)
      },
    }),
    socialisedLosses: t.connection({
      type: loss,
      description: 'What all positive cash bore, newest first.',
      resolve: (_root, page, { database }) => {
        refuseBackward(page)
        return pageOfSocialisedLosses(database, page)
      },
    }),
    solvency: t.connection({
      type: solvency,
      description: 'Lines from both sides: owed against escrow.',
      resolve: (_root, page, { database, hubChainId }) => {
        refuseBackward(page)
        return pageOfSolvency(database, hubChainId, page)
      },
    }),
  }))
}

function addDeleveragingQueries(builder: Builder, { deleveraging, queue, rank }: LossTypes): void {
  builder.queryFields((t) => ({
    deleveragings: t.connection({
      type: deleveraging,
      description: 'Positions that were closed against bankrupt accounts, newest first.',
      args: { owner: t.arg.string({ description: OWNER }), market: t.arg.string({ description: MARKET }) },
      resolve: async (_root, { owner, market, ...page }, context) => {
        refuseBackward(page)
        return pageOfDeleveragings(context.database, await heldFilter(context, owner, market), page)
      },
    }),
    deleverageQueue: t.field({
      type: queue,
      description: 'Who of one side of a market is closed first, where insurance is not enough.',
      args: {
        market: t.arg.string({ required: true, description: MARKET }),
        long: t.arg.boolean({ required: true, description: 'Those who are long, or those who are short.' }),
        offset: t.arg.int({ description: 'Lists those after so many.' }),
        first: t.arg.int({ description: `${PAGE_SIZE.usual}, at most ${PAGE_SIZE.most}.` }),
      },
      resolve: async (_root, { market: name, long: isLong, ...page }, { database, portfolios }) => {
        const [offset, limit] = [page.offset ?? 0, page.first ?? PAGE_SIZE.usual]
        if (limit < 1 || limit > PAGE_SIZE.most) throw pageTooLarge(PAGE_SIZE.most)
        if (offset < 0 || offset > OFFSET_MAX)
          throw queryError('INVALID_ARGUMENT', `offset must be within 0 and ${OFFSET_MAX}`)
        const found = await findMarket(database, name)
        if (found === undefined || found.kind === 'spot')
          throw queryError('INVALID_ARGUMENT', 'there are no positions in such a market')
        const asked = { market: found.market, isLong, offset, limit }
        return portfolios.asked(`queue ${found.market} ${isLong} ${offset} ${limit}`, (rpc, height) =>
          readQueue(rpc, asked, height),
        )
      },
    }),
    deleverageRanks: t.field({
      type: [rank],
      description: `Where an owner's positions stand; of at most ${RANKED_SUBACCOUNTS_MAX} subaccounts.`,
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      resolve: async (_root, { owner }, context) => {
        const { owned } = await heldFilter(context, owner, undefined)
        const positions = await positionsOf(context.database, owned, false)
        const holders = new Map(positions.map((row) => [holderText(row), row]))
        const ranked = await Promise.all(
          [...holders]
            .slice(0, RANKED_SUBACCOUNTS_MAX)
            .map(([name, { account, subaccount }]) =>
              context.portfolios.asked(`ranks ${name}`, (rpc, height) =>
                readRanks(rpc, { account, subaccount }, height),
              ),
            ),
        )
        const symbols = new Map(positions.map(({ market, symbol }) => [market, symbol]))
        return ranked.flat().map((row) => ({ ...row, symbol: symbols.get(row.market) ?? null }))
      },
    }),
  }))
}
