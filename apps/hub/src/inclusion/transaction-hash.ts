import { sha256 } from '@causeway/primitives'
import type { Transaction } from '../tx/transaction.ts'

const known = new WeakMap<Transaction, Uint8Array>()

/** SHA-256 of a transaction's bytes, computed once for each decoded transaction. */
export function hashOf(transaction: Transaction): Uint8Array {
  const hash = known.get(transaction) ?? sha256(transaction.bytes)
  known.set(transaction, hash)
  return hash
}
