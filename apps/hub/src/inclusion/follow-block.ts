import { bytesKey } from '../bytes-key.ts'
import type { Transaction } from '../tx/transaction.ts'
import type { Context } from '../block/context.ts'
import { EXPIRY_AGE, WINDOW_BLOCKS } from './bounds.ts'
import type { Demand } from './demanded.ts'
import { emitInclusion, emitMissed } from './events.ts'
import {
  INCLUSION_STORE,
  countMissed,
  deleteServed,
  deleteWindow,
  readRecords,
  writeRecords,
  writeWindow,
} from './state.ts'
import { hashOf } from './transaction-hash.ts'

/** A block as the inclusion list sees it. */
export interface FollowedBlock {
  readonly transactions: readonly Transaction[]
  /** What it had to contain. */
  readonly due: readonly Demand[]
  /** Consensus address; empty where nobody says who proposed. */
  readonly proposer: Uint8Array
}

/**
 * After a block: ends the records of what it contains and of what is too old, counts it against its proposer
 * when something demanded is missing, and remembers its critical transactions.
 */
export function followBlock(context: Context, { transactions, due, proposer }: FollowedBlock): void {
  const store = context.store(INCLUSION_STORE)
  const hashes = transactions.filter(({ lane }) => lane < 4).map(hashOf)
  writeWindow(store, context.height, hashes)
  deleteWindow(store, context.height - WINDOW_BLOCKS)
  const records = readRecords(store)
  if (records.length === 0) return
  const included = new Set(hashes.map(bytesKey))
  const left = records.filter(({ name, height }) => {
    const isIncluded = included.has(bytesKey(name.hash))
    if (!isIncluded && context.height + 1n - height < EXPIRY_AGE) return true
    emitInclusion(context, name.hash, isIncluded ? 'included' : 'expired')
    return false
  })
  const recorded = new Set(records.map(({ name }) => bytesKey(name.hash)))
  const missing = due.find(({ record }) => {
    const key = bytesKey(record.name.hash)
    return recorded.has(key) && !included.has(key)
  })
  if (missing !== undefined && proposer.length > 0) {
    countMissed(store, proposer)
    emitMissed(context, { proposer, hash: missing.record.name.hash })
  }
  if (left.length === records.length) return
  writeRecords(store, left)
  const ended = records.filter((record) => record.isServed && !left.includes(record))
  for (const { name } of ended) deleteServed(store, name.hash)
}
