import { ed25519 } from '@noble/curves/ed25519.js'
import { errors } from '../errors.ts'
import type { SolanaSigner } from './solana-wallet.ts'

const SEED_BYTES = 32
const SIGNATURE_BYTES = 64

/**
 * Signs with a key that the program holds: a Solana key pair's seed, the first 32 bytes of what solana-keygen
 * writes. Transactions are those of one signer, as deposits are. Throws `client/20` for a seed of another
 * length.
 */
export function solanaKey(seed: Uint8Array): SolanaSigner {
  if (!(seed instanceof Uint8Array) || seed.length !== SEED_BYTES)
    throw errors.badArgument({ name: 'seed', expected: '32 bytes' })
  return {
    publicKey: ed25519.getPublicKey(seed),
    signMessage: (message) => ed25519.sign(message, seed),
    signTransaction(transaction) {
      // A count of signatures below 128 is one byte; their places are there, empty.
      if (transaction[0] !== 1) throw errors.badArgument({ name: 'transaction', expected: 'one signer' })
      const signed = Uint8Array.from(transaction)
      signed.set(ed25519.sign(transaction.subarray(1 + SIGNATURE_BYTES), seed), 1)
      return signed
    },
  }
}
