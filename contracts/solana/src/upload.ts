import { PublicKey, SystemProgram } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import * as upload from './generated/upload.ts'
import type { BufferedMessage } from './instruction.ts'

/** Bytes of a buffer account before the message. */
export const UPLOAD_HEADER_BYTES = 40
/** Bytes of a message that one transaction writes at most, beside a signature and four accounts. */
export const UPLOAD_CHUNK_BYTES = 960

/** Whose buffer, and where. */
export interface UploadAccounts {
  /** Address of the upload program. */
  readonly program: PublicKey
  readonly author: PublicKey
  /** Derived from the author: an author has a buffer for each name. */
  readonly buffer: PublicKey
}

/** Addresses of an author's buffer of this name (at most 32 bytes of text). */
export async function uploadAccounts(
  program: PublicKey,
  author: PublicKey,
  name: string,
): Promise<UploadAccounts> {
  return { program, author, buffer: await PublicKey.createWithSeed(author, name, program) }
}

/**
 * What brings a message into an account: first the one that makes and opens it, in one transaction, then
 * writes, each for a transaction of its own, in any order.
 * @param lamports What exempts 40 + length bytes from rent.
 */
export function uploadInstructions(
  accounts: UploadAccounts,
  name: string,
  message: Uint8Array,
  lamports: number,
): { open: TransactionInstruction[]; writes: TransactionInstruction[] } {
  const { program, author, buffer } = accounts
  const create = SystemProgram.createAccountWithSeed({
    fromPubkey: author,
    basePubkey: author,
    newAccountPubkey: buffer,
    seed: name,
    lamports,
    space: UPLOAD_HEADER_BYTES + message.length,
    programId: program,
  })
  const writes = []
  for (let offset = 0; offset < message.length; offset += UPLOAD_CHUNK_BYTES) {
    const bytes = message.subarray(offset, offset + UPLOAD_CHUNK_BYTES)
    const piece = upload.encodeWriteMessage({ offset: BigInt(offset), bytes })
    writes.push(upload.writeInstruction(program, accounts, piece))
  }
  return { open: [create, upload.openInstruction(program, accounts)], writes }
}

/** Where an uploaded message of this length stands, for the programs that read it. */
export function uploadedMessage({ buffer }: UploadAccounts, length: number): BufferedMessage {
  return { account: buffer, offset: UPLOAD_HEADER_BYTES, length }
}

/** Gives the author the buffer's lamports back. */
export function closeUploadInstruction(accounts: UploadAccounts): TransactionInstruction {
  return upload.closeInstruction(accounts.program, accounts)
}
