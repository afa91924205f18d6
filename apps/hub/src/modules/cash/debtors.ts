// Who has less than no cash, and whose debt is too large for its collateral.
// Store: 0x09 ‖ account 20 ‖ BE16 subaccount → 0x00, or 0x01, 0x02: overdrawn, and its collateral is being
// sold, or can't be; 0x0a → the holder after whom the next block looks.
import { be16, concatBytes, fromBe16, prefixEnd } from '@causeway/primitives'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'

/** Where a debtor stands: `selling` and `stuck` are overdrawn. */
export type Overdraft = 'none' | 'selling' | 'stuck'

const OVERDRAFTS: readonly Overdraft[] = ['none', 'selling', 'stuck']
const DEBTOR = Uint8Array.of(9)
const CURSOR = Uint8Array.of(10)
const AFTER = Uint8Array.of(0)

/** Where a holder stands; nothing for one that owes nothing. */
export function readOverdraft(store: KeyValueReader, holder: Holder): Overdraft | undefined {
  const bytes = store.get(debtorKey(holder))
  return bytes && OVERDRAFTS[bytes[0]!]
}

/** Writes it; nothing: no debtor any more. */
export function writeOverdraft(store: KeyValueStore, holder: Holder, overdraft: Overdraft | undefined): void {
  if (overdraft === undefined) store.delete(debtorKey(holder))
  else store.set(debtorKey(holder), Uint8Array.of(OVERDRAFTS.indexOf(overdraft)))
}

/** Whether a subaccount owes more than half of its collateral covers: it can open nothing. */
export function isOverdrawn(store: KeyValueReader, holder: Holder): boolean {
  const overdraft = readOverdraft(store, holder)
  return overdraft === 'selling' || overdraft === 'stuck'
}

/** All debtors, ascending, or those after one. */
export function* debtors(store: KeyValueReader, after?: Uint8Array): Iterable<Holder> {
  const start = after === undefined ? DEBTOR : concatBytes(DEBTOR, after, AFTER)
  for (const [key] of store.iterate(start, prefixEnd(DEBTOR))) {
    const end = 1 + ACCOUNT_ID_BYTES
    yield { account: key.slice(1, end), subaccount: fromBe16(key, end) }
  }
}

/** The next debtors in turn, at most so many; the turn goes on after them. */
export function takeTurn(store: KeyValueStore, countMax: number): readonly Holder[] {
  const turn: Holder[] = []
  for (const holder of debtors(store, store.get(CURSOR))) {
    turn.push(holder)
    if (turn.length === countMax) break
  }
  const last = turn.length < countMax ? undefined : turn.at(-1)
  if (last !== undefined) store.set(CURSOR, holderKey(last))
  else if (store.has(CURSOR)) store.delete(CURSOR)
  return turn
}

function debtorKey(holder: Holder): Uint8Array {
  return concatBytes(DEBTOR, holderKey(holder))
}

function holderKey({ account, subaccount }: Holder): Uint8Array {
  return concatBytes(account, be16(subaccount))
}
