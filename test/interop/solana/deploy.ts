import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Keypair } from '@solana/web3.js'
import type { PublicKey } from '@solana/web3.js'
import { deployInstructions } from '@causeway/contracts-solana'
import type { Sender } from './sender.ts'

/** The programs of contracts/solana/artifacts. */
export const PROGRAMS = ['recorder', 'upload', 'core', 'vault', 'hub-client'] as const
/** One of them. */
export type ProgramName = (typeof PROGRAMS)[number]

/** A program's committed bytes. */
export function codeOf(name: ProgramName): Uint8Array {
  const path = `@causeway/contracts-solana/artifacts/${name}.so`
  return new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(path)))
}

/** Deploys a program as anybody would, transaction by transaction; nobody can change it afterwards. */
export async function deploy(sender: Sender, name: ProgramName): Promise<PublicKey> {
  const [program, buffer] = [Keypair.generate(), Keypair.generate()]
  const code = codeOf(name)
  const rents = await rentsOf(sender)
  const payer = sender.payer.publicKey
  const deployment = { payer, program: program.publicKey, buffer: buffer.publicKey }
  const { begin, writes, finish } = deployInstructions(deployment, code, rents)
  await sender.send(begin, [buffer])
  await sender.sendEach(writes)
  await sender.send(finish, [program])
  return program.publicKey
}

/** Lamports that exempt so many bytes, from what the cluster says of two lengths: it is linear. */
async function rentsOf({ connection }: Sender): Promise<(bytes: number) => number> {
  const base = await connection.getMinimumBalanceForRentExemption(0)
  const perByte = ((await connection.getMinimumBalanceForRentExemption(1_000)) - base) / 1_000
  return (bytes) => base + perByte * bytes
}
