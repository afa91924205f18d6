import type { PublicKey } from '@solana/web3.js'
import * as vault from '../generated/vault.ts'

/** What an owner in a dead hub's books was paid of a line: 20 bytes, an account of the hub. */
export function paidAddress(program: PublicKey, line: PublicKey, owner: Uint8Array): PublicKey {
  return vault.paidAddress(program, line, owner)
}

/** A wallet's account of a token: where the vault pays to. */
export function associatedAddress(wallet: PublicKey, mint: PublicKey, tokenProgram: PublicKey): PublicKey {
  return vault.associatedAddress(wallet, tokenProgram, mint)
}
