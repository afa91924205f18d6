// What an auction asks at a block's time: amounts in micro-cash, shares in 10⁻⁹, by libs/margin's arithmetic.
import {
  auctionDiscount,
  auctionPrice,
  cashFromE6,
  insolventPrice,
  maximumFraction,
  toMicroCashDown,
} from '@causeway/margin'
import type { Params } from '@causeway/protocol/causeway/liquidation/v1/liquidation'
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { asTaken } from './as-taken.ts'
import { curveOf, readParams } from './params.ts'
import type { Figures, LiquidationPorts } from './ports.ts'
import { LIQUIDATION_STORE } from './state.ts'
import type { Liquidation } from './state.ts'

/** 10⁹: the whole. */
export const ONE_E9 = 1_000_000_000n
/** 10⁴: the whole in basis points. */
export const BPS = 10_000n

/** What an auction asks now. */
export interface Terms {
  /** What is for sale: 0 = a share of everything, else the positions of one underlying. */
  readonly underlying: bigint
  readonly isInsolvent: boolean
  /** What the whole of it costs; below 0 the bidder is paid. */
  readonly priceE6: bigint
  /** What the whole of it is worth at marks. */
  readonly worthE6: bigint
  /** worth − price, ≥ 0: what taking the whole over earns. */
  readonly earnedE6: bigint
  /** What the account pays insurance when the whole is sold. */
  readonly feeE6: bigint
  /** No more is sold. */
  readonly shareMaxE9: bigint
  /** Share of the worth that is asked; 0 of an insolvent account. */
  readonly discountE9: bigint
}

/** BM = MM + buffer · (MM − value): what an auction brings to 0, rounded down. */
export function bufferMarginE6({ valueE6, maintenanceE6 }: Figures, { bufferBps }: Params): bigint {
  const apart = (valueE6 - maintenanceE6) * bufferBps
  return maintenanceE6 - ceilDiv(apart, BPS)
}

/** What the auction of an account asks. `figures` are its own now; maintenance margin is below 0. */
export function termsOf(
  context: ReadContext,
  ports: Pick<LiquidationPorts, 'risk' | 'markets'>,
  holder: Holder,
  { record, figures }: { readonly record: Liquidation; readonly figures: Figures },
): Terms {
  const params = readParams(context.store(LIQUIDATION_STORE))
  const elapsed = Number(context.timeSeconds - record.stageSeconds)
  if (figures.valueE6 <= 0n) return insolventTerms(params, figures, elapsed)
  const whole = wholeTerms(params, figures, paidIn(record, figures), elapsed)
  return record.underlying === 0n
    ? whole
    : sliceTerms(context, ports, holder, { params, whole, underlying: record.underlying })
}

/** A share of an amount, rounded down. */
export function shareOf(amountE6: bigint, shareE9: bigint): bigint {
  return floorDiv(amountE6 * shareE9, ONE_E9)
}

/** A share of an amount, rounded up. */
export function shareOfUp(amountE6: bigint, shareE9: bigint): bigint {
  return ceilDiv(amountE6 * shareE9, ONE_E9)
}

function insolventTerms(params: Params, figures: Figures, elapsed: number): Terms {
  const state = stateOf(figures, 0n)
  const price = toMicroCashDown(insolventPrice(state, curveOf(params), elapsed), 0)
  return {
    ...{ underlying: 0n, isInsolvent: true, feeE6: 0n, shareMaxE9: ONE_E9, discountE9: 0n },
    ...{ priceE6: price, worthE6: figures.valueE6, earnedE6: figures.valueE6 - price },
  }
}

/**
 * What bids have paid in is not for sale. DIFFERS FROM SPEC: unless nothing else is worth anything any more:
 * then nobody would take the rest, and the whole is sold.
 */
function paidIn({ paidInE6 }: Liquidation, { valueE6 }: Figures): bigint {
  return paidInE6 < valueE6 ? paidInE6 : 0n
}

function wholeTerms(params: Params, figures: Figures, paidInE6: bigint, elapsed: number): Terms {
  const state = stateOf(figures, paidInE6)
  const discount = auctionDiscount(curveOf(params), elapsed)
  const worthE6 = figures.valueE6 - paidInE6
  const priceE6 = toMicroCashDown(auctionPrice(state, discount), 0)
  // The fee is taken from what is paid: so much less of it restores the account.
  const kept = discount * (1 - Number(params.feeBps) / Number(BPS))
  const most = maximumFraction(state, Number(params.bufferBps) / Number(BPS), kept)
  return {
    ...{ underlying: 0n, isInsolvent: false, priceE6, worthE6, earnedE6: worthE6 - priceE6 },
    feeE6: ceilDiv(priceE6 * params.feeBps, BPS),
    shareMaxE9: BigInt(Math.ceil(most * 1e9)),
    discountE9: BigInt(Math.floor(discount * 1e9)),
  }
}

/**
 * One underlying's positions at their marks. Who takes them earns the part of the discount that they have in
 * the worst loss; as much of the fee is due. Cash and collateral stay.
 */
function sliceTerms(
  context: ReadContext,
  { risk, markets }: Pick<LiquidationPorts, 'risk' | 'markets'>,
  holder: Holder,
  { params, whole, underlying }: { params: Params; whole: Terms; underlying: bigint },
): Terms {
  const part = risk.lossShares(context, holder).find((each) => each.underlying === underlying)
  const lossE9 = part?.shareE9 ?? 0n
  const positions = markets
    .positions(context, holder)
    .filter(({ market }) => markets.market(context, market)?.underlying === underlying)
    .map((position) => asTaken(context, markets, position))
  const worthE6 = risk.worthE6(context, { positions, collateral: [] })
  const earnedE6 = shareOf(whole.earnedE6, lossE9)
  const feeE6 = shareOfUp(whole.feeE6, lossE9)
  const bufferE9 = params.bufferBps * (ONE_E9 / BPS)
  const costE6 = earnedE6 + feeE6
  return {
    ...{ underlying, isInsolvent: false, priceE6: worthE6 - earnedE6, worthE6, earnedE6, feeE6 },
    shareMaxE9: risk.restoringShareE9(context, holder, { underlying, costE6, bufferE9 }),
    discountE9: whole.discountE9,
  }
}

/** Pending deposits count toward maintenance and not toward value: they don't lift one above the other. */
function stateOf({ valueE6, maintenanceE6 }: Figures, paidInE6: bigint) {
  return {
    markToMarket: cashFromE6(valueE6),
    maintenanceMargin: cashFromE6(maintenanceE6 < valueE6 ? maintenanceE6 : valueE6),
    paidIn: cashFromE6(paidInE6),
  }
}

/** Rounded down; the divisor is above 0. */
export function floorDiv(a: bigint, b: bigint): bigint {
  return a >= 0n || a % b === 0n ? a / b : a / b - 1n
}

/** Rounded up; the divisor is above 0. */
export function ceilDiv(a: bigint, b: bigint): bigint {
  return -floorDiv(-a, b)
}
