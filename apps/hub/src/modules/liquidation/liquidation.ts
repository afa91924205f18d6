// Liquidation as one: what blocks do with accounts below maintenance, and what others read of it.
import { isProtocolError } from '@causeway/primitives'
import type { Context, ParentBlock, ReadContext } from '../../block/context.ts'
import { compareHolders } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { emitLapsed } from './events.ts'
import { isRunning } from './freshness.ts'
import { requireBidder, saleState } from './judge-bid.ts'
import { readParams } from './params.ts'
import type { LiquidationPorts } from './ports.ts'
import { figuresNow, finish, isEmpty, review, start } from './review.ts'
import type { Budget, Candidate } from './review.ts'
import { sell } from './sale.ts'
import {
  LIQUIDATION_STORE,
  bids,
  clearBids,
  clearDue,
  due,
  isLiquidated,
  liquidations,
  readCursor,
  readLiquidation,
  readTotals,
  writeCursor,
  writeDue,
  writeLiquidation,
} from './state.ts'
import type { BidOf, Liquidation, Stage } from './state.ts'
import { termsOf } from './terms.ts'

/** What other parts of the hub ask of liquidation, and what its blocks do. */
export interface Liquidations {
  stage(context: ReadContext, holder: Holder): Stage | 'none'
  /** Σ of what accounts under liquidation lack, as valued last, micro-cash. */
  deficitsE6(context: ReadContext): bigint
  /** Whether a subaccount of an account is under liquidation. */
  isLiquidated(context: ReadContext, account: Uint8Array): boolean
  /** After freshness has been noted. */
  beginBlock(context: Context, parent: ParentBlock | undefined): void
  endBlock(context: Context): void
}

/** Makes liquidation over its ports. */
export function createLiquidations(ports: LiquidationPorts): Liquidations {
  return {
    stage: (context, holder) => readLiquidation(context.store(LIQUIDATION_STORE), holder)?.stage ?? 'none',
    deficitsE6: (context) => readTotals(context.store(LIQUIDATION_STORE)).deficitsE6,
    isLiquidated: (context, account) => isLiquidated(context.store(LIQUIDATION_STORE), account),
    beginBlock(context, parent) {
      if (parent === undefined) startClocks(context)
      if (!isRunning(context)) return
      const { closingAccounts } = readParams(context.store(LIQUIDATION_STORE))
      const budget: Budget = { closings: Number(closingAccounts) }
      reviewAll(context, ports, budget)
      startDeepest(context, ports, budget)
    },
    endBlock(context) {
      const store = context.store(LIQUIDATION_STORE)
      const [first] = bids(store)
      // Auctions have set marks since the block began: nobody is judged or sold by older ones.
      if (first !== undefined || due(store).length > 0) ports.risk.refresh(context)
      sellAll(context, ports)
      resolveDue(context, ports)
      clearBids(store)
      clearDue(store)
    },
  }
}

/** After a genesis clocks start anew, once the chain has run for a while. */
function startClocks(context: Context): void {
  const store = context.store(LIQUIDATION_STORE)
  const { height, timeSeconds } = context
  const anew = { stageSeconds: timeSeconds, valuedHeight: height - 1n, valuedSeconds: timeSeconds }
  for (const [holder, record] of [...liquidations(store)])
    writeLiquidation(store, holder, { ...record, ...anew })
}

/** Values the next accounts under liquidation: all of them, unless they are very many. */
function reviewAll(context: Context, ports: LiquidationPorts, budget: Budget): void {
  const store = context.store(LIQUIDATION_STORE)
  const { valuedMax } = readParams(store)
  const cursor = readCursor(store, 'cursor')
  const next = take(liquidations(store, cursor), valuedMax)
  const isRest = next.length < Number(valuedMax) && cursor !== undefined
  const first = isRest ? take(liquidations(store), valuedMax - BigInt(next.length)) : []
  const known = new Set(next.map(([holder]) => keyOf(holder)))
  const all = [...next, ...first.filter(([holder]) => !known.has(keyOf(holder)))]
  for (const [holder, record] of all) {
    review(context, ports, budget, { holder, record })
    noteDue(context, ports, holder)
  }
  const last = all.length < Number(valuedMax) ? undefined : all.at(-1)?.[0]
  if (last !== undefined || cursor !== undefined) writeCursor(store, 'cursor', last)
}

/** Whoever nobody took in its time, or has only debts, goes to insurance at the block's end. */
function noteDue(context: Context, ports: LiquidationPorts, holder: Holder): void {
  const store = context.store(LIQUIDATION_STORE)
  const record = readLiquidation(store, holder)
  if (record === undefined || record.valueE6 > 0n) return
  if (record.stage === 'insolvent' && (isTimeUp(context, record) || isEmpty(context, ports, holder)))
    writeDue(store, holder)
}

