// Which share the liquidator's own account can carry: the hub's what-if (libs/margin) at its own margin.
import { formatUnits, parseUnits } from 'viem'
import type { Causeway, SupposedTrade } from '@causeway/client'
import type { Offer } from './offer.ts'
import { ofShare, takenE9 } from './value.ts'
import type { ValuedShare } from './value.ts'

/** Who carries. */
export interface Carrier {
  readonly address: string
  readonly subaccount: number
  /** Left of initial margin afterwards, at least, of what is required then. */
  readonly marginLeftBps: bigint
}

/** One question holds 64 trades, one of which is the cash. */
export const POSITIONS_MAX = 63
const [E6, E9] = [6, 9]
const BPS = 10_000n

/** The first of some shares after which enough initial margin is left; the price is paid at its most. */
export async function fitShare(
  causeway: Pick<Causeway, 'whatIf'>,
  { offer, shares }: { readonly offer: Offer; readonly shares: readonly ValuedShare[] },
  { address, subaccount, marginLeftBps }: Carrier,
): Promise<ValuedShare | undefined> {
  for (const share of shares) {
    const { after } = await causeway.whatIf(address, supposed(offer, share), subaccount)
    const required = parseUnits(after.initialRequirement, E6)
    if (parseUnits(after.initialMargin, E6) * BPS >= required * marginLeftBps) return share
  }
  return undefined
}

/**
 * Taking a share over as trades: positions at their marks, and cash. What is paid for them beside that earns
 * worth − price; collateral comes for its price, and counts for less.
 */
export function supposed(offer: Offer, { shareE9, worthE6, priceMaxE6 }: ValuedShare): SupposedTrade[] {
  const trades: SupposedTrade[] = offer.positions.map((position) => ({
    market: position.market,
    side: position.sizeE9 > 0n ? 'buy' : 'sell',
    size: formatUnits(takenE9(position, shareE9), E9),
    ...(position.markE9 > 0n ? { price: formatUnits(position.markE9, E9) } : {}),
  }))
  const haircutE6 = ofShare(offer.collateralE6 - offer.collateralCountedE6, shareE9)
  const cashE6 = worthE6 - priceMaxE6 - haircutE6
  return [...trades, ...(cashE6 === 0n ? [] : [{ cash: formatUnits(cashE6, E6) }])]
}
