// Positions of a bankrupt account, closed against those who hold the other side.
import { assert } from '@causeway/primitives'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { emitDeleveraged } from './events.ts'
import type { InsurancePorts, Instrument, MarketGroup, PositionMove } from './ports.ts'
import type { PaidCharge } from './pure/charges.ts'
import { closeAgainst } from './pure/close-against.ts'
import { splitByWeights } from './pure/split.ts'
import { figuresOf, markedE6, notionalE6 } from './queue.ts'
import type { Queues, Ranked, Standing } from './queue.ts'

/** A position that can be closed. */
export interface MarkedPosition {
  readonly instrument: Instrument
  /** Signed. */
  readonly sizeE9: bigint
  /** Worth at the mark, signed. */
  readonly markedE6: bigint
  /** What closing it at the mark adds to cash. */
  readonly closedE6: bigint
}

/** What is closed, and what of its deficit nobody has paid. */
export interface Bankruptcy {
  readonly holder: Holder
  readonly positions: readonly MarkedPosition[]
  readonly groups: readonly MarketGroup[]
  readonly paid: readonly PaidCharge[]
}

/** Who paid a part of what a bankrupt account lacked. */
export interface Payer {
  readonly holder: Holder
  readonly amountE6: bigint
}

/** Whole micro-cash that settling at the mark may round off a counterparty. */
const ROUNDING_E6 = 10n

/** A holder's positions at their marks; nothing where one has none or waits for its settlement price. */
export function marked(
  context: ReadContext,
  { markets }: InsurancePorts,
  holder: Holder,
): MarkedPosition[] | undefined {
  const positions: MarkedPosition[] = []
  for (const { market, sizeE9, quoteE6, fundingE6 } of markets.positions(context, holder)) {
    const instrument = markets.instrument(context, market)
    assert(instrument !== undefined, 'a position is in a market')
    if (instrument.markE9 === undefined || instrument.isSettling) return undefined
    const worthE6 = markedE6(instrument, sizeE9)
    const closedE6 = instrument.isOption ? worthE6 : worthE6 + quoteE6 + fundingE6
    positions.push({ instrument, sizeE9, markedE6: worthE6, closedE6 })
  }
  return positions
}

/** Closes them all; gives what those on the other sides have lost by it against the marks, in order. */
export function deleverage(
  context: Context,
  ports: InsurancePorts,
  queues: Queues,
  bankruptcy: Bankruptcy,
): Payer[] {
  const losses = lossesByPosition(bankruptcy)
  return bankruptcy.positions.flatMap((position, i) =>
    closeOne(context, ports, queues, { ...bankruptcy, position, lossE6: losses[i]! }),
  )
}

/**
 * What a group has left unpaid falls on the account's positions there by notional; where it has none there
 * (what it lost was collateral's, or is of no group), on all.
 */
function lossesByPosition({ positions, groups, paid }: Bankruptcy): bigint[] {
  const losses = positions.map(() => 0n)
  for (const { group, leftE6 } of paid) {
    const members = groups.find((each) => each.group === group)?.underlyings ?? []
    const inGroup = positions.some(({ instrument }) => members.includes(instrument.underlying))
    const weights = positions.map(({ instrument, sizeE9 }) =>
      inGroup && !members.includes(instrument.underlying) ? 0n : notionalE6(instrument, sizeE9),
    )
    if (leftE6 === 0n || weights.every((weight) => weight === 0n)) continue
    splitByWeights(leftE6, weights).forEach((part, i) => (losses[i]! += part))
  }
  return losses
}

interface ToClose {
  readonly holder: Holder
  readonly position: MarkedPosition
  readonly lossE6: bigint
}

