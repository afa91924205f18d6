// Liquidation arithmetic. Amounts in cash; MtM is the value with
// cash.
import { finite, marginErrors } from '../errors.ts'

/** How an auction's price falls with time. */
export interface AuctionCurve {
  /** Share of the value that is asked at the start … */
  readonly discountStart: number
  /** … and after `fastSeconds`; then it falls to 0 within `slowSeconds`. */
  readonly discountKnee: number
  readonly fastSeconds: number
  readonly slowSeconds: number
  /** An insolvent account: from min(0, MtM) downwards within this time … */
  readonly insolventSeconds: number
  /** … by this share of MtM − MM: what is added to the bid at most. */
  readonly insolventShare: number
}

/** The hub's curve. */
export const HUB_AUCTION_CURVE: AuctionCurve = {
  discountStart: 0.98,
  discountKnee: 0.8,
  fastSeconds: 60,
  slowSeconds: 540,
  insolventSeconds: 120,
  insolventShare: 0.25,
}

/** The hub's buffer: an auction ends once MM + 0.2·(MM − MtM) is 0. */
export const HUB_BUFFER_SHARE = 0.2

/** What an account stands at: value with cash, maintenance margin, and R, the cash that bids have paid in. */
export interface AuctionState {
  readonly markToMarket: number
  readonly maintenanceMargin: number
  readonly paidIn: number
}

/** BM = MM + share·(MM − MtM): what an auction restores to 0. Throws `MarginError` 1. */
export function bufferMargin({ markToMarket, maintenanceMargin }: AuctionState, bufferShare: number): number {
  return finite('buffer margin', maintenanceMargin + bufferShare * (maintenanceMargin - markToMarket))
}

/** The share of the value that is asked after some seconds: 0 at the end. Throws `MarginError` 1. */
export function auctionDiscount(curve: AuctionCurve, elapsedSeconds: number): number {
  const elapsed = Math.max(0, finite('elapsedSeconds', elapsedSeconds))
  if (elapsed < curve.fastSeconds)
    return finite(
      'discount',
      curve.discountStart - ((curve.discountStart - curve.discountKnee) * elapsed) / curve.fastSeconds,
    )
  const slow = Math.min(elapsed - curve.fastSeconds, curve.slowSeconds)
  return finite('discount', curve.discountKnee * (1 - slow / curve.slowSeconds))
}

/**
 * fMax = BM ÷ (BM − MtM·d − R·(1 − d)): the fraction of every position and collateral whose sale at
 * discount d brings BM to 0; 0 for an account whose BM is not negative, 1 where no fraction suffices. An
 * account that is insolvent (MtM < 0) sells everything: 1. Throws `MarginError` 1.
 */
export function maximumFraction(state: AuctionState, bufferShare: number, discount: number): number {
  const { markToMarket, paidIn } = state
  const buffer = bufferMargin(state, bufferShare)
  if (buffer >= 0) return 0
  if (finite('markToMarket', markToMarket) < 0) return 1
  const paid = finite('paidIn', paidIn) * (1 - discount)
  const denominator = finite('what a sale restores', buffer - markToMarket * discount - paid)
  return finite('maximum fraction', Math.min(1, buffer / denominator))
}

/**
 * (MtM − R)·d: what the whole of a solvent account costs; a bid pays its fraction of it. Throws `MarginError`
 * 1.
 */
export function auctionPrice({ markToMarket, paidIn }: AuctionState, discount: number): number {
  return finite('auction price', (markToMarket - paidIn) * discount)
}

/**
 * What the whole of an insolvent account costs, ≤ 0 (the bidder is paid): from min(0, MtM) in a straight line
 * down by share·(MtM − MM). Throws `MarginError` 3 for a maintenance margin above the value, and 1.
 */
export function insolventPrice(state: AuctionState, curve: AuctionCurve, elapsedSeconds: number): number {
  const { markToMarket, maintenanceMargin } = state
  if (maintenanceMargin > markToMarket)
    throw marginErrors.outOfRange({
      name: 'maintenanceMargin',
      value: maintenanceMargin,
      min: -Number.MAX_VALUE,
      max: markToMarket,
    })
  const elapsed = Math.min(Math.max(0, finite('elapsedSeconds', elapsedSeconds)), curve.insolventSeconds)
  const start = Math.min(0, markToMarket)
  const depth = curve.insolventShare * (markToMarket - maintenanceMargin)
  const end = Math.min(start, markToMarket - depth)
  return finite('insolvent price', start + ((end - start) * elapsed) / curve.insolventSeconds)
}

/**
 * The fee an auction starts with: share·fMax(d = 1, R = 0)·MtM; none of an insolvent account. Throws
 * `MarginError` 1.
 */
export function startFee(state: AuctionState, bufferShare: number, feeShare: number): number {
  if (state.markToMarket <= 0) return 0
  const fraction = maximumFraction({ ...state, paidIn: 0 }, bufferShare, 1)
  return finite('starting fee', feeShare * fraction * state.markToMarket)
}
