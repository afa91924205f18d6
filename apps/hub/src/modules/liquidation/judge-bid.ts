// What makes a bid fit: somebody else's, for what is for sale, and borne by the bidder.
import { equalBytes } from '@causeway/primitives'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { arePricesFresh, caughtUp, isRunning } from './freshness.ts'
import type { Figures, LiquidationPorts } from './ports.ts'
import { figuresNow } from './review.ts'
import { LIQUIDATION_STORE, readLiquidation } from './state.ts'
import type { Liquidation } from './state.ts'
import type { Taken } from './take-over.ts'

/** Whether an account can be sold in this block, or why not. */
export type SaleState =
  'open' | 'none' | 'waiting' | 'closing' | 'prices' | 'uncounted' | 'healthy' | 'turning'

/** An account's liquidation and figures now. */
export interface OnSale {
  readonly record: Liquidation
  readonly figures: Figures
}

/**
 * Whether an account is for sale. `turning`: it has become worth something, or ceased to be, since its
 * auction began; the next block begins the other one.
 */
export function saleState(
  context: ReadContext,
  ports: LiquidationPorts,
  holder: Holder,
): { readonly state: SaleState; readonly sale?: OnSale } {
  const stored = readLiquidation(context.store(LIQUIDATION_STORE), holder)
  if (stored === undefined) return { state: 'none' }
  const record = caughtUp(context, ports, holder, stored)
  if (!isRunning(context) || !arePricesFresh(context, ports, holder)) return { state: 'prices' }
  if (record.stage === 'waiting' || record.stage === 'closing') return { state: record.stage }
  const figures = figuresNow(context, ports, holder)
  if (figures === undefined) return { state: 'uncounted' }
  if (figures.maintenanceE6 >= 0n) return { state: 'healthy' }
  if ((record.stage === 'insolvent') !== figures.valueE6 <= 0n) return { state: 'turning' }
  return { state: 'open', sale: { record, figures } }
}

/** Throws `liquidation/4`, `/7`. */
export function requireBidder(
  context: ReadContext,
  { owner, risk }: Pick<LiquidationPorts, 'owner' | 'risk'>,
  holder: Holder,
  bidder: Holder,
): void {
  if (equalBytes(owner(context, bidder.account), owner(context, holder.account))) throw errors.sameOwner()
  const isLiquidated = readLiquidation(context.store(LIQUIDATION_STORE), bidder) !== undefined
  if (isLiquidated || risk.level(context, bidder) === 'below') throw errors.bidderLiquidated()
}

/**
 * Whether a bidder can bear what it has just taken over: within its caps, its initial margin, orders counted,
 * not negative at fresh prices; no collateral for gains that may not leave yet. Throws `liquidation/8`, `/9`,
 * `markets/27`, `/29`, `risk/1`, `risk/2`, `/7`.
 */
export function requireFit(
  context: Context,
  { risk, markets, cash }: LiquidationPorts,
  { bidder, positions, paidE6, spotE6 }: Taken,
): void {
  const lockedE6 = cash.lockedE6(context, bidder)
  const freeE6 = cash.balanceE6(context, bidder) + paidE6 - lockedE6
  if (lockedE6 > 0n && spotE6 > 0n && freeE6 < spotE6) throw errors.lockedGain({ spotE6, freeE6, lockedE6 })
  if (risk.isIsolated(context, bidder)) {
    const held = markets.positions(context, bidder)
    const underlyings = new Set(held.map(({ market }) => markets.market(context, market)?.underlying))
    if (underlyings.size > 1) throw errors.isolatedBidder()
  }
  markets.requireOwnerCaps(context, bidder, positions)
  risk.requireInitial(context, bidder)
}
