// A program of somebody who wishes the core ill: test/caller.
import { readFileSync } from 'node:fs'
import { TransactionInstruction } from '@solana/web3.js'
import type { PublicKey } from '@solana/web3.js'
import { exampleKey } from './hub.fixture.ts'
import type { Svm } from './svm.fixture.ts'

const NOISE = 0
const CALL = 1

/** The program's ELF. */
export function callerElf(): Uint8Array {
  return readFileSync(new URL('./caller/caller.so', import.meta.url))
}

/** Adds the program to a chain; its address. */
export function addCaller({ svm }: Svm): PublicKey {
  const address = exampleKey().publicKey
  svm.addProgram(address.toBase58() as never, callerElf())
  return address
}

/** Logs so many kilobytes: nodes keep ten. */
export function noise(caller: PublicKey, kilobytes: number): TransactionInstruction {
  return new TransactionInstruction({ programId: caller, keys: [], data: Buffer.of(NOISE, kilobytes) })
}

/** Has the program call another with an instruction. */
export function calling(caller: PublicKey, { programId, keys, data }: TransactionInstruction) {
  const program = { pubkey: programId, isSigner: false, isWritable: false }
  return new TransactionInstruction({
    programId: caller,
    keys: [program, ...keys],
    data: Buffer.concat([Buffer.of(CALL), data]),
  })
}
