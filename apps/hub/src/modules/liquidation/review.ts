// What a block's begin does with an account below maintenance: on to its next stage, or out of liquidation.
import { isProtocolError } from '@causeway/primitives'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { emitClosing, emitStage } from './events.ts'
import type { StageReason } from './events.ts'
import { arePricesFresh, caughtUp } from './freshness.ts'
import { readParams } from './params.ts'
import type { Figures, LiquidationPorts } from './ports.ts'
import { LIQUIDATION_STORE, writeLiquidation } from './state.ts'
import type { Liquidation, Stage } from './state.ts'
import { BPS, bufferMarginE6 } from './terms.ts'

/** What a block can still do. */
export interface Budget {
  /** Accounts whose closing orders can be worked out. */
  closings: number
}

/** An account that is below maintenance and not under liquidation yet. */
export interface Candidate {
  readonly holder: Holder
  readonly figures: Figures
}

/** An account's figures; nothing where it can't be counted or a price isn't fresh. */
export function figuresNow(
  context: ReadContext,
  ports: LiquidationPorts,
  holder: Holder,
): Figures | undefined {
  if (!arePricesFresh(context, ports, holder)) return undefined
  try {
    return ports.risk.figures(context, holder)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return undefined
  }
}

/** Begins a liquidation: orders go, what positions have made becomes cash. */
export function start(
  context: Context,
  ports: LiquidationPorts,
  budget: Budget,
  { holder, figures }: Candidate,
): void {
  const { height, timeSeconds } = context
  ports.markets.cancelAll(context, holder, 'liquidation')
  ports.markets.settle(context, holder)
  const record: Liquidation = {
    ...{ stage: 'auction', height, timeSeconds, stageSeconds: timeSeconds, closingBlocks: 0 },
    ...{ paidInE6: 0n, underlying: 0n, valueE6: figures.valueE6, healthySeconds: 0n },
    ...{ valuedHeight: height, valuedSeconds: timeSeconds },
  }
  const isWaiting = figures.valueE6 > 0n && ports.isWaiting(context, holder)
  const told = { reason: 'below', before: 'none' } as const
  if (isWaiting) enter(context, ports, holder, { ...record, stage: 'waiting' }, told)
  else advance(context, ports, budget, { holder, figures, record, ...told })
}

/** Brings an account under liquidation on. */
export function review(
  context: Context,
  ports: LiquidationPorts,
  budget: Budget,
  { holder, record: before }: { readonly holder: Holder; readonly record: Liquidation },
): void {
  const store = context.store(LIQUIDATION_STORE)
  const { height: valuedHeight, timeSeconds: valuedSeconds } = context
  const record = { ...caughtUp(context, ports, holder, before), valuedHeight, valuedSeconds }
  const figures = figuresNow(context, ports, holder)
  if (figures === undefined) return writeLiquidation(store, holder, record)
  const { valueE6, maintenanceE6 } = figures
  const now: Liquidation = { ...record, valueE6 }
  if (maintenanceE6 >= 0n) return recover(context, ports, holder, { record: now, figures })
  const below = { ...now, healthySeconds: 0n }
  if (record.stage === 'insolvent' || valueE6 <= 0n)
    return reviewInsolvent(context, ports, holder, { record: below, figures })
  if (record.stage === 'waiting' && ports.isWaiting(context, holder))
    return writeLiquidation(store, holder, below)
  const told = { before: record.stage, reason: record.stage === 'waiting' ? 'waited' : 'unclosed' } as const
  if (record.stage === 'auction')
    return writeLiquidation(store, holder, withSlice(context, ports, holder, below))
  advance(context, ports, budget, { holder, figures, record: below, ...told })
}

/** Ends a liquidation. */
export function finish(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  { record, reason }: { readonly record: Liquidation; readonly reason: StageReason },
): void {
  const { stage: before, valueE6 } = record
  writeLiquidation(context.store(LIQUIDATION_STORE), holder, undefined)
  const told = { holder, before, reason, valueE6, stage: 'none', underlying: 0n } as const
  emitStage(context, ports.addresses, told)
}

/** Whether an account has nothing that could be sold. */
export function isEmpty(context: ReadContext, { markets, risk }: LiquidationPorts, holder: Holder): boolean {
  return markets.positions(context, holder).length === 0 && risk.collateral(context, holder).length === 0
}

/** Not negative any more: an auction that has begun goes on for a while, in case it falls again. */
function recover(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  { record, figures }: { readonly record: Liquidation; readonly figures: Figures },
): void {
  const store = context.store(LIQUIDATION_STORE)
  const params = readParams(store)
  const isAuction = record.stage === 'auction' || record.stage === 'insolvent'
  const since = record.healthySeconds === 0n ? context.timeSeconds : record.healthySeconds
  const isOver = context.timeSeconds - since >= params.recoveredSeconds
  if (!isAuction || isOver || bufferMarginE6(figures, params) >= 0n)
    return finish(context, ports, holder, { record, reason: 'recovered' })
  writeLiquidation(store, holder, { ...record, healthySeconds: since })
}

