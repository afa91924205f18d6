// What takers get of an account, in whole lots and base units, and what each pays.
import { assert } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { asTaken } from './as-taken.ts'
import { apportion } from './apportion.ts'
import type { HeldAsset, HeldPosition, LiquidationPorts, Move } from './ports.ts'
import { ONE_E9, ceilDiv, shareOf, shareOfUp } from './terms.ts'
import type { Terms } from './terms.ts'

/** A bidder and its part of what is for sale, 10⁻⁹, above 0. */
export interface Taker {
  readonly bidder: Holder
  readonly shareE9: bigint
}

/** What a taker got. */
export interface Taken extends Taker {
  readonly positions: readonly HeldPosition[]
  /** What the share costs by the auction. */
  readonly priceE6: bigint
  /** Cash that went from the taker to the account; below 0 the other way. */
  readonly paidE6: bigint
  /** Positions and collateral at marks. */
  readonly worthE6: bigint
  /** What of the cash was paid for collateral: at most what it is worth at marks. */
  readonly spotE6: bigint
  readonly feeE6: bigint
}

interface Parcel {
  readonly taker: Taker
  readonly positions: HeldPosition[]
  readonly collateral: HeldAsset[]
}

/**
 * Moves the takers' shares, and cash against them: what each got is paid at its marks less the taker's part
 * of what the auction lets it earn. So a share of cash needs no moving, and lots that can't be split cost and
 * give nobody anything. Positions go in whole lots, upwards: a share of a lot would stay for ever.
 */
export function takeOver(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  { takers, terms }: { readonly takers: readonly Taker[]; readonly terms: Terms },
): Taken[] {
  const sum = takers.reduce((total, { shareE9 }) => total + shareE9, 0n)
  assert(sum > 0n && sum <= ONE_E9, 'takers share the whole at most')
  const parcels = takers.map((taker): Parcel => ({ taker, positions: [], collateral: [] }))
  const moves = packPositions(context, ports, holder, parcels, { sum, underlying: terms.underlying })
  if (terms.underlying === 0n) packCollateral(context, ports, holder, parcels, sum)
  // What it is worth is asked before it moves: an isolated account's last position takes collateral with it.
  const taken = parcels.map((parcel) => priced(context, ports, parcel, terms))
  if (moves.length > 0) ports.markets.move(context, moves, 'liquidation')
  for (const { taker, collateral } of parcels)
    for (const { asset: id, denom, amount } of collateral)
      ports.moveAsset(context, holder, taker.bidder, { id, denom }, amount)
  for (const { bidder, paidE6 } of taken) {
    ports.cash.flow(context, bidder, -paidE6, 'liquidation')
    ports.cash.flow(context, holder, paidE6, 'liquidation')
  }
  return taken
}

function packPositions(
  context: Context,
  { markets }: LiquidationPorts,
  holder: Holder,
  parcels: readonly Parcel[],
  { sum, underlying }: { readonly sum: bigint; readonly underlying: bigint },
): Move[] {
  const moves: Move[] = []
  for (const { market: id, sizeE9 } of markets.positions(context, holder)) {
    const market = markets.market(context, id)
    assert(market !== undefined, 'a position is of a market')
    if (underlying !== 0n && market.underlying !== underlying) continue
    const lots = (sizeE9 < 0n ? -sizeE9 : sizeE9) / market.lotE9
    const moved = ceilDiv(lots * sum, ONE_E9)
    const parts = apportion(
      moved,
      parcels.map(({ taker }) => taker.shareE9),
    )
    for (const [i, { taker, positions }] of parcels.entries()) {
      if (parts[i] === 0n) continue
      const partE9 = (sizeE9 < 0n ? -parts[i]! : parts[i]!) * market.lotE9
      const part = asTaken(context, markets, { market: id, sizeE9: partE9 })
      positions.push(part)
      const amountE6 = -part.quoteE6
      moves.push({ market: id, from: holder, to: taker.bidder, sizeE9: partE9, amountE6 })
    }
  }
  return moves
}

function packCollateral(
  context: Context,
  { risk, isPriceFresh }: LiquidationPorts,
  holder: Holder,
  parcels: readonly Parcel[],
  sum: bigint,
): void {
  const weights = parcels.map(({ taker }) => taker.shareE9)
  for (const held of risk.collateral(context, holder)) {
    // What has no price now is sold to nobody: it stays.
    if (!isPriceFresh(context, held.asset)) continue
    const parts = apportion((held.amount * sum) / ONE_E9, weights)
    for (const [i, { collateral }] of parcels.entries())
      if (parts[i]! > 0n) collateral.push({ ...held, amount: parts[i]! })
  }
}

function priced(
  context: Context,
  { risk }: LiquidationPorts,
  { taker, positions, collateral }: Parcel,
  terms: Terms,
): Taken {
  const { shareE9 } = taker
  const worthE6 = risk.worthE6(context, { positions, collateral })
  const paidE6 = worthE6 - shareOfUp(terms.earnedE6, shareE9)
  const priceE6 = terms.underlying === 0n ? shareOf(terms.priceE6, shareE9) : paidE6
  const spotE6 = paidE6 > 0n ? least(paidE6, risk.worthE6(context, { positions: [], collateral })) : 0n
  return { ...taker, positions, priceE6, paidE6, worthE6, spotE6, feeE6: shareOfUp(terms.feeE6, shareE9) }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
