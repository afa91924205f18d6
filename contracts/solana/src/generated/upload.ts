// Made from idl/upload.json by scripts/generate.ts.
import { PublicKey, type TransactionInstruction } from '@solana/web3.js'
import { EMPTY_BYTES, concatBytes, fromHex, le64 } from '@causeway/primitives'
import { pay, programInstruction, sign, write } from '../instruction.ts'
import { openAccount } from '../reader.ts'

/** Errors of the program and of what it is built of: number, name, meaning. */
export const ERRORS = [
  [1, 'accounts/MissingAccount', 'Fewer accounts than the instruction takes.'],
  [2, 'accounts/NotSigner', 'It had to sign.'],
  [3, 'accounts/WrongOwner', 'Another program owns it, or none.'],
  [4, 'accounts/WrongLayout', 'Another magic, version or length.'],
  [5, 'accounts/WrongAddress', 'It is not where its seeds say.'],
  [6, 'accounts/WrongProgram', 'Another program than the one to be called.'],
  [7, 'accounts/AlreadyExists', 'It exists already.'],
  [8, 'accounts/Overflow', 'A number beyond its type.'],
  [9, 'accounts/WrongLength', "The instruction's bytes end too early, or too late."],
  [10, 'accounts/UnknownInstruction', 'No such instruction.'],
  [11, 'accounts/NotWritable', 'It had to be writable.'],
] as const

/** A message, and who writes it. */
export interface BufferAccount {
  readonly author: PublicKey
  readonly message: Uint8Array
}

const BUFFER_BEGIN = fromHex('6377796275666672')
/** Reads an account's data; undefined: it is another one. */
export function decodeBuffer(data: Uint8Array): BufferAccount | undefined {
  const reader = openAccount(data, BUFFER_BEGIN)
  return reader && { author: reader.address(), message: reader.rest() }
}

/** Makes an account of zeros, that the program owns already, a buffer of the signer's. */
export function openInstruction(
  program: PublicKey,
  inputs: { readonly buffer: PublicKey; readonly author: PublicKey },
): TransactionInstruction {
  const keys = [write(inputs.buffer), pay(inputs.author)]
  return programInstruction(program, 0, keys, EMPTY_BYTES)
}

/** What `writeInstruction` is told. */
export interface WriteMessage {
  readonly offset: bigint
  readonly bytes: Uint8Array
}
/** Bytes of a message of `writeInstruction`. */
export function encodeWriteMessage(message: WriteMessage): Uint8Array {
  return concatBytes(le64(message.offset), message.bytes)
}

/** Writes bytes at an offset in the message. */
export function writeInstruction(
  program: PublicKey,
  inputs: { readonly buffer: PublicKey; readonly author: PublicKey },
  message: Uint8Array,
): TransactionInstruction {
  const keys = [write(inputs.buffer), pay(inputs.author)]
  return programInstruction(program, 1, keys, message)
}

/** Gives the lamports back to the author. */
export function closeInstruction(
  program: PublicKey,
  inputs: { readonly buffer: PublicKey; readonly author: PublicKey },
): TransactionInstruction {
  const keys = [write(inputs.buffer), pay(inputs.author)]
  return programInstruction(program, 2, keys, EMPTY_BYTES)
}
