// Lines that a vote or the council has paused: nothing new comes in or leaves until a time. What is under way
// ends as it would; a refund is no new credit.
import { be64, concatBytes, fromBe64, prefixEnd } from '@causeway/primitives'
import type { Line } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { Context, ReadContext } from '../../block/context.ts'
import { errors } from './errors.ts'
import { LEDGER_STORE } from './state.ts'

const PAUSE_PREFIX = Uint8Array.of(0x0d)
/** A pause lasts a year at most. */
const SECONDS_MAX = 31_536_000n

/** Whether nothing new comes in or leaves over a line now. */
export function isPaused(context: ReadContext, { id }: Pick<Line, 'id'>): boolean {
  const until = readPause(context.store(LEDGER_STORE), id)
  return until !== undefined && until > context.timeSeconds
}

/** Throws `ledger/26` while a line is paused. */
export function requireOpen(context: ReadContext, line: Line): void {
  if (isPaused(context, line)) throw errors.paused({ denom: line.denom })
}

/** Pauses a line for so many seconds from now on; 0 ends a pause. Throws `ledger/27`. */
export function setPause(context: Context, line: Line, seconds: bigint): void {
  if (seconds > SECONDS_MAX) throw errors.badPause({ max: SECONDS_MAX })
  const until = seconds === 0n ? 0n : context.timeSeconds + seconds
  writePause(context.store(LEDGER_STORE), line.id, until)
  context.emit('causeway.ledger.v1.pause', { line: line.id.toString() }, { until: until.toString() })
}

/** Pauses a line for at least so many seconds: a longer pause stays. Throws `ledger/27`. */
export function prolongPause(context: Context, line: Line, seconds: bigint): void {
  const until = readPause(context.store(LEDGER_STORE), line.id) ?? 0n
  if (until < context.timeSeconds + seconds) setPause(context, line, seconds)
}

/** Until when a line is paused, or was. */
export function readPause(store: KeyValueReader, line: bigint): bigint | undefined {
  const bytes = store.get(concatBytes(PAUSE_PREFIX, be64(line)))
  return bytes && fromBe64(bytes)
}

/** Writes until when; 0 is no pause. */
export function writePause(store: KeyValueStore, line: bigint, until: bigint): void {
  const key = concatBytes(PAUSE_PREFIX, be64(line))
  if (until === 0n) store.delete(key)
  else store.set(key, be64(until))
}

/** Lines that are paused, or were, ascending. */
export function* pauses(store: KeyValueReader): Iterable<{ readonly line: bigint; readonly until: bigint }> {
  for (const [key, value] of store.iterate(PAUSE_PREFIX, prefixEnd(PAUSE_PREFIX)))
    yield { line: fromBe64(key, 1), until: fromBe64(value) }
}
