import type { AccountWrite, BankFields } from '@causeway/light-clients'
import type { ResolvedTransaction } from '../execution/message.ts'
import type { Outcome } from '../execution/virtual-machine.ts'

/** What an account of a token held. */
export interface TokenBalance {
  /** Index among the transaction's keys. */
  readonly accountIndex: number
  readonly mint: Uint8Array
  readonly owner: Uint8Array
  readonly program: Uint8Array
  readonly amount: bigint
  readonly decimals: number
}

/** A transaction that a block has: it went through, or failed and paid its fee. */
export interface ProcessedTransaction {
  /** Base 58, the first one. */
  readonly signature: string
  readonly transaction: ResolvedTransaction
  readonly slot: bigint
  readonly index: number
  readonly isVote: boolean
  readonly outcome: Outcome
  /** Lamports. */
  readonly fee: bigint
  readonly before: { readonly lamports: readonly bigint[]; readonly tokens: readonly TokenBalance[] }
  readonly after: { readonly lamports: readonly bigint[]; readonly tokens: readonly TokenBalance[] }
}

/** A block and the bank that it left: nothing of it changes any more. */
export interface Block extends BankFields {
  readonly slot: bigint
  readonly parentSlot: bigint
  /** Blocks below it. */
  readonly height: bigint
  readonly blockhash: Uint8Array
  readonly parentBlockhash: Uint8Array
  readonly bankHash: Uint8Array
  readonly epoch: bigint
  /** Unix seconds. */
  readonly seconds: bigint
  /** Ascending by address. */
  readonly writes: readonly AccountWrite[]
  readonly transactions: readonly ProcessedTransaction[]
  /** Who led the slot, and lamports that it earned. */
  readonly leader: Uint8Array
  readonly reward: bigint
  readonly leaderLamports: bigint
}
