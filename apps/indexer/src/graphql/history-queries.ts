import { CANDLE_SECONDS } from '../project/project-markets.ts'
import {
  pageOfCandles,
  pageOfCashChanges,
  pageOfFunding,
  pageOfFundingRates,
  pageOfSettlements,
  pageOfTrades,
  pageOfWithdrawals,
} from '../read/history.ts'
import { marketId } from '../read/markets.ts'
import { queryError } from '../read/query-errors.ts'
import type { Builder } from './builder.ts'
import type { addHolderHistoryTypes, addMarketHistoryTypes } from './history-types.ts'
import { heldFilter, MARKET } from './market-queries.ts'
import { OWNER, refuseBackward } from './paging.ts'

/** Adds queries of a market's history. */
export function addMarketHistoryQueries(
  builder: Builder,
  { trade, candle, fundingRate, settlement }: ReturnType<typeof addMarketHistoryTypes>,
): void {
  builder.queryFields((t) => ({
    trades: t.connection({
      type: trade.trade,
      description: 'Trades of a market, newest first.',
      args: {
        market: t.arg.string({ required: true, description: MARKET }),
        kind: t.arg({ type: trade.kind }),
      },
      resolve: async (_root, { market, kind, ...page }, { database }) => {
        refuseBackward(page)
        return pageOfTrades(
          database,
          { market: await marketId(database, market), kind: kind ?? undefined },
          page,
        )
      },
    }),
    candles: t.connection({
      type: candle,
      description: 'Of the auctions of a market, newest first.',
      args: {
        market: t.arg.string({ required: true, description: MARKET }),
        seconds: t.arg.int({ required: true, description: `One of ${CANDLE_SECONDS.join(', ')}.` }),
      },
      resolve: async (_root, { market, seconds, ...page }, { database }) => {
        refuseBackward(page)
        if (!CANDLE_SECONDS.some((length) => length === seconds))
          throw queryError('INVALID_ARGUMENT', `seconds is one of ${CANDLE_SECONDS.join(', ')}`)
        return pageOfCandles(database, await marketId(database, market), seconds, page)
      },
    }),
    fundingRates: t.connection({
      type: fundingRate,
      description: 'Rates of a perpetual, newest first.',
      args: { market: t.arg.string({ required: true, description: MARKET }) },
      resolve: async (_root, { market, ...page }, { database }) => {
        refuseBackward(page)
        return pageOfFundingRates(database, await marketId(database, market), page)
      },
    }),
    settlements: t.connection({
      type: settlement,
      description:
        'Positions that ended with their markets, newest first: of an owner, of a market, or both.',
      args: {
        owner: t.arg.string({ description: OWNER }),
        market: t.arg.string({ description: MARKET }),
      },
      resolve: async (_root, { owner, market, ...page }, context) => {
        refuseBackward(page)
        return pageOfSettlements(context.database, await heldFilter(context, owner, market), page)
      },
    }),
  }))
}

/** Adds queries of a holder's history. */
export function addHolderHistoryQueries(
  builder: Builder,
  { fundingPayment, cashChange, withdrawal }: ReturnType<typeof addHolderHistoryTypes>,
): void {
  builder.queryFields((t) => ({
    funding: t.connection({
      type: fundingPayment,
      description: "Funding of an owner's positions, newest first.",
      args: {
        owner: t.arg.string({ required: true, description: OWNER }),
        market: t.arg.string({ description: MARKET }),
      },
      resolve: async (_root, { owner, market, ...page }, context) => {
        refuseBackward(page)
        return pageOfFunding(context.database, await heldFilter(context, owner, market), page)
      },
    }),
    cashChanges: t.connection({
      type: cashChange,
      description: "Changes of an owner's cash, newest first.",
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      resolve: async (_root, { owner, ...page }, context) => {
        refuseBackward(page)
        const { owned } = await heldFilter(context, owner, undefined)
        return pageOfCashChanges(context.database, owned, page)
      },
    }),
    withdrawals: t.connection({
      type: withdrawal,
      description: "An owner's withdrawals that waited in a queue, newest first.",
      args: { owner: t.arg.string({ required: true, description: OWNER }) },
      resolve: async (_root, { owner, ...page }, context) => {
        refuseBackward(page)
        const { owned } = await heldFilter(context, owner, undefined)
        return pageOfWithdrawals(context.database, owned, page)
      },
    }),
  }))
}
