// What a position is worth at its settlement price. Spec: docs/markets.md.
import { assert, mulDivFloor } from '@causeway/primitives'
import { NOTIONAL_UNIT } from './grid.ts'
import type { Instrument } from './types.ts'

/** What settles: `quoteE6` is what a future's trades have left to be settled. */
export interface SettlingPosition {
  readonly sizeE9: bigint
  readonly quoteE6: bigint
}

/** Cash per 1.0 at settlement, 10⁻⁹: max(0, S − K), max(0, K − S), or S itself for a future. */
export function payoffE9(
  { kind, strikeE9, isCall }: Pick<Instrument, 'kind' | 'strikeE9' | 'isCall'>,
  settlementE9: bigint,
): bigint {
  assert(kind === 'option' || kind === 'future', 'only options and futures settle')
  assert(settlementE9 >= 0n, 'a settlement price is not negative')
  if (kind === 'future') return settlementE9
  const intrinsic = isCall ? settlementE9 - strikeE9 : strikeE9 - settlementE9
  return intrinsic > 0n ? intrinsic : 0n
}

/**
 * Cash that a position receives (pays, if negative) when it settles, before the delivery fee, in
 * micro-cash: a
 * payer's rounded up, a receiver's down. A future adds its quote; an option's premium was paid at the trade.
 */
export function settlementCashE6(
  instrument: Pick<Instrument, 'kind' | 'strikeE9' | 'isCall'>,
  { sizeE9, quoteE6 }: SettlingPosition,
  settlementE9: bigint,
): bigint {
  const payoff = mulDivFloor(sizeE9, payoffE9(instrument, settlementE9), NOTIONAL_UNIT)
  return instrument.kind === 'future' ? payoff + quoteE6 : payoff
}
