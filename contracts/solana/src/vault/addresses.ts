import { PublicKey } from '@solana/web3.js'
import { be64, sha256, utf8 } from '@causeway/primitives'

/*
 * Accounts of programs/vault, by what they are derived from.
 */

/** Derives and makes wallets' accounts of tokens. */
export const ASSOCIATED_PROGRAM = new PublicKey('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL')

/** A line: what the vault holds of a mint for the hub at the other end of a client, given by its account. */
export function lineAddress(vault: PublicKey, client: PublicKey, mint: PublicKey): PublicKey {
  return derive(vault, utf8('line'), client.toBytes(), mint.toBytes())
}

/** The account of a line's tokens. */
export function escrowAddress(vault: PublicKey, line: PublicKey): PublicKey {
  return derive(vault, utf8('escrow'), line.toBytes())
}

/** A withdrawal that waits. */
export function claimAddress(vault: PublicKey, line: PublicKey, sequence: bigint): PublicKey {
  return derive(vault, utf8('claim'), line.toBytes(), be64(sequence))
}

/** What an owner in a dead hub's books was paid of a line. */
export function paidAddress(vault: PublicKey, line: PublicKey, owner: string): PublicKey {
  return derive(vault, utf8('paid'), line.toBytes(), sha256(utf8(owner)))
}

/** A wallet's account of a token: where the vault pays to. */
export function associatedAddress(wallet: PublicKey, mint: PublicKey, tokenProgram: PublicKey): PublicKey {
  return derive(ASSOCIATED_PROGRAM, wallet.toBytes(), tokenProgram.toBytes(), mint.toBytes())
}

function derive(program: PublicKey, ...seeds: Uint8Array[]): PublicKey {
  return PublicKey.findProgramAddressSync(seeds, program)[0]
}
