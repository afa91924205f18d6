// When anything may be liquidated at all: every price that an account depends on has been fresh in this block
// and in those before it, with no halt among them. A function of state: a node that restarts says the same.
import type { Context, ParentBlock, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { readParams } from './params.ts'
import type { LiquidationPorts } from './ports.ts'
import { LIQUIDATION_STORE, readFreshSince, readHalt, writeFreshSince, writeHalt } from './state.ts'
import type { Liquidation } from './state.ts'

/** What an account's prices are, and whether they tell anything. */
export interface FreshnessPorts {
  readonly risk: Pick<LiquidationPorts['risk'], 'dependencies' | 'isFresh'>
}

/** Notes which prices have begun or ceased to be fresh, and whether the chain has stood still. */
export function noteFreshness(
  context: Context,
  ports: Pick<LiquidationPorts, 'feeds' | 'isPriceFresh'>,
  parent: ParentBlock | undefined,
): void {
  const store = context.store(LIQUIDATION_STORE)
  const { haltSeconds } = readParams(store)
  // The first block after a genesis follows on nothing that anybody saw.
  if (parent === undefined || context.timeSeconds - parent.timeSeconds > haltSeconds)
    writeHalt(store, context.height)
  for (const asset of ports.feeds(context)) {
    const isFresh = ports.isPriceFresh(context, asset)
    const wasFresh = parent !== undefined && readFreshSince(store, asset) !== undefined
    if (isFresh === wasFresh && parent !== undefined) continue
    writeFreshSince(store, asset, isFresh ? context.height : undefined)
  }
}

/** Whether the chain has run on for long enough since it stood still. */
export function isRunning(context: ReadContext): boolean {
  const store = context.store(LIQUIDATION_STORE)
  const halt = readHalt(store)
  return halt === undefined || context.height >= halt + readParams(store).freshBlocks
}

/**
 * A liquidation whose clock stands still for as long as nothing could be sold since it was valued last: the
 * chain or a price was out meanwhile, or hadn't been back for long enough for bids, or its margin was not
 * negative. What nobody can buy gets no cheaper.
 */
export function caughtUp(
  context: ReadContext,
  { risk }: FreshnessPorts,
  holder: Holder,
  record: Liquidation,
): Liquidation {
  const store = context.store(LIQUIDATION_STORE)
  const { valuedHeight, valuedSeconds } = record
  const { freshBlocks } = readParams(store)
  // The block after the one that valued it was open for bids: as many blocks count as could be bid in.
  const isLater = (since: bigint | undefined) =>
    since === undefined || since + freshBlocks > valuedHeight + 1n
  const wasOut =
    record.healthySeconds !== 0n ||
    (readHalt(store) ?? 0n) > valuedHeight ||
    risk.dependencies(context, holder).some((asset) => isLater(readFreshSince(store, asset))) ||
    !risk.isFresh(context, holder)
  if (!wasOut) return record
  return { ...record, stageSeconds: record.stageSeconds + context.timeSeconds - valuedSeconds }
}

/** Whether an account can be judged at all: the chain runs, and its prices are fresh for long enough. */
export function isSettled(context: ReadContext, ports: FreshnessPorts, holder: Holder): boolean {
  return isRunning(context) && arePricesFresh(context, ports, holder)
}

/** Whether all prices of an account have been fresh for long enough, and are. */
export function arePricesFresh(context: ReadContext, { risk }: FreshnessPorts, holder: Holder): boolean {
  const store = context.store(LIQUIDATION_STORE)
  const { freshBlocks } = readParams(store)
  const isLong = risk.dependencies(context, holder).every((asset) => {
    const since = readFreshSince(store, asset)
    return since !== undefined && context.height >= since + freshBlocks
  })
  // A query of a later time than its block's: what was fresh may be no longer.
  return isLong && risk.isFresh(context, holder)
}
