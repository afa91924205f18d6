// The dead man's switch: all orders of a subaccount are cancelled at a time, unless it is put off.
// Store: 0x0d ‖ holder → seconds u64; 0x0e ‖ seconds ‖ holder → 0x01.
import { be64, concatBytes, prefixEnd } from '@causeway/primitives'
import type { KeyValueReader } from '@causeway/state-tree'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE, PREFIX, PRESENT, holderAt, holderBytes, readCount } from './state.ts'
import { cancelAll } from './cancel-orders.ts'

const SECONDS_MAX = 86_400n
const CANCELLED_MAX = 1_000

/** Sets, puts off or (0) ends a holder's switch. Throws `markets/15`. */
export function cancelAllAfter(context: Context, holder: Holder, seconds: bigint): void {
  if (seconds > SECONDS_MAX) throw errors.badTimer({ secondsMax: SECONDS_MAX })
  clear(context, holder)
  if (seconds > 0n) set(context, holder, context.timeSeconds + seconds)
}

/** Cancels for those whose time has come, at most 1,000 a block. */
export function cancelDue(context: Context, ports: MarketsPorts): void {
  const store = context.store(MARKETS_STORE)
  const due: Holder[] = []
  const end = concatBytes(PREFIX.cancelTime, be64(context.timeSeconds + 1n))
  for (const [key] of store.iterate(PREFIX.cancelTime, end)) {
    if (due.length === CANCELLED_MAX) break
    due.push(holderAt(key, 9))
  }
  for (const holder of due) {
    cancelAll(context, ports, holder, { market: 0n, reason: 'notRenewed' })
    clear(context, holder)
  }
}

/** All switches that are set, ascending by time. */
export function* switches(store: KeyValueReader): Iterable<{ holder: Holder; seconds: bigint }> {
  for (const [key] of store.iterate(PREFIX.cancelTime, prefixEnd(PREFIX.cancelTime))) {
    const holder = holderAt(key, 9)
    yield { holder, seconds: readCount(store, afterKey(holder))! }
  }
}

/** Sets a switch to a time. */
export function set(context: Context, holder: Holder, seconds: bigint): void {
  const store = context.store(MARKETS_STORE)
  store.set(afterKey(holder), be64(seconds))
  store.set(timeKey(seconds, holder), PRESENT)
}

function clear(context: Context, holder: Holder): void {
  const store = context.store(MARKETS_STORE)
  const seconds = readCount(store, afterKey(holder))
  if (seconds === undefined) return
  store.delete(afterKey(holder))
  store.delete(timeKey(seconds, holder))
}

function afterKey(holder: Holder): Uint8Array {
  return concatBytes(PREFIX.cancelAfter, holderBytes(holder))
}

function timeKey(seconds: bigint, holder: Holder): Uint8Array {
  return concatBytes(PREFIX.cancelTime, be64(seconds), holderBytes(holder))
}
