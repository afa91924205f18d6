import { compareBytes } from '@causeway/primitives'
import type { TransactionName, VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import { bytesKey } from '../bytes-key.ts'
import type { Transaction } from '../tx/transaction.ts'
import type { Admission } from '../block/admissions.ts'
import type { Chain } from '../block/chain.ts'
import type { ReadContext } from '../block/context.ts'
import { laneIn } from '../block/lanes.ts'
import { priorities } from '../block/priority.ts'
import { HELD_BLOCKS, LOOKED_AT_MAX, NAMES_MAX, SERVED_BYTES_MAX } from './bounds.ts'
import type { Pinned } from './pinned.ts'
import { INCLUSION_STORE, readRecords } from './state.ts'
import type { NamedRecord } from './state.ts'
import { hashOf } from './transaction-hash.ts'

/** The block that is voted on. */
export interface VotedBlock {
  readonly height: bigint
  readonly txs: readonly Uint8Array[]
}

/** What waits, and what it pays. */
interface Rated extends Admission {
  readonly priority: bigint
}

/**
 * What a vote says of critical transactions that its node holds and the block lacks: names of those that have
 * waited, and the bytes of those that are recorded and that the state doesn't have. `state` is that before
 * the block.
 */
export function heldNames(
  chain: Chain,
  state: ReadContext,
  pinned: Pinned,
  block: VotedBlock,
): Pick<VoteExtension, 'held' | 'served'> {
  const records = readRecords(state.store(INCLUSION_STORE))
  const waiting = dearest(chain, state, block.height)
  const candidates = waiting.filter(({ transaction }) => isNameable(chain, state, transaction, block.height))
  if (candidates.length === 0 && records.every(({ isServed }) => isServed)) return { held: [], served: [] }
  const passed = new Set(block.txs.map(bytesKey))
  const recorded = new Set(records.map(({ name }) => bytesKey(name.hash)))
  const open = candidates.filter(({ transaction }) => {
    return !passed.has(bytesKey(transaction.bytes)) && !recorded.has(bytesKey(hashOf(transaction)))
  })
  const named = open
    .sort(inOrder)
    .slice(0, NAMES_MAX)
    .map(({ transaction }) => transaction)
  for (const transaction of named) pinned.pin(hashOf(transaction), transaction.bytes)
  for (const { transaction } of waiting)
    if (recorded.has(bytesKey(hashOf(transaction)))) pinned.pin(hashOf(transaction), transaction.bytes)
  return { held: named.map(nameOf), served: lackingBytes(records, pinned, passed) }
}

/** What the list knows of a transaction. */
export function nameOf(transaction: Transaction): TransactionName {
  const { lane, bytes, gasLimit } = transaction
  return { hash: hashOf(transaction), lane, bytes: bytes.length, gasLimit: BigInt(gasLimit) }
}

/** Critical by the state: what others can put into a block. */
function isNameable(chain: Chain, state: ReadContext, transaction: Transaction, height: bigint): boolean {
  const { timeoutHeight } = transaction
  if (timeoutHeight !== 0n && timeoutHeight <= height) return false
  return laneIn(chain.composition, state, transaction) < 4
}

/**
 * Those that have waited and are in turn: who pays most first, then who came first. Not all, but nobody can
 * hide others behind many of his own, nor anybody behind many that pay less.
 */
function dearest(chain: Chain, state: ReadContext, height: bigint): Rated[] {
  const priority = priorities(chain, state)
  const signers = new Map<string, { sequence: bigint | undefined; trades: number }>()
  const rated: Rated[] = []
  for (const admission of chain.admissions.critical()) {
    const { transaction, height: admitted } = admission
    if (admitted + HELD_BLOCKS > height) continue
    const { signer, isTrade } = transaction
    const known = signers.get(bytesKey(signer)) ?? {
      sequence: chain.composition.authentication.findAccount(state, signer)?.sequence,
      trades: 0,
    }
    signers.set(bytesKey(signer), known)
    if (isTrade ? known.trades === NAMES_MAX : transaction.sequence !== known.sequence) continue
    if (isTrade) known.trades += 1
    rated.push({ ...admission, priority: priority(transaction) })
  }
  return rated.sort(byRating).slice(0, LOOKED_AT_MAX)
}

function byRating(a: Rated, b: Rated): number {
  if (a.priority !== b.priority) return a.priority > b.priority ? -1 : 1
  return a.height === b.height ? 0 : a.height < b.height ? -1 : 1
}

/** Nodes that hold the same name the same. */
function inOrder(a: Rated, b: Rated): number {
  return byRating(a, b) || compareBytes(hashOf(a.transaction), hashOf(b.transaction))
}

function lackingBytes(
  records: readonly NamedRecord[],
  pinned: Pinned,
  passed: ReadonlySet<string>,
): Uint8Array[] {
  const served: Uint8Array[] = []
  let left = SERVED_BYTES_MAX
  for (const { name, isServed } of records) {
    const bytes = isServed ? undefined : pinned.get(name.hash)
    if (bytes === undefined || bytes.length > left || passed.has(bytesKey(bytes))) continue
    if (served.length === NAMES_MAX) break
    left -= bytes.length
    served.push(bytes)
  }
  return served
}
