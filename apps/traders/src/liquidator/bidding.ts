// One round of a liquidator: every auction is valued, and the first that is worth it is bid for.
import { formatUnits, parseUnits } from 'viem'
import { isClientError } from '@causeway/client'
import type { LiquidationRow, PlacedBid, Trader } from '@causeway/client'
import type { Logger } from 'pino'
import type { LiquidatorConfig } from '../config/liquidator-config.ts'
import { POSITIONS_MAX, fitShare } from './fit-share.ts'
import type { LiquidatorMetrics } from './liquidator-metrics.ts'
import { offerOf } from './offer.ts'
import type { Offer } from './offer.ts'
import { planBid } from './plan-bid.ts'
import type { ValuedShare } from './value.ts'
import type { View, WatchedHub } from './view.ts'

/** What bidding needs. */
export interface BiddingParts {
  readonly causeway: WatchedHub
  readonly trader: Pick<Trader, 'bid' | 'address'>
  readonly config: LiquidatorConfig
  readonly metrics: LiquidatorMetrics
  readonly log: Logger
}

const [E6, E9] = [6, 9]
const WAIT = { waitSeconds: 20 } as const

/**
 * Goes through auctions, those that fell first; ends with the first bid, as the account is another after it.
 * True when one was made. A bid whose outcome nobody knows throws: it may still be taken.
 */
export async function bidOnce(
  parts: BiddingParts,
  auctions: readonly LiquidationRow[],
  view: View,
): Promise<boolean> {
  const { config, metrics, log, trader, causeway } = parts
  for (const row of auctions.slice(0, config.accountsMax)) {
    const left = (reason: string) => {
      metrics.add('liquidator_left_total', 1, { reason })
      log.debug({ account: row.account, subaccount: row.subaccount, reason }, 'left alone')
    }
    const offer = await readOffer(parts, row, view)
    if (typeof offer === 'string') {
      left(offer)
      continue
    }
    const shares = planBid(offer, config, view.heldE6)
    if (typeof shares === 'string') {
      left(shares)
      continue
    }
    const carrier = {
      address: trader.address,
      subaccount: config.subaccount,
      marginLeftBps: config.limits.marginLeftBps,
    }
    const share = await fitShare(causeway, { offer, shares }, carrier)
    if (share === undefined) left('margin')
    else if (await place(parts, offer, share)) return true
  }
  return false
}

async function readOffer(
  { causeway }: BiddingParts,
  row: LiquidationRow,
  { markets, prices }: View,
): Promise<Offer | string> {
  const [sale, portfolio] = await Promise.all([
    causeway.sale(row.account, row.subaccount),
    causeway.portfolio(row.account, row.subaccount),
  ])
  if (sale.state !== 'open') return sale.state
  const offer = offerOf({ row: sale.liquidation ?? row, sale, portfolio, markets, prices })
  return typeof offer !== 'string' && offer.positions.length > POSITIONS_MAX ? 'positions' : offer
}

/** True when a bid was made, whatever it brought. */
async function place(parts: BiddingParts, offer: Offer, share: ValuedShare): Promise<boolean> {
  const { trader, config, metrics, log } = parts
  const about = {
    ...{ account: offer.account, subaccount: offer.subaccount, underlying: offer.underlying },
    ...{ insolvent: offer.isInsolvent, share: formatUnits(share.shareE9, E9), height: `${offer.height}` },
    ...{ asked: cashOf(share.priceE6), priceMax: cashOf(share.priceMaxE6), worth: cashOf(share.worthE6) },
    ...{ cost: cashOf(share.costE6), notional: cashOf(share.notionalE6) },
  }
  if (config.dryRun) {
    metrics.add('liquidator_bids_total', 1, { outcome: 'dry run' })
    log.info(about, 'would bid')
    return false
  }
  try {
    const { account, subaccount, underlying } = offer
    const terms = {
      ...{ account, accountSubaccount: subaccount, underlying, subaccount: config.subaccount },
      ...{ share: formatUnits(share.shareE9, E9), priceMax: cashOf(share.priceMaxE6) },
    }
    told(parts, { about, share }, await trader.bid(terms, WAIT))
    return true
  } catch (error) {
    if (!isClientError(error) || error.outcome === 'unknown' || error.codespace === 'client') throw error
    metrics.add('liquidator_bids_total', 1, { outcome: 'refused' })
    log.info({ ...about, reason: error.message }, 'the hub refused the bid')
    return false
  }
}

function told(
  { metrics, log }: BiddingParts,
  { about, share }: { readonly about: object; readonly share: ValuedShare },
  { sold, lapsed, height, txHash }: PlacedBid,
): void {
  metrics.add('liquidator_bids_total', 1, { outcome: sold === undefined ? 'lapsed' : 'sold' })
  if (sold === undefined) {
    log.info({ ...about, reason: lapsed, block: height, txHash }, 'the bid got nothing')
    return
  }
  const soldE9 = parseUnits(sold.share, E9)
  const notionalE6 = (share.notionalE6 * soldE9) / share.shareE9
  metrics.add('liquidator_taken_notional_total', Number(cashOf(notionalE6)))
  metrics.add('liquidator_paid_total', Number(sold.price))
  metrics.add('liquidator_earned_total', Number(sold.worth) - Number(sold.paid))
  log.info({ ...about, sold, block: height, txHash }, 'took over')
}

function cashOf(amountE6: bigint): string {
  return formatUnits(amountE6, E6)
}
