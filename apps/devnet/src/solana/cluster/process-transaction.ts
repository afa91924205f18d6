import { toBase58 } from '@causeway/primitives'
import { resolveTransaction, Unloadable } from '../execution/message.ts'
import type { ResolvedTransaction } from '../execution/message.ts'
import type { ProcessedTransaction } from './block.ts'
import type { State } from './state.ts'
import { tokenBalances } from './token-balances.ts'

/** Where a transaction stands. */
export interface Place {
  readonly slot: bigint
  readonly index: number
  readonly isVote: boolean
}

/**
 * Runs a transaction in the open bank. Throws `Unloadable` for one that no block has: nothing was charged.
 * The fee is what its accounts have less than before, all together.
 */
export function processTransaction(
  state: State,
  transaction: ResolvedTransaction,
  place: Place,
): ProcessedTransaction {
  const { allKeys, isWritable, wire, version, signatures } = transaction
  const before = balances(state, transaction, place.isVote)
  const outcome = state.machine.execute(wire, version)
  for (const [i, key] of allKeys.entries()) if (isWritable[i]) state.takeOver(key)
  const after = balances(state, transaction, place.isVote)
  const fee = total(before.lamports) - total(after.lamports)
  if (outcome.error !== undefined && fee === 0n) throw new Unloadable(outcome.error)
  return { signature: toBase58(signatures[0]!), transaction, ...place, outcome, fee, before, after }
}

/** The signed transaction with its tables looked up in the open bank. Throws `Unloadable`. */
export function resolveIn(state: State, wire: Uint8Array): ResolvedTransaction {
  return resolveTransaction(wire, (address) => state.account(address))
}

function balances(state: State, { allKeys }: ResolvedTransaction, isVote: boolean) {
  const account = (address: Uint8Array) => state.account(address)
  return {
    lamports: allKeys.map((key) => account(key)?.lamports ?? 0n),
    tokens: isVote ? [] : tokenBalances(allKeys, account),
  }
}

function total(lamports: readonly bigint[]): bigint {
  return lamports.reduce((sum, each) => sum + each, 0n)
}
