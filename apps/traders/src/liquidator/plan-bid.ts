// Whether to bid, and for how much: pure.
import type { LiquidatorConfig } from '../config/liquidator-config.ts'
import type { Offer } from './offer.ts'
import { ONE_E9, valueShare } from './value.ts'
import type { ValuedShare } from './value.ts'

/** Why nothing is bid now. `dear`: the price has to fall further; `room`: enough is held already. */
export type NoBid = 'dear' | 'small' | 'room' | 'nothing'

/** Shares that are tried until one can be carried: parts of the largest, × 10⁹. */
const STEPS_E9 = [1_000, 750, 500, 350, 250, 150, 100, 50].map(
  (thousandth) => BigInt(thousandth) * 1_000_000n,
)

/**
 * Shares worth bidding for, largest first; what the account can carry is asked next. `heldE6` is the notional
 * that is held already.
 */
export function planBid(
  offer: Offer,
  { value, limits }: Pick<LiquidatorConfig, 'value' | 'limits'>,
  heldE6: bigint,
): readonly ValuedShare[] | NoBid {
  if (offer.shareMaxE9 <= 0n) return 'nothing'
  const whole = valueShare(offer, ONE_E9, value)
  const roomE6 = lesser(limits.notionalPerBid, limits.notionalHeld - heldE6)
  if (roomE6 <= limits.notionalMin) return 'room'
  const fittingE9 = whole.notionalE6 === 0n ? ONE_E9 : (roomE6 * ONE_E9) / whole.notionalE6
  const mostE9 = lesser(lesser(offer.shareMaxE9, fittingE9), ONE_E9)
  const shares = STEPS_E9.map((step) => valueShare(offer, (mostE9 * step) / ONE_E9, value)).filter(
    ({ shareE9 }) => shareE9 > 0n,
  )
  const sized = shares.filter(
    ({ notionalE6, worthE6 }) =>
      notionalE6 <= roomE6 && (notionalE6 >= limits.notionalMin || worthE6 >= limits.notionalMin),
  )
  if (sized.length === 0) return 'small'
  const cheap = sized.filter(({ priceE6, priceMaxE6 }) => priceE6 <= priceMaxE6)
  return cheap.length === 0 ? 'dear' : cheap
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
