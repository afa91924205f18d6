// The dead man's switch: all orders of a subaccount are cancelled at a time, unless it is put off. Who has no
// orders waits in a queue of its own: it can be as long as somebody likes, and holds up nobody's.
// Store: 0x0d ‖ holder → seconds u64; 0x0e ‖ seconds ‖ holder → 0x01, of who has orders; 0x19 alike, of who
// has none.
import { be64, concatBytes } from '@causeway/primitives'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE, PREFIX, PRESENT, holderAt, holderBytes, readCount, storedOrders } from './state.ts'
import { cancelAll } from './cancel-orders.ts'

const SECONDS_MAX = 86_400n
const CANCELLED_MAX = 1_000
const QUEUES = ['cancelTime', 'idleCancelTime'] as const
type Queue = (typeof QUEUES)[number]

/** Sets, puts off or (0) ends a holder's switch. Throws `markets/15`. */
export function cancelAllAfter(context: Context, holder: Holder, seconds: bigint): void {
  if (seconds > SECONDS_MAX) throw errors.badTimer({ secondsMax: SECONDS_MAX })
  clear(context, holder)
  if (seconds > 0n) set(context, holder, context.timeSeconds + seconds)
}

/** Cancels for those whose time has come: 1,000 a block that have orders, and 1,000 that have none. */
export function cancelDue(context: Context, ports: MarketsPorts): void {
  const due = [...firstDue(context, 'cancelTime'), ...firstDue(context, 'idleCancelTime')]
  for (const holder of due) {
    cancelAll(context, ports, holder, { market: 0n, reason: 'notRenewed' })
    clear(context, holder)
  }
}

function firstDue(context: Context, queue: Queue): Holder[] {
  const due: Holder[] = []
  for (const [key] of context.store(MARKETS_STORE).iterate(PREFIX[queue], dueEnd(context, queue))) {
    if (due.length === CANCELLED_MAX) break
    due.push(holderAt(key, 9))
  }
  return due
}

function dueEnd({ timeSeconds }: Context, queue: Queue = 'cancelTime'): Uint8Array {
  return concatBytes(PREFIX[queue], be64(timeSeconds + 1n))
}

/** Switches of those who have begun or ceased to have orders wait where they belong. For a block's end. */
export function followOrders(context: Context, holders: readonly Holder[]): void {
  for (const holder of holders) {
    const seconds = readCount(context.store(MARKETS_STORE), afterKey(holder))
    if (seconds === undefined) continue
    const hadOrders = context.store(MARKETS_STORE).has(timeKey('cancelTime', seconds, holder))
    clear(context, holder)
    // What has come while there was nothing to cancel is over, even if it still waits to be dropped.
    if (seconds > context.timeSeconds || hadOrders || !hasOrders(context, holder))
      set(context, holder, seconds)
  }
}

/** Whose time has come though its turn to be cancelled for has not; nothing where nobody waits. */
export function overdue(context: Context): ((holder: Holder) => boolean) | undefined {
  const store = context.store(MARKETS_STORE)
  const [waiting] = store.iterate(PREFIX.cancelTime, dueEnd(context))
  if (waiting === undefined) return undefined
  return (holder) => (readCount(store, afterKey(holder)) ?? context.timeSeconds + 1n) <= context.timeSeconds
}

function set(context: Context, holder: Holder, seconds: bigint): void {
  const store = context.store(MARKETS_STORE)
  store.set(afterKey(holder), be64(seconds))
  store.set(timeKey(hasOrders(context, holder) ? 'cancelTime' : 'idleCancelTime', seconds, holder), PRESENT)
}

function hasOrders(context: Context, holder: Holder): boolean {
  const [first] = storedOrders(context.store(MARKETS_STORE), holder)
  return first !== undefined
}

function clear(context: Context, holder: Holder): void {
  const store = context.store(MARKETS_STORE)
  const seconds = readCount(store, afterKey(holder))
  if (seconds === undefined) return
  store.delete(afterKey(holder))
  for (const queue of QUEUES) store.delete(timeKey(queue, seconds, holder))
}

function afterKey(holder: Holder): Uint8Array {
  return concatBytes(PREFIX.cancelAfter, holderBytes(holder))
}

function timeKey(queue: Queue, seconds: bigint, holder: Holder): Uint8Array {
  return concatBytes(PREFIX[queue], be64(seconds), holderBytes(holder))
}
