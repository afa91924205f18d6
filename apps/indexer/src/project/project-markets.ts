// What the hub's events tell of markets and of what holders do in them.

import { findText, readInteger, readSubaccount, readText, readU64 } from './attributes.ts'
import type { BlockEvent, EventPlace } from './block.ts'
import { change, type Change } from './change.ts'
import { errors } from './errors.ts'
import { readBookLevels } from './read-book-levels.ts'

/** Lengths of candles, seconds. */
export const CANDLE_SECONDS = [60, 300, 3_600, 86_400] as const

/** A size (10⁻⁹) times a price (10⁻⁹) to micro-cash: ticks and lots are such that it is exact. */
const NOTIONAL_UNIT = 10n ** 12n
const NANOSECONDS = 1_000_000_000n

type Project = (event: BlockEvent, place: EventPlace, position: number) => Change[]

const PREFIX = 'causeway.markets.v1.'

/** Row changes of an event of markets; none for other events. `position` counts events within the block. */
export function projectMarketEvent(event: BlockEvent, place: EventPlace, position: number): Change[] {
  if (!event.type.startsWith(PREFIX)) return []
  return projections[event.type.slice(PREFIX.length)]?.(event, place, position) ?? []
}

/** Micro-cash of a size at a price; the size's sign is the result's. */
export function notionalE6(sizeE9: bigint, priceE9: bigint): bigint {
  return (sizeE9 * priceE9) / NOTIONAL_UNIT
}

const projections: Record<string, Project> = {
  market: projectMarket,
  book: projectBook,
  order: projectOrder,
  closed: projectClosed,
  fill: projectFill,
  auction: projectAuction,
  funding: projectFunding,
  funding_paid: projectFundingPaid,
  settlement_price: projectSettlementPrice,
  settled: projectSettled,
  frozen: projectFrozen,
  grant: projectGrant,
}

function projectMarket(event: BlockEvent): Change[] {
  const terms = {
    symbol: readText(event, 'symbol'),
    kind: readText(event, 'kind'),
    underlying: readU64(event, 'underlying'),
    expirySeconds: readU64(event, 'expiry_seconds'),
    strikeE9: readU64(event, 'strike_e9'),
    isCall: readText(event, 'is_call') === 'true',
    tickE9: readU64(event, 'tick_e9'),
    lotE9: readU64(event, 'lot_e9'),
    tier: readSubaccount(event, 'tier'),
    status: readText(event, 'status'),
  }
  return [change('market', { market: readU64(event, 'market') }, {}, terms)]
}

function projectBook(event: BlockEvent, { block }: EventPlace): Change[] {
  const { height } = block
  const market = readU64(event, 'market')
  const book = {
    bookSequence: readU64(event, 'sequence'),
    bookChecksum: readText(event, 'checksum'),
    bookHeight: height,
  }
  return [
    change('market', { market }, {}, book),
    ...readBookLevels(event, 'changes').map(({ side, priceE9, sizeE9 }) =>
      change('bookLevel', { market, side, priceE9 }, {}, { sizeE9, height }),
    ),
  ]
}

function projectOrder(event: BlockEvent, place: EventPlace): Change[] {
  const flags = readText(event, 'flags').split(' ')
  const trigger = /^([<>])=(\d+)$/.exec(readText(event, 'trigger_e9'))
  const set = {
    side: readSide(event),
    type: readText(event, 'type'),
    timeInForce: readText(event, 'time_in_force'),
    sizeE9: readInteger(event, 'size_e9'),
    remainingE9: readInteger(event, 'remaining_e9'),
    limitE9: readU64(event, 'limit_e9'),
    expireSeconds: readU64(event, 'expire_seconds'),
    isPostOnly: flags.includes('postOnly'),
    isReduceOnly: flags.includes('reduceOnly'),
    isQuote: flags.includes('quote'),
    triggerE9: trigger === null ? null : BigInt(trigger[2]!),
    triggerIsAbove: trigger === null ? null : trigger[1] === '>',
    nonce: readU64(event, 'nonce'),
    status: 'open',
    reason: null,
  }
  return [orderChange(event, place, set)]
}

function projectClosed(event: BlockEvent, place: EventPlace): Change[] {
  const reason = readText(event, 'reason')
  return [
    orderChange(event, place, { remainingE9: readInteger(event, 'remaining_e9'), status: 'closed', reason }),
  ]
}

function projectFill(event: BlockEvent, place: EventPlace, position: number): Change[] {
  const { height, timeNanoseconds } = place.block
  const { account, subaccount, market } = readHeld(event)
  const order = readU64(event, 'order')
  const [priceE9, sizeE9] = [readU64(event, 'price_e9'), readInteger(event, 'size_e9')]
  const isExact = findText(event, 'notional_e6') === undefined
  const fill = {
    side: readSide(event),
    priceE9,
    sizeE9,
    notionalE6: isExact ? notionalE6(sizeE9, priceE9) : readInteger(event, 'notional_e6'),
    feeE6: readInteger(event, 'fee_e6'),
    role: readText(event, 'role'),
    remainingE9: readInteger(event, 'remaining_e9'),
  }
  const { side, feeE6, role, remainingE9 } = fill
  const transaction = place.transaction?.hash ?? null
  const happened = { transaction, timeNanoseconds }
  const changes = [
    change('fill', { height, position }, { account, subaccount, market, order, ...fill, ...happened }),
  ]
  if (order !== 0n) {
    const filled = { filledE9: sizeE9, filledNotionalE6: fill.notionalE6, feeE6 }
    const set = { side, remainingE9, status: remainingE9 === 0n ? 'filled' : 'open' }
    return [...changes, orderChange(event, place, set, filled)]
  }
  // Of an agreed trade, or of a position that moved, there are two fills, and one trade.
  if (side === 'sell') return changes
  const trade = { market, kind: role, priceE9, sizeE9, fills: 2, ...happened }
  return [...changes, change('trade', { height, position }, trade)]
}