function closeOne(context: Context, ports: InsurancePorts, queues: Queues, closing: ToClose): Payer[] {
  const { holder, position, lossE6 } = closing
  const { instrument, sizeE9, markedE6: worthE6 } = position
  const size = sizeE9 < 0n ? -sizeE9 : sizeE9
  // A short is bought back for nothing at the best: no price is below 0.
  const most = sizeE9 < 0n && lossE6 > -worthE6 ? -worthE6 : lossE6
  const queue = othersOf(context, ports, queues, closing)
  const { parts } = closeAgainst(
    { sizeE9: size, lotE9: instrument.lotE9, lossE6: most },
    queue.map((other) => ({ ...other, sizeE9: other.sizeE9 < 0n ? -other.sizeE9 : other.sizeE9 })),
  )
  const worths = splitByWeights(
    worthE6 < 0n ? -worthE6 : worthE6,
    parts.map((part) => part.sizeE9),
  )
  const sign = sizeE9 < 0n ? -1n : 1n
  const moves = parts.map(({ index, sizeE9: part, lossE6: loss }, i): PositionMove => {
    const amountE6 = sign * worths[i]! + loss
    return { market: instrument.id, from: holder, to: queue[index]!.holder, sizeE9: sign * part, amountE6 }
  })
  ports.markets.move(context, moves, 'deleverage')
  for (const { to } of moves) queues.touched(context, to)
  queues.touched(context, holder)
  for (const { index, sizeE9: part, lossE6: loss } of parts) {
    const { holder: other, place } = queue[index]!
    const closed = { holder: other, of: holder, market: instrument.id, sizeE9: part, lossE6: loss, place }
    emitDeleveraged(context, ports.addresses, closed)
  }
  return parts
    .filter((part) => part.lossE6 > 0n)
    .map(({ index, lossE6: amountE6 }) => ({ holder: queue[index]!.holder, amountE6 }))
}

interface Other extends Ranked {
  readonly equityE6: bigint
  /** In the queue; 1 is first. */
  readonly place: number
}

/** As many of the other side's queue as it takes, with what they hold and are worth by now. */
function othersOf(
  context: Context,
  ports: InsurancePorts,
  queues: Queues,
  { position, lossE6 }: ToClose,
): Other[] {
  const { sizeE9, instrument } = position
  const isLong = sizeE9 < 0n
  const wanted = sizeE9 < 0n ? -sizeE9 : sizeE9
  const listed = () => queues.of(context, instrument.id, isLong)
  let others = heldNow(context, ports, { queue: listed(), instrument, isLong, lossE6, wanted })
  if (others === undefined) {
    queues.forget(context)
    others = heldNow(context, ports, { queue: listed(), instrument, isLong, lossE6, wanted })
  }
  assert(others !== undefined, 'what is long is short elsewhere')
  return others
}

interface Side {
  readonly queue: readonly Ranked[]
  readonly instrument: Instrument
  readonly isLong: boolean
  readonly lossE6: bigint
  readonly wanted: bigint
}

/**
 * The first of a queue who can bear the loss for the whole size, with all who stand equal to the last; else
 * all; nothing where they hold less than is wanted.
 */
function heldNow(context: Context, ports: InsurancePorts, side: Side): Other[] | undefined {
  const { queue, instrument, isLong, lossE6, wanted } = side
  const others: Other[] = []
  let [heldE9, borneE9] = [0n, 0n]
  for (const [i, ranked] of queue.entries()) {
    if (borneE9 >= wanted && ranked.rankE6 !== others.at(-1)?.rankE6) break
    const { standing } = ranked
    const positions = (standing.positions ??= ports.markets.positions(context, ranked.holder))
    const sizeE9 = positions.find(({ market }) => market === instrument.id)?.sizeE9 ?? 0n
    if (sizeE9 === 0n || sizeE9 > 0n !== isLong) continue
    const equityE6 = lossE6 === 0n ? 0n : bearableE6(context, ports, standing)
    others.push({ ...ranked, sizeE9, equityE6, place: i + 1 })
    const size = isLong ? sizeE9 : -sizeE9
    const most = lossE6 === 0n ? size : (equityE6 * wanted) / lossE6
    heldE9 += size
    borneE9 += size < most ? size : most - (most % instrument.lotE9)
  }
  return heldE9 < wanted ? undefined : others
}

function bearableE6(context: Context, ports: InsurancePorts, standing: Standing): bigint {
  standing.valueE6 ??= figuresOf(context, ports, standing.holder)?.valueE6 ?? 0n
  const valueE6 = standing.valueE6 - ROUNDING_E6
  return valueE6 > 0n ? valueE6 : 0n
}
