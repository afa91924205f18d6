import { PublicKey, SystemProgram } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import { EMPTY_BYTES, utf8 } from '@causeway/primitives'
import { pay, programInstruction, read, write } from '../instruction.ts'

/*
 * Instructions of programs/recorder; its account is read by `readEpochStakes` of libs/light-clients.
 */

/** Voters that `openRecorderInstruction` makes room for, and each `growRecorderInstruction` more. */
export const RECORDER_GROWTH_VOTERS = 67

/** The recorder's one account. */
export function recorderAddress(recorder: PublicKey): PublicKey {
  return PublicKey.findProgramAddressSync([utf8('stakes')], recorder)[0]
}

/** Makes the recorder's account, once. */
export function openRecorderInstruction(recorder: PublicKey, payer: PublicKey): TransactionInstruction {
  return paidInstruction(recorder, 0, payer)
}

/** Makes room for more voters. */
export function growRecorderInstruction(recorder: PublicKey, payer: PublicKey): TransactionInstruction {
  return paidInstruction(recorder, 1, payer)
}

/** Records vote accounts of the next epoch; about 30 fit a transaction. */
export function recordInstruction(
  recorder: PublicKey,
  voteAccounts: readonly PublicKey[],
): TransactionInstruction {
  const keys = [write(recorderAddress(recorder)), ...voteAccounts.map(read)]
  return programInstruction(recorder, 2, keys, EMPTY_BYTES)
}

function paidInstruction(recorder: PublicKey, kind: number, payer: PublicKey): TransactionInstruction {
  const keys = [pay(payer), write(recorderAddress(recorder)), read(SystemProgram.programId)]
  return programInstruction(recorder, kind, keys, EMPTY_BYTES)
}
