import type { PublicKey } from '@solana/web3.js'
import { sha256, utf8 } from '@causeway/primitives'
import * as vault from '../generated/vault.ts'

/** What an owner in a dead hub's books was paid of a line. */
export function paidAddress(program: PublicKey, line: PublicKey, owner: string): PublicKey {
  return vault.paidAddress(program, line, ownerHash(owner))
}

/** Seed of what an owner was paid. */
export function ownerHash(owner: string): Uint8Array {
  return sha256(utf8(owner))
}

/** A wallet's account of a token: where the vault pays to. */
export function associatedAddress(wallet: PublicKey, mint: PublicKey, tokenProgram: PublicKey): PublicKey {
  return vault.associatedAddress(wallet, tokenProgram, mint)
}
