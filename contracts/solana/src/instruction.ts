import { PublicKey, TransactionInstruction } from '@solana/web3.js'
import type { AccountMeta } from '@solana/web3.js'
import { concatBytes } from '@causeway/primitives'
import { le32 } from './wire.ts'

/** Bit 7 of an instruction's first byte: the message stands in an account. */
const BUFFERED = 0x80

/** Where a message that is too long for a transaction stands: bytes of an account, see src/upload.ts. */
export interface BufferedMessage {
  readonly account: PublicKey
  readonly offset: number
  readonly length: number
}

/** An instruction of one of the programs: its kind, then the message or where it stands. */
export function programInstruction(
  programId: PublicKey,
  kind: number,
  keys: readonly AccountMeta[],
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  if (message instanceof Uint8Array)
    return plainInstruction(programId, keys, concatBytes(Uint8Array.of(kind), message))
  const place = concatBytes(Uint8Array.of(kind | BUFFERED), le32(message.offset), le32(message.length))
  return plainInstruction(programId, [...keys, read(message.account)], place)
}

/** An account that is read. */
export function read(pubkey: PublicKey): AccountMeta {
  return { pubkey, isSigner: false, isWritable: false }
}

/** An account that is written. */
export function write(pubkey: PublicKey): AccountMeta {
  return { pubkey, isSigner: false, isWritable: true }
}

/** An account that signs. */
export function sign(pubkey: PublicKey): AccountMeta {
  return { pubkey, isSigner: true, isWritable: false }
}

/** An account that signs and is written: it pays. */
export function pay(pubkey: PublicKey): AccountMeta {
  return { pubkey, isSigner: true, isWritable: true }
}

/** An instruction of any program. */
export function plainInstruction(
  programId: PublicKey,
  keys: readonly AccountMeta[],
  data: Uint8Array,
): TransactionInstruction {
  return new TransactionInstruction({ programId, keys: [...keys], data: Buffer.from(data) })
}

/** Where a program's account is, by its seeds. */
export function derive(program: PublicKey, ...seeds: Uint8Array[]): PublicKey {
  return PublicKey.findProgramAddressSync(seeds, program)[0]
}
