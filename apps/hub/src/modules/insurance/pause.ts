// From the block where live accounts lack more than insurance has, nothing leaves, until that is resolved: a
// day at most. What is not resolved by then is resolved by force.
import type { Context, ReadContext } from '../../block/context.ts'
import { compareHolders, sameHolder } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { emitPause } from './events.ts'
import { availableE6 } from './funds.ts'
import type { InsurancePorts } from './ports.ts'
import { figuresOf } from './queue.ts'
import {
  INSURANCE_STORE,
  knownDeficits,
  readCursor,
  readParams,
  readPause,
  writeCursor,
  writeDeficit,
  writePause,
} from './state.ts'

/** A live account that is worth less than nothing. */
export interface Deficit {
  readonly holder: Holder
  readonly deficitE6: bigint
}

/** Resolved by force in one block; as many times more are looked at, so that nobody keeps others waiting. */
const FORCED_MAX = 64
const LOOKED_AT_MAX = 640
/** Accounts below maintenance that a block values, in turn; of fewer all. */
const VALUED_MAX = 1_000

/** All of them among those below maintenance, at what is known now; ascending by holder. */
export function* deficits(context: ReadContext, ports: InsurancePorts): Iterable<Deficit> {
  for (const holder of ports.risk.below(context)) {
    const valueE6 = figuresOf(context, ports, holder)?.valueE6 ?? 0n
    if (valueE6 < 0n) yield { holder, deficitE6: -valueE6 }
  }
}

/** Until when nothing leaves; nothing where all may. */
export function pausedUntil(context: ReadContext): bigint | undefined {
  const store = context.store(INSURANCE_STORE)
  const pause = readPause(store)
  if (pause === undefined) return undefined
  const untilSeconds = pause.sinceSeconds + readParams(store).pauseSecondsMax
  return context.timeSeconds < untilSeconds ? untilSeconds : undefined
}

/** Throws `insurance/1` while nothing leaves. */
export function requireSolvent(context: ReadContext): void {
  const untilSeconds = pausedUntil(context)
  if (untilSeconds !== undefined) throw errors.paused({ untilSeconds })
}

/**
 * Judges a block at its beginning, by its prices. When a day is over and accounts still lack more than
 * there is, they are resolved, so many a block, each as soon as it can be judged, as a liquidation is; and
 * as long as that goes on no other pause begins.
 */
export function judgePause(
  context: Context,
  ports: InsurancePorts,
  resolve: (holder: Holder) => boolean,
): void {
  const store = context.store(INSURANCE_STORE)
  valueNext(context, ports)
  const pause = readPause(store)
  if (pause === undefined) {
    if (isCovered(context, ports)) return
    const { height: sinceHeight, timeSeconds: sinceSeconds } = context
    writePause(store, { sinceHeight, sinceSeconds })
    tell(context, ports, 'began', sinceSeconds)
    return
  }
  const isOver = pausedUntil(context) === undefined
  if (isOver && !isCovered(context, ports)) force(context, ports, resolve)
  if (!isCovered(context, ports)) return
  writePause(store, undefined)
  tell(context, ports, isOver ? 'expired' : 'ended', pause.sinceSeconds)
}

/** Values the next accounts below maintenance; forgets those that are no longer. */
function valueNext(context: Context, ports: InsurancePorts): void {
  const store = context.store(INSURANCE_STORE)
  const below = [...ports.risk.below(context)]
  let next = 0
  for (const [holder] of knownDeficits(store)) {
    while (next < below.length && compareHolders(below[next]!, holder) < 0) next++
    if (next === below.length || !sameHolder(below[next]!, holder)) writeDeficit(store, holder, 0n)
  }
  const cursor = readCursor(store)
  const at = cursor === undefined ? 0 : below.findIndex((holder) => compareHolders(holder, cursor) > 0)
  const turn = [...below.slice(Math.max(0, at)), ...below.slice(0, Math.max(0, at))].slice(0, VALUED_MAX)
  for (const holder of turn) {
    const valueE6 = figuresOf(context, ports, holder)?.valueE6 ?? 0n
    writeDeficit(store, holder, -valueE6)
  }
  writeCursor(store, turn.length < below.length ? turn.at(-1) : undefined)
}

/** Whether what live accounts lack, as valued last, is at most what there is. */
function isCovered(context: ReadContext, ports: InsurancePorts): boolean {
  return lackE6(context) <= availableE6(context, ports)
}

function lackE6(context: ReadContext): bigint {
  return knownDeficits(context.store(INSURANCE_STORE)).reduce((sum, [, deficitE6]) => sum + deficitE6, 0n)
}

function force(context: Context, ports: InsurancePorts, resolve: (holder: Holder) => boolean): void {
  const store = context.store(INSURANCE_STORE)
  let left = FORCED_MAX
  for (const [holder] of knownDeficits(store).slice(0, LOOKED_AT_MAX)) {
    if (left === 0) return
    if (!ports.risk.isSettled(context, holder) || !resolve(holder)) continue
    writeDeficit(store, holder, 0n)
    left--
  }
}

function tell(
  context: Context,
  ports: InsurancePorts,
  status: 'began' | 'expired' | 'ended',
  sinceSeconds: bigint,
): void {
  const deficitsE6 = lackE6(context)
  const untilSeconds = sinceSeconds + readParams(context.store(INSURANCE_STORE)).pauseSecondsMax
  emitPause(context, { status, deficitsE6, availableE6: availableE6(context, ports), untilSeconds })
}
