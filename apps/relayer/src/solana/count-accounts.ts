import { ComputeBudgetProgram } from '@solana/web3.js'
import type { PublicKey, TransactionInstruction } from '@solana/web3.js'

/** Accounts of one transaction, also those named by a lookup table. Spec: Agave, `MAX_TX_ACCOUNT_LOCKS`. */
export const ACCOUNTS_MAX = 64

/** Accounts that instructions lock as a transaction of one signer, with the compute budget's program. */
export function countAccounts(payer: PublicKey, instructions: readonly TransactionInstruction[]): number {
  const named = instructions.flatMap(({ programId, keys }) => [programId, ...keys.map((key) => key.pubkey)])
  const all = [payer, ComputeBudgetProgram.programId, ...named]
  return new Set(all.map((one) => one.toBase58())).size
}