function reviewInsolvent(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  { record, figures: { valueE6 } }: { readonly record: Liquidation; readonly figures: Figures },
): void {
  const isInsolvent = valueE6 <= 0n
  const { stage: before, ...rest } = record
  if (isInsolvent === (before === 'insolvent'))
    return writeLiquidation(context.store(LIQUIDATION_STORE), holder, record)
  const stage = isInsolvent ? 'insolvent' : 'auction'
  const reason = isInsolvent ? 'insolvent' : 'solvent'
  const anew = { ...rest, stage, paidInE6: 0n, underlying: 0n } as const
  enter(context, ports, holder, isInsolvent ? anew : withSlice(context, ports, holder, anew), {
    before,
    reason,
  })
}

/** From where an account is to closing orders, or to an auction. */
function advance(
  context: Context,
  ports: LiquidationPorts,
  budget: Budget,
  from: {
    readonly holder: Holder
    readonly figures: Figures
    readonly record: Liquidation
    readonly before: Stage | 'none'
    readonly reason: StageReason
  },
): void {
  const { holder, figures, record, before, reason } = from
  if (figures.valueE6 <= 0n)
    return enter(context, ports, holder, { ...record, stage: 'insolvent' }, { before, reason })
  if (!isDeep(figures) && placesClosing(context, ports, budget, { holder, record })) {
    const closing = { ...record, stage: 'closing', closingBlocks: record.closingBlocks + 1 } as const
    if (before === 'closing') return writeLiquidation(context.store(LIQUIDATION_STORE), holder, closing)
    return enter(context, ports, holder, closing, { before, reason })
  }
  const auction = withSlice(context, ports, holder, { ...record, stage: 'auction' })
  enter(context, ports, holder, auction, { before, reason })
}

/**
 * So far below maintenance that orders can't be waited for: the market runs away from them, block by block,
 * while nothing is for sale. As deep as a standby line is waited for no longer.
 */
function isDeep({ valueE6, maintenanceE6 }: Figures): boolean {
  return -maintenanceE6 * BPS > (valueE6 - maintenanceE6) * DEEP_BPS
}

/** Below zero by more than this share of the requirement. */
const DEEP_BPS = 1_000n

/** Places closing orders while there are blocks left for them, and something to close. */
function placesClosing(
  context: Context,
  ports: LiquidationPorts,
  budget: Budget,
  { holder, record }: { readonly holder: Holder; readonly record: Liquidation },
): boolean {
  const { closingBlocks } = readParams(context.store(LIQUIDATION_STORE))
  const { length } = ports.markets.positions(context, holder)
  if (BigInt(record.closingBlocks) >= closingBlocks || length === 0 || length > CLOSABLE_MAX) return false
  if (budget.closings === 0) return false
  budget.closings--
  const placed = ports.markets.placeClosing(context, holder, ports.risk.closing(context, holder))
  if (placed > 0) emitClosing(context, ports.addresses, holder, placed)
  return placed > 0
}

/** Of so many positions a closing set is sought: it takes milliseconds, and grows with their square. */
const CLOSABLE_MAX = 24

function enter(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  record: Liquidation,
  { before, reason }: { readonly before: Stage | 'none'; readonly reason: StageReason },
): void {
  const { stage, valueE6, underlying } = record
  const entered = { ...record, stageSeconds: context.timeSeconds }
  writeLiquidation(context.store(LIQUIDATION_STORE), holder, entered)
  emitStage(context, ports.addresses, { holder, stage, before, reason, valueE6, underlying })
}

/**
 * What is for sale: above the slice cap one underlying after the other, the one with most of the worst loss
 * first; else a share of everything.
 */
function withSlice(
  context: ReadContext,
  { risk, markets }: LiquidationPorts,
  holder: Holder,
  record: Liquidation,
): Liquidation {
  const { sliceCapE6 } = readParams(context.store(LIQUIDATION_STORE))
  const held = new Set(
    markets.positions(context, holder).map(({ market }) => markets.market(context, market)!.underlying),
  )
  if (record.underlying !== 0n && held.has(record.underlying)) return record
  if (held.size < 2 || risk.notionalE6(context, holder) <= sliceCapE6) return { ...record, underlying: 0n }
  const first = risk.lossShares(context, holder).find(({ underlying }) => held.has(underlying))
  return { ...record, underlying: first?.underlying ?? 0n }
}
