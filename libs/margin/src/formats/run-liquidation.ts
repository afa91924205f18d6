import {
  auctionDiscount,
  auctionPrice,
  bufferMargin,
  insolventPrice,
  maximumFraction,
  startFee,
  type AuctionState,
} from '../auction/liquidation.ts'
import { afterBid } from '../auction/liquidate-fraction.ts'
import { evaluate } from '../requirement/evaluate.ts'
import type { Holdings, LiquidationAction, LiquidationCase, LiquidationFigure } from './liquidation-case.ts'

/** What a run comes to: the fee at its start, and the figures of each bid. */
export interface LiquidationRun {
  readonly fee: number
  readonly actions: readonly {
    readonly figures: Readonly<Record<LiquidationFigure, number>>
    /** Below 0 the account is insolvent: then the format's figures beyond PreBM are not reliable. */
    readonly isSolvent: boolean
  }[]
}

/** Runs a published auction: each action starts from the portfolio that the file gives. */
export function runLiquidation(run: LiquidationCase): LiquidationRun {
  const { bufferShare, feeShare } = run
  const fee = startFee(stateOf(run, run.initial, 0), bufferShare, feeShare)
  let paidIn = 0
  const actions = run.actions.map((action) => {
    const before = stateOf(run, action, paidIn)
    const { figures, bid } = bidOn(run, action, before)
    paidIn += bid
    return { figures, isSolvent: before.markToMarket >= 0 }
  })
  return { fee, actions }
}

function bidOn(run: LiquidationCase, action: LiquidationAction, before: AuctionState) {
  const { bufferShare, curve, startSeconds } = run
  const elapsed = action.timeSeconds - startSeconds
  const discount = auctionDiscount(curve, elapsed)
  const most = maximumFraction(before, bufferShare, discount)
  const fraction = Math.min(action.wanted, most)
  const isSolvent = before.markToMarket >= 0
  const price = isSolvent ? auctionPrice(before, discount) : insolventPrice(before, curve, elapsed)
  const bid = price * fraction
  const account = afterBid(action.account, { fraction, cash: bid, paidIn: before.paidIn })
  const after = stateOf(run, { ...action, account }, before.paidIn + bid)
  const figures = {
    PreMtM: before.markToMarket,
    PreMM: before.maintenanceMargin,
    PreBM: bufferMargin(before, bufferShare),
    PreFMax: most,
    ExpectedBidPrice: bid,
    fLiquidatedOfOriginal: fraction,
    PostMtM: after.markToMarket,
    PostMM: after.maintenanceMargin,
    PostBM: bufferMargin(after, bufferShare),
    PostFMax: maximumFraction(after, bufferShare, discount),
  }
  return { figures, bid }
}

function stateOf({ model }: LiquidationCase, { snapshot, account }: Holdings, paidIn: number): AuctionState {
  const { value, maintenanceMargin } = evaluate(model, snapshot, account)
  return { markToMarket: value, maintenanceMargin, paidIn }
}
