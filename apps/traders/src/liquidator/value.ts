// What a share of an account is worth to who has to close it again: pure, in micro-cash.
import type { LiquidatorConfig } from '../config/liquidator-config.ts'
import type { Offer, OfferedPosition } from './offer.ts'

/** What closing costs, and what must be left: 1/10,000 parts and cash. */
export type ValueTerms = LiquidatorConfig['value']

/** A share of an offer. */
export interface ValuedShare {
  readonly shareE9: bigint
  /** Of all positions at their underlyings' prices. */
  readonly notionalE6: bigint
  /** At the marks that the hub tells. */
  readonly worthE6: bigint
  /** Of closing it. */
  readonly costE6: bigint
  /** What is asked now. */
  readonly priceE6: bigint
  /** The most that may be paid: worth less cost less what must be left. */
  readonly priceMaxE6: bigint
}

/** 10⁹: the whole. */
export const ONE_E9 = 1_000_000_000n
const BPS = 10_000n

/**
 * Values a share. Positions are counted in whole lots, upwards, as the hub moves them: a small share of one
 * lot is the risk of a lot.
 */
export function valueShare(offer: Offer, shareE9: bigint, terms: ValueTerms): ValuedShare {
  let [notionalE6, costE6] = [0n, 0n]
  for (const position of offer.positions) {
    const sizeE9 = takenE9(position, shareE9)
    const underlyingE6 = timesUp(sizeE9, position.indexE9)
    notionalE6 += underlyingE6
    costE6 += position.isOption
      ? greater(
          part(timesUp(sizeE9, position.markE9), terms.optionCostBps),
          part(underlyingE6, terms.optionNotionalCostBps),
        )
      : part(underlyingE6, terms.linearCostBps)
  }
  costE6 += part(ofShareUp(offer.collateralE6, shareE9), terms.collateralCostBps)
  const worthE6 = ofShare(offer.worthE6, shareE9)
  const leftE6 = part(notionalE6, terms.safetyBps) + terms.profitMin
  return {
    ...{ shareE9, notionalE6, worthE6, costE6 },
    priceE6: ofShareUp(offer.priceE6, shareE9),
    priceMaxE6: worthE6 - costE6 - leftE6,
  }
}

/** What is taken of a position with a share, × 10⁹ and without sign: whole lots, upwards. */
export function takenE9({ sizeE9, lotE9 }: OfferedPosition, shareE9: bigint): bigint {
  const wanted = ofShareUp(sizeE9 < 0n ? -sizeE9 : sizeE9, shareE9)
  return lotE9 === 0n ? wanted : ((wanted + lotE9 - 1n) / lotE9) * lotE9
}

/** A share of an amount, rounded down. */
export function ofShare(amount: bigint, shareE9: bigint): bigint {
  return floorDiv(amount * shareE9, ONE_E9)
}

function ofShareUp(amount: bigint, shareE9: bigint): bigint {
  return -floorDiv(-amount * shareE9, ONE_E9)
}

/** Size × price in micro-cash, upwards; neither is below 0. */
function timesUp(sizeE9: bigint, priceE9: bigint): bigint {
  const scale = ONE_E9 * 1_000n
  return (sizeE9 * priceE9 + scale - 1n) / scale
}

function part(amountE6: bigint, bps: bigint): bigint {
  return (amountE6 * bps + BPS - 1n) / BPS
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function floorDiv(a: bigint, b: bigint): bigint {
  return a >= 0n || a % b === 0n ? a / b : a / b - 1n
}
