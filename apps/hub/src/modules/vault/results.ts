// What the vault has made, market by market: every trade, fee, funding payment and settlement of its account.
import type { Context, ReadContext } from '../../block/context.ts'
import type { VaultPorts } from './ports.ts'
import { VAULT_STORE, deleteResult, readResult, results, writeResult } from './state.ts'
import type { Result } from './state.ts'

/** What a trade, funding or a settlement price has done. */
export interface Flow {
  readonly sizeE9: bigint
  readonly tradedE6: bigint
  readonly feeE6: bigint
  readonly fundingE6: bigint
  readonly isOver: boolean
}

const E12 = 10n ** 12n

/** Notes a flow. */
export function noteFlow(
  context: Context,
  markets: Pick<VaultPorts['markets'], 'market'>,
  market: bigint,
  flow: Flow,
): void {
  const store = context.store(VAULT_STORE)
  const before = readResult(store, 'result', market) ?? newResult(context, markets, market)
  const { sizeE9, tradedE6, feeE6, fundingE6, isOver } = flow
  const after: Result = {
    ...before,
    boughtE9: before.boughtE9 + (sizeE9 > 0n ? sizeE9 : 0n),
    soldE9: before.soldE9 - (sizeE9 < 0n ? sizeE9 : 0n),
    tradedE6: before.tradedE6 + tradedE6,
    feesE6: before.feesE6 + feeE6,
    fundingE6: before.fundingE6 + fundingE6,
    fills: before.fills + (sizeE9 === 0n ? 0n : 1n),
  }
  if (isOver) close(context, after)
  else writeResult(store, 'result', after)
}

/** Adds results of markets that are over to their underlyings'. */
export function closeEnded(context: Context, markets: Pick<VaultPorts['markets'], 'market'>): void {
  for (const each of [...results(context.store(VAULT_STORE), 'result')])
    if (markets.market(context, each.market) === undefined) close(context, each)
}

/** Profit or loss in a market with what the vault has there at the mark; nothing without a mark. */
export function profitE6(
  context: ReadContext,
  markets: Pick<VaultPorts['markets'], 'markE9'>,
  result: Result,
): bigint | undefined {
  const { boughtE9, soldE9, tradedE6, feesE6, fundingE6, market } = result
  const madeE6 = tradedE6 - feesE6 + fundingE6
  if (market === 0n || boughtE9 === soldE9) return madeE6
  const markE9 = markets.markE9(context, market)
  return markE9 && madeE6 + ((boughtE9 - soldE9) * markE9) / E12
}

function newResult(context: ReadContext, markets: Pick<VaultPorts['markets'], 'market'>, id: bigint): Result {
  const found = markets.market(context, id)
  return {
    ...{ market: id, underlying: found?.underlying ?? 0n, symbol: found?.symbol ?? '' },
    ...{ boughtE9: 0n, soldE9: 0n, tradedE6: 0n, feesE6: 0n, fundingE6: 0n, fills: 0n },
  }
}

function close(context: Context, result: Result): void {
  const store = context.store(VAULT_STORE)
  deleteResult(store, result.market)
  const { underlying } = result
  const known = readResult(store, 'over', underlying)
  writeResult(store, 'over', {
    ...{ market: 0n, underlying, symbol: '' },
    boughtE9: result.boughtE9 + (known?.boughtE9 ?? 0n),
    soldE9: result.soldE9 + (known?.soldE9 ?? 0n),
    tradedE6: result.tradedE6 + (known?.tradedE6 ?? 0n),
    feesE6: result.feesE6 + (known?.feesE6 ?? 0n),
    fundingE6: result.fundingE6 + (known?.fundingE6 ?? 0n),
    fills: result.fills + (known?.fills ?? 0n),
  })
}
