// The assets of spot trades: cash moves with the trades, the asset here.
import { assert } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import type { Market } from './market.ts'
import type { MarketsPorts } from './ports.ts'

const ONE_E9 = 1_000_000_000n

/** What a holder buys (above 0) or sells of the underlying. */
export interface SpotSide {
  readonly holder: Holder
  readonly sizeE9: bigint
}

/** Base units of a size: whole, since a lot is. */
export function spotAmount(sizeE9: bigint, decimals: number): bigint {
  const product = sizeE9 * 10n ** BigInt(decimals)
  assert(product % ONE_E9 === 0n, 'a spot lot is whole base units')
  return product / ONE_E9
}

/** Whether a lot is whole base units of its asset. */
export function isSpotLot(lotE9: bigint, decimals: number): boolean {
  return (lotE9 * 10n ** BigInt(decimals)) % ONE_E9 === 0n
}

/** Moves what was sold to those who bought it, in the order of the sides. Sales and purchases are equal. */
export function deliverSpot(
  context: Context,
  ports: MarketsPorts,
  { underlying }: Market,
  sides: readonly SpotSide[],
): void {
  const decimals = ports.assets.decimals(context, underlying)
  assert(decimals !== undefined, 'a spot market has an asset')
  const buyers = sides.filter(({ sizeE9 }) => sizeE9 > 0n).map((side) => ({ ...side }))
  let at = 0
  for (const { holder, sizeE9 } of sides) {
    let left = sizeE9 < 0n ? -sizeE9 : 0n
    while (left > 0n) {
      const buyer = buyers[at]
      assert(buyer !== undefined, 'what is sold is bought')
      const part = left < buyer.sizeE9 ? left : buyer.sizeE9
      ports.assets.move(context, holder, buyer.holder, underlying, spotAmount(part, decimals))
      left -= part
      buyer.sizeE9 -= part
      if (buyer.sizeE9 === 0n) at++
    }
  }
}
