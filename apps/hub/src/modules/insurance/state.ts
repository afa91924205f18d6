// Store `insurance`:
//   0x01 → Params
//   0x02 → Pause, while deficits exceed insurance
//   0x03 ‖ BE64 group → BE16 subaccount of its fund; numbers count from 1
//   0x04 ‖ account 20 ‖ BE16 subaccount → u128: what a live account lacks, as valued last; 0x05 → the holder
//   after whom the next block goes on valuing. An export leaves both out
import { assert, be16, be64, concatBytes, fromBe16, fromBe64, prefixEnd } from '@causeway/primitives'
import { Params, Pause } from '@causeway/protocol/causeway/insurance/v1/insurance'
import type { Fund } from '@causeway/protocol/causeway/insurance/v1/insurance'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { ACCOUNT_ID_BYTES, SUBACCOUNT_MAX } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'

/** Name of the store. */
export const INSURANCE_STORE = 'insurance'

const PREFIX = {
  params: Uint8Array.of(1),
  pause: Uint8Array.of(2),
  fund: Uint8Array.of(3),
  deficit: Uint8Array.of(4),
  cursor: Uint8Array.of(5),
} as const
const [WORD, WORD_MASK] = [64n, (1n << 64n) - 1n]

/** The parameters; genesis writes them. */
export function readParams(store: KeyValueReader): Params {
  const bytes = store.get(PREFIX.params)
  assert(bytes !== undefined, 'the parameters of insurance are written at genesis')
  return Params.decode(bytes)
}

/** Writes the parameters. */
export function writeParams(store: KeyValueStore, params: Params): void {
  store.set(PREFIX.params, Params.encode(params).finish())
}

/** Since when deficits exceed insurance; nothing while they don't. */
export function readPause(store: KeyValueReader): Pause | undefined {
  const bytes = store.get(PREFIX.pause)
  return bytes === undefined ? undefined : Pause.decode(bytes)
}

/** Writes it, or that they don't any more. */
export function writePause(store: KeyValueStore, pause: Pause | undefined): void {
  if (pause === undefined) store.delete(PREFIX.pause)
  else store.set(PREFIX.pause, Pause.encode(pause).finish())
}

/** All funds of groups, ascending by group. */
export function funds(store: KeyValueReader): Fund[] {
  return [...store.iterate(PREFIX.fund, prefixEnd(PREFIX.fund))].map(([key, value]) => ({
    group: fromBe64(key, 1),
    subaccount: fromBe16(value),
  }))
}

/** The subaccount of a group's fund; nothing while it has none. */
export function findFund(store: KeyValueReader, group: bigint): number | undefined {
  const bytes = store.get(concatBytes(PREFIX.fund, be64(group)))
  return bytes === undefined ? undefined : fromBe16(bytes)
}

/** Writes which subaccount is a group's fund. */
export function writeFund(store: KeyValueStore, { group, subaccount }: Fund): void {
  store.set(concatBytes(PREFIX.fund, be64(group)), be16(subaccount))
}

/** The subaccount of a group's fund, a new one for a new group; the common one when there are no more. */
export function ensureFund(store: KeyValueStore, group: bigint): number {
  const known = findFund(store, group)
  if (known !== undefined) return known
  const subaccount = funds(store).length + 1
  if (subaccount > SUBACCOUNT_MAX) return 0
  writeFund(store, { group, subaccount })
  return subaccount
}

/** What live accounts lack, as valued last, micro-cash; ascending by holder. */
export function knownDeficits(store: KeyValueReader): (readonly [Holder, deficitE6: bigint])[] {
  return [...store.iterate(PREFIX.deficit, prefixEnd(PREFIX.deficit))].map(([key, value]) => [
    holderAt(key, 1),
    (fromBe64(value) << WORD) | fromBe64(value, 8),
  ])
}

/** Writes what an account lacks; nothing for 0. */
export function writeDeficit(store: KeyValueStore, holder: Holder, deficitE6: bigint): void {
  const key = concatBytes(PREFIX.deficit, holderBytes(holder))
  if (deficitE6 > 0n) store.set(key, concatBytes(be64(deficitE6 >> WORD), be64(deficitE6 & WORD_MASK)))
  else if (store.has(key)) store.delete(key)
}

/** After whom a block goes on valuing; nothing: from the first on. */
export function readCursor(store: KeyValueReader): Holder | undefined {
  const bytes = store.get(PREFIX.cursor)
  return bytes && holderAt(bytes, 0)
}

/** Writes it. */
export function writeCursor(store: KeyValueStore, holder: Holder | undefined): void {
  if (holder !== undefined) store.set(PREFIX.cursor, holderBytes(holder))
  else if (store.has(PREFIX.cursor)) store.delete(PREFIX.cursor)
}

function holderBytes({ account, subaccount }: Holder): Uint8Array {
  return concatBytes(account, be16(subaccount))
}

function holderAt(bytes: Uint8Array, offset: number): Holder {
  const end = offset + ACCOUNT_ID_BYTES
  return { account: bytes.slice(offset, end), subaccount: fromBe16(bytes, end) }
}