function isTimeUp(context: ReadContext, { stageSeconds }: Liquidation): boolean {
  const { insolventSeconds } = readParams(context.store(LIQUIDATION_STORE))
  return context.timeSeconds - stageSeconds >= insolventSeconds
}

/**
 * Begins liquidations, of the accounts looked at the deepest below first. When there are more than are looked
 * at, the next block goes on where this one ended: nobody whose price is dead keeps others waiting.
 */
function startDeepest(context: Context, ports: LiquidationPorts, budget: Budget): void {
  const store = context.store(LIQUIDATION_STORE)
  const { startedMax, valuedMax } = readParams(store)
  const below = [...ports.risk.atLevel(context, 'below')].map(([holder]) => holder)
  const unknown = below.filter((holder) => readLiquidation(store, holder) === undefined)
  const cursor = readCursor(store, 'startCursor')
  const at = cursor === undefined ? 0 : unknown.findIndex((holder) => compareHolders(holder, cursor) > 0)
  const looked = [...unknown.slice(Math.max(0, at)), ...unknown.slice(0, Math.max(0, at))].slice(
    0,
    Number(valuedMax),
  )
  const candidates: Candidate[] = []
  for (const holder of looked) {
    const figures = figuresNow(context, ports, holder)
    if (figures !== undefined && figures.maintenanceE6 < 0n) candidates.push({ holder, figures })
  }
  candidates.sort((a, b) => depth(a) - depth(b))
  for (const candidate of candidates.slice(0, Number(startedMax))) start(context, ports, budget, candidate)
  const last = looked.length < unknown.length ? looked.at(-1) : undefined
  if (last !== undefined || cursor !== undefined) writeCursor(store, 'startCursor', last)
}

function depth({ figures: { maintenanceE6 } }: Candidate): number {
  return Number(maintenanceE6)
}

/** Sells what this block's bids are for. */
function sellAll(context: Context, ports: LiquidationPorts): void {
  const byAccount = new Map<string, { holder: Holder; bids: BidOf[] }>()
  for (const [holder, bid] of bids(context.store(LIQUIDATION_STORE))) {
    const known = byAccount.get(keyOf(holder))
    if (known === undefined) byAccount.set(keyOf(holder), { holder, bids: [bid] })
    else known.bids.push(bid)
  }
  for (const each of byAccount.values()) sellOne(context, ports, each.holder, each.bids)
}

function sellOne(context: Context, ports: LiquidationPorts, holder: Holder, all: readonly BidOf[]): void {
  const store = context.store(LIQUIDATION_STORE)
  const { state, sale } = saleState(context, ports, holder)
  const fitting = all.filter(({ bidder }) => {
    const reason = sale === undefined ? state : bidderRefusal(context, ports, holder, bidder)
    if (reason !== undefined) emitLapsed(context, ports.addresses, holder, { bidder, reason })
    return reason === undefined
  })
  if (sale === undefined || fitting.length === 0) return
  const terms = termsOf(context, ports, holder, sale)
  const { taken, paidInE6, isWhole } = sell(context, ports, holder, { terms, bids: fitting })
  if (taken.length === 0) return
  const { valueE6, maintenanceE6 } = ports.risk.figures(context, holder)
  const { height: valuedHeight, timeSeconds: valuedSeconds } = context
  const paid = { valueE6, paidInE6: sale.record.paidInE6 + paidInE6 }
  const record = { ...sale.record, ...paid, valuedHeight, valuedSeconds }
  if (isWhole && maintenanceE6 >= 0n) return finish(context, ports, holder, { record, reason: 'sold' })
  writeLiquidation(store, holder, record)
}

function bidderRefusal(
  context: Context,
  ports: LiquidationPorts,
  holder: Holder,
  bidder: Holder,
): string | undefined {
  try {
    requireBidder(context, ports, holder, bidder)
    return undefined
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code}`
  }
}

/** Hands over whom nobody took, so many a block; those whom insurance can't resolve now wait. */
function resolveDue(context: Context, ports: LiquidationPorts): void {
  const store = context.store(LIQUIDATION_STORE)
  let left = readParams(store).resolvedMax
  for (const holder of due(store)) {
    const record = readLiquidation(store, holder)
    if (left === 0n || record === undefined || record.stage !== 'insolvent') continue
    const figures = figuresNow(context, ports, holder)
    if (figures === undefined || figures.valueE6 >= 0n) continue
    // Those that can't be resolved now keep nobody waiting.
    if (!ports.insurance.resolve(context, holder)) continue
    left--
    finish(context, ports, holder, { record: { ...record, valueE6: 0n }, reason: 'resolved' })
  }
}

function take<Item>(items: Iterable<Item>, most: bigint): Item[] {
  const taken: Item[] = []
  if (most <= 0n) return taken
  for (const item of items) {
    taken.push(item)
    if (BigInt(taken.length) >= most) break
  }
  return taken
}

function keyOf({ account, subaccount }: Holder): string {
  return `${String.fromCharCode(...account)}/${subaccount}`
}
