import { compareBytes, equalBytes, isProtocolError, sha256 } from '@causeway/primitives'
import type { TransactionName } from '@causeway/protocol/causeway/block/v1/block'
import { bytesKey } from '../bytes-key.ts'
import { TRANSACTION_BYTES_MAX, TRANSACTION_GAS_MAX } from '../tx/limits.ts'
import type { Transaction } from '../tx/transaction.ts'
import type { Chain } from '../block/chain.ts'
import type { ProvenVote } from '../block/composition.ts'
import type { Context } from '../block/context.ts'
import type { SetMember } from '../block/transaction-zero.ts'
import { NAMES_MAX, RECORDS_MAX, SERVED_BYTES_MAX, WINDOW_BLOCKS } from './bounds.ts'
import { emitInclusion } from './events.ts'
import { INCLUSION_STORE, isInWindow, readRecords, writeRecords, writeServed } from './state.ts'
import type { NamedRecord } from './state.ts'

const HASH_BYTES = 32

/** Takes what proven votes say of transactions: bytes of recorded ones, then names of more. */
export function recordNames(
  chain: Pick<Chain, 'transactions'>,
  context: Context,
  votes: readonly ProvenVote[],
  validators: readonly SetMember[],
): void {
  const store = context.store(INCLUSION_STORE)
  const before = readRecords(store)
  const records = takeServed(chain, context, before, votes)
  const added = namedByThird(votes, validators).filter(({ hash }) => {
    if (records.some(({ name }) => equalBytes(name.hash, hash))) return false
    return !isInWindow(store, hash, { from: context.height - WINDOW_BLOCKS, to: context.height - 1n })
  })
  for (const name of added) {
    if (records.length >= RECORDS_MAX || records.some((each) => equalBytes(each.name.hash, name.hash)))
      continue
    records.push({ name, height: context.height, isServed: false })
    emitInclusion(context, name.hash, 'recorded')
  }
  if (added.length > 0 || records.length < before.length || records.some((each, i) => each !== before[i]))
    writeRecords(store, records)
}

/** Names of more than a third of the power, ascending. */
function namedByThird(votes: readonly ProvenVote[], validators: readonly SetMember[]): TransactionName[] {
  const total = validators.reduce((sum, { power }) => sum + power, 0n)
  const tally = new Map<string, { readonly name: TransactionName; power: bigint }>()
  for (const { validator, extension } of votes) {
    const own = new Set<string>()
    for (const name of extension.held.slice(0, NAMES_MAX)) {
      if (!isName(name)) continue
      const key = `${bytesKey(name.hash)} ${name.lane} ${name.bytes} ${name.gasLimit}`
      if (own.has(key)) continue
      own.add(key)
      const named = tally.get(key)
      if (named === undefined) tally.set(key, { name, power: validator.power })
      else named.power += validator.power
    }
  }
  return [...tally.values()]
    .filter(({ power }) => power * 3n > total)
    .map(({ name }) => ({ ...name, hash: name.hash.slice() }))
    .sort((a, b) => compareBytes(a.hash, b.hash) || a.lane - b.lane || a.bytes - b.bytes)
}

function isName({ hash, lane, bytes, gasLimit }: TransactionName): boolean {
  const isSized = bytes > 0 && bytes <= TRANSACTION_BYTES_MAX
  const isPriced = gasLimit > 0n && gasLimit <= BigInt(TRANSACTION_GAS_MAX)
  return hash.length === HASH_BYTES && lane >= 1 && lane <= 3 && isSized && isPriced
}

/**
 * Writes the bytes of records that lack them. A record whose bytes turn out to be no transaction, or another
 * one than was named, ends.
 */
function takeServed(
  chain: Pick<Chain, 'transactions'>,
  context: Context,
  before: readonly NamedRecord[],
  votes: readonly ProvenVote[],
): NamedRecord[] {
  const records = [...before]
  if (records.every(({ isServed }) => isServed)) return records
  for (const bytes of votes.flatMap(({ extension }) => withinBound(extension.served))) {
    const sized = records.filter(({ isServed, name }) => !isServed && name.bytes === bytes.length)
    if (sized.length === 0) continue
    const hash = sha256(bytes)
    const record = sized.find(({ name }) => equalBytes(name.hash, hash))
    if (record === undefined) continue
    const index = records.indexOf(record)
    if (!isNamed(decode(chain, bytes), record.name)) {
      records.splice(index, 1)
      emitInclusion(context, hash, 'unreadable')
      continue
    }
    writeServed(context.store(INCLUSION_STORE), hash, bytes.slice())
    records[index] = { ...record, isServed: true }
  }
  return records
}

/** What counts of the bytes that a vote carries. */
function withinBound(served: readonly Uint8Array[]): readonly Uint8Array[] {
  let bytes = 0
  return served
    .slice(0, NAMES_MAX)
    .filter(({ length }) => (bytes += length) <= SERVED_BYTES_MAX && length > 0)
}

function decode(chain: Pick<Chain, 'transactions'>, bytes: Uint8Array): Transaction | undefined {
  try {
    return chain.transactions.decode(bytes)
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

function isNamed(transaction: Transaction | undefined, { lane, gasLimit }: TransactionName): boolean {
  return transaction?.lane === lane && BigInt(transaction.gasLimit) === gasLimit
}