function projectAuction(event: BlockEvent, { block }: EventPlace, position: number): Change[] {
  const { height, timeNanoseconds } = block
  const market = readU64(event, 'market')
  const priceE9 = readU64(event, 'price_e9')
  const sizeE9 = readInteger(event, 'volume_e9')
  const fills = readSubaccount(event, 'fills')
  const trade = { market, kind: 'auction', priceE9, sizeE9, fills, transaction: null, timeNanoseconds }
  const last = { lastPriceE9: priceE9, lastTradeNanoseconds: timeNanoseconds }
  return [
    change('trade', { height, position }, trade),
    change('market', { market }, {}, last),
    ...CANDLE_SECONDS.map((seconds) => {
      const startSeconds = startOf(timeNanoseconds, seconds)
      return change(
        'candle',
        { market, seconds, startSeconds },
        { openE9: priceE9 },
        { closeE9: priceE9 },
        {
          least: { lowE9: priceE9 },
          most: { highE9: priceE9 },
          sum: { volumeE9: sizeE9, notionalE6: notionalE6(sizeE9, priceE9), auctions: 1n },
        },
      )
    }),
  ]
}

function projectFunding(event: BlockEvent, { block }: EventPlace): Change[] {
  const { height, timeNanoseconds } = block
  const row = {
    rateE9PerHour: readInteger(event, 'rate_e9_per_hour'),
    index: readInteger(event, 'index'),
    markE9: readU64(event, 'mark_e9'),
    priceE9: readU64(event, 'price_e9'),
    timeNanoseconds,
  }
  return [change('fundingRate', { market: readU64(event, 'market'), height }, {}, row)]
}

function projectFundingPaid(event: BlockEvent, { block }: EventPlace, position: number): Change[] {
  const { height, timeNanoseconds } = block
  const row = { ...readHeld(event), amountE6: readInteger(event, 'amount_e6'), timeNanoseconds }
  return [change('fundingPayment', { height, position }, row)]
}

function projectSettlementPrice(event: BlockEvent, { block }: EventPlace): Change[] {
  const { height, timeNanoseconds } = block
  const key = {
    underlying: readU64(event, 'underlying'),
    expirySeconds: readU64(event, 'expiry_seconds'),
  }
  const row = { priceE9: readU64(event, 'price_e9'), rule: readText(event, 'rule') }
  return [change('settlementPrice', key, {}, { ...row, height, timeNanoseconds })]
}

function projectSettled(event: BlockEvent, place: EventPlace, position: number): Change[] {
  const { height, timeNanoseconds } = place.block
  const row = {
    sizeE9: readInteger(event, 'size_e9'),
    valueE6: readInteger(event, 'value_e6'),
    feeE6: readInteger(event, 'fee_e6'),
  }
  return [change('settlement', { height, position }, { ...readHeld(event), ...row, timeNanoseconds })]
}

function projectFrozen(event: BlockEvent, { block }: EventPlace, position: number): Change[] {
  const { height, timeNanoseconds } = block
  const row = {
    account: readText(event, 'account'),
    subaccount: readSubaccount(event, 'subaccount'),
    underlying: readU64(event, 'underlying'),
  }
  return [change('quoteFreeze', { height, position }, { ...row, timeNanoseconds })]
}

function projectGrant(event: BlockEvent, { block }: EventPlace): Change[] {
  const key = {
    account: readText(event, 'account'),
    subaccount: readSubaccount(event, 'subaccount'),
    client: readText(event, 'client'),
    sender: readText(event, 'sender'),
  }
  const notionalMaxE6PerDay = readInteger(event, 'notional_max_e6_per_day')
  const expirySeconds = readU64(event, 'expiry_seconds')
  return [change('venueGrant', key, {}, { notionalMaxE6PerDay, expirySeconds, height: block.height })]
}

function orderChange(
  event: BlockEvent,
  { block, transaction }: EventPlace,
  set: Parameters<typeof change<'order'>>[3] & object,
  sum: Parameters<typeof change<'order'>>[1] = {},
): Change {
  const { height, timeNanoseconds } = block
  const first = { openedHeight: height, openedNanoseconds: timeNanoseconds }
  const once = { ...readHeld(event), ...first, transaction: transaction?.hash ?? null }
  const order = readU64(event, 'order')
  return change('order', { order }, once, { ...set, height, timeNanoseconds }, { sum })
}

function readHeld(event: BlockEvent): { account: string; subaccount: number; market: bigint } {
  return {
    account: readText(event, 'account'),
    subaccount: readSubaccount(event, 'subaccount'),
    market: readU64(event, 'market'),
  }
}

function readSide(event: BlockEvent): string {
  const side = readText(event, 'side')
  if (side === 'buy' || side === 'sell') return side
  throw errors.malformedAttribute({ event: event.type, key: 'side', expected: 'buy or sell' })
}

function startOf(timeNanoseconds: bigint, seconds: number): bigint {
  const now = timeNanoseconds / NANOSECONDS
  return now - (now % BigInt(seconds))
}
