// Market-maker protection: when more of a subaccount's quotes in an underlying is filled in a window than it
// allows, its quotes there are withdrawn and refused until it resets. Store: 0x0c ‖ holder ‖ underlying.
import { be64, concatBytes, fromBe64, prefixEnd } from '@causeway/primitives'
import { Protection } from '@causeway/protocol/causeway/markets/v1/markets'
import type { MsgSetProtection } from '@causeway/protocol/causeway/markets/v1/tx'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import { HOLDER_BYTES, PREFIX, holderAt, holderBytes, readUnderlying } from './state.ts'

const WINDOW_SECONDS_MAX = 86_400n

/** A holder's protection in an underlying, if it has set one. */
export function readProtection(
  store: KeyValueReader,
  holder: Holder,
  underlying: bigint,
): Protection | undefined {
  const bytes = store.get(protectionKey(holder, underlying))
  return bytes === undefined ? undefined : Protection.decode(bytes)
}

/** Writes a holder's protection. */
export function writeProtection(
  store: KeyValueStore,
  holder: Holder,
  underlying: bigint,
  protection: Protection,
): void {
  store.set(protectionKey(holder, underlying), Protection.encode(protection).finish())
}

/** All protections, ascending by holder and underlying. */
export function* protections(
  store: KeyValueReader,
): Iterable<{ holder: Holder; underlying: bigint; protection: Protection }> {
  for (const [key, value] of store.iterate(PREFIX.protection, prefixEnd(PREFIX.protection))) {
    const underlying = fromBe64(key, 1 + HOLDER_BYTES)
    yield { holder: holderAt(key, 1), underlying, protection: Protection.decode(value) }
  }
}

/** Sets, changes or (window 0) ends protection; a freeze ends with it. Throws `markets/14`, `/42`. */
export function setProtection(store: KeyValueStore, holder: Holder, message: MsgSetProtection): void {
  const { underlying, windowSeconds, sizeMaxE9, deltaMaxE9, vegaMaxE6 } = message
  if (windowSeconds > WINDOW_SECONDS_MAX) throw errors.badProtection({ secondsMax: WINDOW_SECONDS_MAX })
  if (windowSeconds === 0n) store.delete(protectionKey(holder, underlying))
  else if (readUnderlying(store, underlying) === undefined) throw errors.unknownUnderlying({ underlying })
  else
    writeProtection(store, holder, underlying, {
      ...fresh(),
      windowSeconds,
      sizeMaxE9,
      deltaMaxE9,
      vegaMaxE6,
    })
}

/** Ends a freeze and starts a new window. Throws `markets/16`. */
export function resetProtection(store: KeyValueStore, holder: Holder, underlying: bigint): void {
  const before = readProtection(store, holder, underlying)
  if (before === undefined) throw errors.noProtection()
  const { windowSeconds, sizeMaxE9, deltaMaxE9, vegaMaxE6 } = before
  writeProtection(store, holder, underlying, { ...fresh(), windowSeconds, sizeMaxE9, deltaMaxE9, vegaMaxE6 })
}

function fresh() {
  return { windowStartSeconds: 0n, sizeE9: '', deltaE9: '', vegaE6: '', isFrozen: false }
}

function protectionKey(holder: Holder, underlying: bigint): Uint8Array {
  return concatBytes(PREFIX.protection, holderBytes(holder), be64(underlying))
}
