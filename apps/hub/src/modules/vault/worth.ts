// What the vault is worth, block by block: the highest and lowest of each minute, for requests, and of each
// hour, for losses and for history. Only at fresh prices; marks don't hear the vault's own quotes.
import { isProtocolError } from '@causeway/primitives'
import type { Context, ReadContext } from '../../block/context.ts'
import { emitWorth } from './events.ts'
import { readParams } from './params.ts'
import type { Figures, VaultPorts } from './ports.ts'
import { buyingE18, sellingE18 } from './pure/shares.ts'
import { VAULT_STORE, dropWorths, readTotals, readWorth, worths, writeWorth } from './state.ts'
import type { Worth } from './state.ts'

const MINUTE_SECONDS = 60n
const HOUR_SECONDS = 3_600n
/** Hours that are kept: five weeks. */
const HOURS_KEPT = 840n
const DAY_HOURS = 24n
/** So many of six minutes of the delay must have been seen. */
const SEEN_OF_SIX = 5n

/** What shares were worth within the delay before now. */
export interface Range {
  readonly highE18: bigint
  readonly lowE18: bigint
}

/** The vault's figures; nothing where a price isn't fresh, or they can't be counted. */
export function figuresNow(context: ReadContext, { risk, vault }: VaultPorts): Figures | undefined {
  if (!risk.isFresh(context, vault)) return undefined
  try {
    return risk.figures(context, vault)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return undefined
  }
}

/** Notes what the vault is worth in this block. */
export function sample(context: Context, worthE6: bigint): void {
  const store = context.store(VAULT_STORE)
  const { shares } = readTotals(store)
  const seen = { worthE6, shares }
  const [minute, hour] = [context.timeSeconds / MINUTE_SECONDS, context.timeSeconds / HOUR_SECONDS]
  const before = readWorth(store, 'minute', minute)
  if (before === undefined) beginMinute(context, minute)
  writeWorth(store, 'minute', minute, withSample(before, seen))
  const known = readWorth(store, 'hour', hour)
  if (known === undefined && hour > HOURS_KEPT) dropWorths(store, 'hour', hour - HOURS_KEPT)
  writeWorth(store, 'hour', hour, withSample(known, seen))
}

/**
 * Highest and lowest since a request, or within the delay where that was longer ago; nothing while too few
 * minutes of the delay were seen.
 */
export function rangeSince(context: ReadContext, requestedSeconds: bigint): Range | undefined {
  const store = context.store(VAULT_STORE)
  const { delaySeconds } = readParams(store)
  const earliest = context.timeSeconds > delaySeconds ? context.timeSeconds - delaySeconds : 0n
  const from = (requestedSeconds > earliest ? requestedSeconds : earliest) / MINUTE_SECONDS
  let [highE18, lowE18, minutes] = [0n, -1n, 0n]
  for (const [, worth] of worths(store, 'minute', from)) {
    if (worth.highE18 > highE18) highE18 = worth.highE18
    if (lowE18 < 0n || worth.lowE18 < lowE18) lowE18 = worth.lowE18
    minutes++
  }
  if (minutes * 6n < (delaySeconds / MINUTE_SECONDS) * SEEN_OF_SIX) return undefined
  return { highE18, lowE18 }
}

/** What shares were worth at most when an hour of the last day began; 0 when none did. */
export function dayHighE18(context: ReadContext): bigint {
  const hour = context.timeSeconds / HOUR_SECONDS
  let highE18 = 0n
  for (const [, { openE18 }] of worths(context.store(VAULT_STORE), 'hour', since(hour, DAY_HOURS - 1n)))
    if (openE18 > highE18) highE18 = openE18
  return highE18
}

function beginMinute(context: Context, minute: bigint): void {
  const store = context.store(VAULT_STORE)
  let last: readonly [bigint, Worth] | undefined
  for (const each of worths(store, 'minute', since(minute, 1n))) last = each
  if (last !== undefined) emitWorth(context, ...last)
  const kept = readParams(store).delaySeconds / MINUTE_SECONDS + 1n
  dropWorths(store, 'minute', since(minute, kept))
}

function since(now: bigint, before: bigint): bigint {
  return now > before ? now - before : 0n
}

function withSample(known: Worth | undefined, seen: { worthE6: bigint; shares: bigint }): Worth {
  const [highE18, lowE18] = [buyingE18(seen), sellingE18(seen)]
  return {
    openE18: known?.openE18 ?? lowE18,
    highE18: known === undefined || highE18 > known.highE18 ? highE18 : known.highE18,
    lowE18: known === undefined || lowE18 < known.lowE18 ? lowE18 : known.lowE18,
    closeE18: lowE18,
    ...seen,
  }
}
