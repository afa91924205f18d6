import { PublicKey, SYSVAR_CLOCK_PUBKEY, SYSVAR_RENT_PUBKEY, SystemProgram } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import { concatBytes, le64 } from '@causeway/primitives'
import { pay, plainInstruction, read, sign, write } from './instruction.ts'
import { le32 } from './wire.ts'

/*
 * Deploys a program that nobody can change. Source: solana-loader-v3-interface (bincode: a u32 for the
 * instruction, u64 lengths).
 */

const LOADER = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111')

/** Who pays and signs, and the two accounts that are made. */
export interface Deployment {
  readonly payer: PublicKey
  /** Where the program will be; signs. */
  readonly program: PublicKey
  /** For its bytes until then; signs. */
  readonly buffer: PublicKey
}

/** Bytes of a program that one transaction writes at most. */
export const DEPLOY_CHUNK_BYTES = 900
const BUFFER_HEADER_BYTES = 37
const PROGRAM_BYTES = 36

/**
 * Transactions' instructions, in order: the first makes the buffer (signed by payer and buffer), each write
 * is a transaction of its own, the last deploys and gives up the authority at once (signed by payer and
 * program): there is no moment at which the program runs and can be changed.
 * @param rent Lamports that exempt so many bytes.
 */
export function deployInstructions(
  { payer, program, buffer }: Deployment,
  code: Uint8Array,
  rent: (bytes: number) => number,
): { begin: TransactionInstruction[]; writes: TransactionInstruction[]; finish: TransactionInstruction[] } {
  const create = (account: PublicKey, space: number): TransactionInstruction =>
    SystemProgram.createAccount({
      fromPubkey: payer,
      newAccountPubkey: account,
      lamports: rent(space),
      space,
      programId: LOADER,
    })
  const programData = programDataAddress(program)
  const begin = [
    create(buffer, BUFFER_HEADER_BYTES + code.length),
    plainInstruction(LOADER, [write(buffer), read(payer)], le32(0)),
  ]
  const writes = []
  for (let offset = 0; offset < code.length; offset += DEPLOY_CHUNK_BYTES) {
    const chunk = code.subarray(offset, offset + DEPLOY_CHUNK_BYTES)
    const data = concatBytes(le32(1), le32(offset), le64(BigInt(chunk.length)), chunk)
    writes.push(plainInstruction(LOADER, [write(buffer), sign(payer)], data))
  }
  const keys = [
    pay(payer),
    write(programData),
    write(program),
    write(buffer),
    read(SYSVAR_RENT_PUBKEY),
    read(SYSVAR_CLOCK_PUBKEY),
    read(SystemProgram.programId),
    sign(payer),
  ]
  const finish = [
    create(program, PROGRAM_BYTES),
    plainInstruction(LOADER, keys, concatBytes(le32(2), le64(BigInt(code.length)))),
    plainInstruction(LOADER, [write(programData), sign(payer)], le32(4)),
  ]
  return { begin, writes, finish }
}

/** Where a program's code lies, and whether somebody may change it. */
export function programDataAddress(program: PublicKey): PublicKey {
  return PublicKey.findProgramAddressSync([program.toBytes()], LOADER)[0]
}

/** Whether nobody may change a program: its program data says that there is no authority. */
export function isImmutable(programData: Uint8Array): boolean {
  // u32 3: program data ‖ slot u64 ‖ whether there is an authority
  return programData[0] === 3 && programData[12] === 0
}
