// What may leave over a line within an hour, gross: a proof that should not have held costs that much at
// most before somebody looks. A listed line whose asset has a price has such a window, and may have a cap;
// nothing else counts as collateral, so nobody else depends on it.
import type { Line, Outflow } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { Context, ReadContext } from '../../block/context.ts'
import { errors } from './errors.ts'
import { LEDGER_STORE, readAsset, readLimits, readOutflow, writeOutflow } from './state.ts'

/** What limits need of other modules. */
export interface OutflowPorts {
  /** The last price of an asset, whatever its age; 0 when there is none. */
  priceE9(context: ReadContext, asset: bigint): bigint
}

/** What may leave over a line within the hour, base units. */
export interface Room {
  readonly capacity: bigint
  readonly left: bigint
}

/** 5 % of what the line held an hour ago, or 100,000 cash. */
export const DEFAULT_LIMITS = { outflowBps: 500n, outflowFloorE6: 100_000_000_000n } as const

const WINDOW_SECONDS = 3_600n
const BUCKET_SECONDS = 300n
/** Buckets that count at a time: the hour's, and one that is partly out of it. */
export const OUTFLOW_BUCKETS_MAX = 13
const BASIS_POINTS = 10_000n
const MICRO_DECIMALS = 6n
const E9 = 1_000_000_000n

/** Room in a line's window; nothing where it has no limit. */
export function roomOf(context: ReadContext, ports: OutflowPorts, line: Line): Room | undefined {
  if (!line.listed) return undefined
  const priceE9 = ports.priceE9(context, line.asset)
  if (priceE9 === 0n) return undefined
  const store = context.store(LEDGER_STORE)
  const limits = readLimits(store, line.id)
  const bps = limits.outflowBps === 0n ? DEFAULT_LIMITS.outflowBps : limits.outflowBps
  const floorE6 = limits.outflowFloorE6 === 0n ? DEFAULT_LIMITS.outflowFloorE6 : limits.outflowFloorE6
  const used = usedOf(readOutflow(store, line.id), context.timeSeconds)
  const share = ((BigInt(line.escrowed) - BigInt(line.inFlight) + used) * bps) / BASIS_POINTS
  const { decimals } = readAsset(store, line.asset)
  const floor = (floorE6 * E9 * 10n ** BigInt(decimals)) / (priceE9 * 10n ** MICRO_DECIMALS)
  const capacity = share > floor ? share : floor
  return { capacity, left: capacity > used ? capacity - used : 0n }
}

/** Counts what leaves. Throws `ledger/24` when it is more than there is room for. */
export function takeRoom(context: Context, ports: OutflowPorts, line: Line, amount: bigint): void {
  const room = roomOf(context, ports, line)
  if (room === undefined) return
  if (room.left < amount) throw errors.outflow({ denom: line.denom, need: amount, left: room.left })
  const store = context.store(LEDGER_STORE)
  writeOutflow(store, line.id, addOutflow(readOutflow(store, line.id), context.timeSeconds, amount))
}

/** Throws `ledger/25` when a line would hold more than its cap. */
export function requireCap(context: ReadContext, line: Line, escrowed: bigint): void {
  if (!line.listed) return
  const store = context.store(LEDGER_STORE)
  const { capE6 } = readLimits(store, line.id)
  if (capE6 === 0n) return
  const { decimals } = readAsset(store, line.asset)
  if (escrowed * 10n ** MICRO_DECIMALS > capE6 * 10n ** BigInt(decimals))
    throw errors.capped({ denom: line.denom, capE6 })
}

/** What has left in the hour before; a bucket counts until its last second is an hour old. */
export function usedOf({ buckets }: Outflow, timeSeconds: bigint): bigint {
  let used = 0n
  for (const { startSeconds, amount } of buckets)
    if (startSeconds + BUCKET_SECONDS + WINDOW_SECONDS > timeSeconds) used += BigInt(amount)
  return used
}

/** The outflow with an amount more; buckets that count no more are dropped. */
export function addOutflow({ buckets }: Outflow, timeSeconds: bigint, amount: bigint): Outflow {
  const startSeconds = timeSeconds - (timeSeconds % BUCKET_SECONDS)
  const counted = buckets.filter((each) => each.startSeconds + BUCKET_SECONDS + WINDOW_SECONDS > timeSeconds)
  const last = counted.at(-1)
  if (last?.startSeconds !== startSeconds)
    return { buckets: [...counted, { startSeconds, amount: amount.toString() }] }
  const grown = { startSeconds, amount: (BigInt(last.amount) + amount).toString() }
  return { buckets: [...counted.slice(0, -1), grown] }
}
