import type { PublicKey, TransactionInstruction } from '@solana/web3.js'
import * as recorder from '../generated/recorder.ts'

/*
 * Instructions of programs/recorder; its account is read by `readEpochStakes` of libs/light-clients. Accounts
 * and bytes: idl/recorder.json.
 */

/** Voters that `openRecorderInstruction` makes room for, and each `growRecorderInstruction` more. */
export const RECORDER_GROWTH_VOTERS = 67
/** Voters that it never has room for more than: then those with the most stake stay. */
export const RECORDER_VOTERS_MAX = 16 * RECORDER_GROWTH_VOTERS

/** Makes the recorder's account, once. */
export function openRecorderInstruction(program: PublicKey, payer: PublicKey): TransactionInstruction {
  return recorder.openInstruction(program, { payer })
}

/** Makes room for more voters, once there is none. */
export function growRecorderInstruction(program: PublicKey, payer: PublicKey): TransactionInstruction {
  return recorder.growInstruction(program, { payer })
}

/** Records vote accounts of the next epoch; about 30 fit a transaction. */
export function recordInstruction(
  program: PublicKey,
  voteAccounts: readonly PublicKey[],
): TransactionInstruction {
  return recorder.recordInstruction(program, { voteAccounts })
}
