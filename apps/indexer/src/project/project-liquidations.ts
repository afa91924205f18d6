// What the hub's events tell of accounts under liquidation. What a liquidation came to in all is folded from
// these rows (`fold-liquidation.ts`).

import { readInteger, readSubaccount, readText, readU64 } from './attributes.ts'
import type { BlockEvent, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'
import { readHolder } from './read-holder.ts'

/** Row changes of an event of liquidation; none for others. `position` counts events within the block. */
export function projectLiquidationEvent(event: BlockEvent, place: EventPlace, position: number): Change[] {
  switch (event.type) {
    case 'causeway.liquidation.v1.stage':
      return [projectStage(event, place, position)]
    case 'causeway.liquidation.v1.closing':
      return [projectClosing(event, place, position)]
    case 'causeway.liquidation.v1.bid':
      return [projectBid(event, place, position)]
    case 'causeway.liquidation.v1.sold':
      return [projectSold(event, place, position)]
    case 'causeway.liquidation.v1.lapsed':
      return [projectLapsed(event, place, position)]
    default:
      return []
  }
}

function projectStage(event: BlockEvent, { block }: EventPlace, position: number): Change {
  const row = {
    ...readHolder(event),
    stage: readText(event, 'stage'),
    before: readText(event, 'before'),
    reason: readText(event, 'reason'),
    valueE6: readInteger(event, 'value_e6'),
    underlying: readU64(event, 'underlying'),
    timeNanoseconds: block.timeNanoseconds,
  }
  return change('liquidationStep', { height: block.height, position }, row)
}

function projectClosing(event: BlockEvent, { block }: EventPlace, position: number): Change {
  const orders = readSubaccount(event, 'orders')
  const { height, timeNanoseconds } = block
  const row = { ...readHolder(event), stage: 'closing', orders, timeNanoseconds }
  return change('liquidationStep', { height, position }, row)
}

function projectBid(event: BlockEvent, { block, transaction }: EventPlace, position: number): Change {
  const set = {
    position,
    shareE9: readInteger(event, 'share_e9'),
    maxPriceE6: readInteger(event, 'max_price_e6'),
    status: 'placed',
    transaction: transaction?.hash ?? null,
    timeNanoseconds: block.timeNanoseconds,
  }
  return change('liquidationBid', readBidKey(event, block.height), {}, set)
}

function projectSold(event: BlockEvent, { block }: EventPlace, position: number): Change {
  const soldShareE9 = readInteger(event, 'share_e9')
  const priceE6 = readInteger(event, 'price_e6')
  const set = {
    status: 'sold',
    soldShareE9,
    underlying: readU64(event, 'underlying'),
    priceE6,
    paidE6: readInteger(event, 'paid_e6'),
    feeE6: readInteger(event, 'fee_e6'),
    worthE6: readInteger(event, 'worth_e6'),
  }
  const { timeNanoseconds } = block
  const unknown = { position, shareE9: soldShareE9, maxPriceE6: priceE6, timeNanoseconds }
  return change('liquidationBid', readBidKey(event, block.height), unknown, set)
}

function projectLapsed(event: BlockEvent, { block }: EventPlace, position: number): Change {
  const unknown = { position, shareE9: 0n, maxPriceE6: 0n, timeNanoseconds: block.timeNanoseconds }
  const set = { status: 'lapsed', reason: readText(event, 'reason') }
  return change('liquidationBid', readBidKey(event, block.height), unknown, set)
}

function readBidKey(event: BlockEvent, height: bigint) {
  const bidder = readText(event, 'bidder')
  return {
    height,
    ...readHolder(event),
    bidder,
    bidderSubaccount: readSubaccount(event, 'bidder_subaccount'),
  }
}
