// What an auction offers, in whole numbers: what deciding on a bid goes by.
import { parseUnits } from 'viem'
import type { LiquidationRow, MarketRow, Portfolio, SaleRow } from '@causeway/client'

/** A position that is for sale. */
export interface OfferedPosition {
  readonly market: string
  /** Asset id. */
  readonly underlying: string
  readonly isOption: boolean
  /** Signed: who takes it over has as much of it. */
  readonly sizeE9: bigint
  readonly lotE9: bigint
  /** What 1.0 is worth, and the price of the underlying. */
  readonly markE9: bigint
  readonly indexE9: bigint
}

/** An auction at one block. Amounts are micro-cash, of the whole of what is for sale. */
export interface Offer {
  readonly account: string
  readonly subaccount: number
  /** Asset id; `0`: a share of everything. */
  readonly underlying: string
  readonly isInsolvent: boolean
  /** No more is sold, × 10⁹. */
  readonly shareMaxE9: bigint
  /** What is asked; below zero the bidder is paid. */
  readonly priceE6: bigint
  /** The lower of what the hub says it is worth and of what its parts are worth. */
  readonly worthE6: bigint
  readonly positions: readonly OfferedPosition[]
  /** Collateral that comes along: at its price, and what of it counts toward initial margin. */
  readonly collateralE6: bigint
  readonly collateralCountedE6: bigint
  /** Of the sale. */
  readonly height: bigint
}

/** Why an auction can't be valued. */
export type Unvalued = 'heights' | 'mark' | 'market' | 'price' | 'collateral' | 'underlying'

/** What offers are made of. */
export interface OfferSources {
  readonly row: LiquidationRow
  readonly sale: SaleRow
  readonly portfolio: Portfolio
  /** By symbol. */
  readonly markets: ReadonlyMap<string, MarketRow>
  /** Fresh prices only, by asset id, × 10⁹. */
  readonly prices: ReadonlyMap<string, bigint>
}

/** Sale and portfolio are read one after the other: so many blocks may lie between them. */
const BLOCKS_APART_MAX = 2n
const [E6, E9] = [6, 9]
const ONE_E9 = 10n ** 9n

/**
 * An offer, or why it is left alone. The account's parts are added up here, too: a node that says only one of
 * the two numbers wrong gains nothing by it.
 */
export function offerOf({ row, sale, portfolio, markets, prices }: OfferSources): Offer | Unvalued {
  const apart = BigInt(sale.height) - BigInt(portfolio.height)
  if (apart > BLOCKS_APART_MAX || apart < -BLOCKS_APART_MAX) return 'heights'
  const underlying = sale.liquidation?.underlying ?? '0'
  const positions: OfferedPosition[] = []
  let positionsE6 = 0n
  for (const { market: symbol, size, mark, value } of portfolio.positions) {
    const market = markets.get(symbol)
    if (market === undefined) return 'market'
    if (underlying !== '0' && market.underlying !== underlying) continue
    const indexE9 = prices.get(market.underlying)
    if (indexE9 === undefined) return 'price'
    if (mark === undefined) return 'mark'
    const isOption = market.kind === 'option'
    const [sizeE9, markE9] = [parseUnits(size, E9), parseUnits(mark, E9)]
    const lotE9 = parseUnits(market.lot, E9)
    positions.push({
      market: symbol,
      underlying: market.underlying,
      isOption,
      sizeE9,
      lotE9,
      markE9,
      indexE9,
    })
    if (underlying === '0' || isOption) positionsE6 += parseUnits(value, E6)
  }
  if (underlying !== '0' && positions.length === 0) return 'underlying'
  const collateral = underlying === '0' ? portfolio.collateral : []
  // What has no value is a gift; what has one must have a price to go by.
  const valued = collateral.filter(({ value }) => parseUnits(value, E6) !== 0n)
  if (valued.some(({ asset, priceStatus }) => priceStatus !== 'fresh' || !prices.has(asset)))
    return 'collateral'
  const sum = (key: 'value' | 'initialValue') =>
    collateral.reduce((total, item) => total + parseUnits(item[key], E6), 0n)
  const collateralE6 = sum('value')
  const paidInE6 = parseUnits(row.paidIn, E6)
  const cashE6 = underlying === '0' ? parseUnits(portfolio.cash, E6) : 0n
  const addedE6 = cashE6 + collateralE6 + positionsE6
  // What bids have paid in is not for sale, unless nothing else is worth anything: as the hub has it.
  const ownE6 = underlying === '0' && paidInE6 < addedE6 ? addedE6 - paidInE6 : addedE6
  const toldE6 = parseUnits(sale.worth, E6)
  const shareMaxE9 = parseUnits(sale.shareMax, E9)
  return {
    ...{ account: row.account, subaccount: row.subaccount, underlying, positions },
    isInsolvent: row.stage === 'insolvent',
    shareMaxE9: shareMaxE9 > ONE_E9 ? ONE_E9 : shareMaxE9,
    priceE6: parseUnits(sale.price, E6),
    worthE6: ownE6 < toldE6 ? ownE6 : toldE6,
    ...{ collateralE6, collateralCountedE6: sum('initialValue') },
    height: BigInt(sale.height),
  }
}
