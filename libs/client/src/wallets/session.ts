// Session keys: Ed25519 keys that a program holds, which may trade for an account and nothing else.
import { ed25519 } from '@noble/curves/ed25519.js'
import { fromHex, toHex, utf8 } from '@causeway/primitives'
import { SIGN_MODE } from '@causeway/protocol'
import type { SigningKey } from '@causeway/protocol'
import { errors } from '../errors.ts'
import { directSignBytes } from '../transactions/encode.ts'
import type { Signer } from './wallet.ts'

/** A session key's two halves, hex. Keep the seed as a password. */
export interface SessionKeyPair {
  readonly seed: string
  readonly publicKey: string
}

/** A session key that signs. */
export interface SessionWallet extends Signer {
  readonly kind: 'session'
  /** 32 bytes, hex. */
  readonly publicKey: string
}

/** A new session key, from the platform's source of randomness. `trader.createSession` makes it valid. */
export function createSession(): SessionKeyPair {
  const seed = crypto.getRandomValues(new Uint8Array(32))
  return { seed: toHex(seed), publicKey: toHex(ed25519.getPublicKey(seed)) }
}

/** The session key of a seed, 64 hex digits. Throws `client/20`. */
export function sessionWallet(seedHex: string): SessionWallet {
  const isSeed = typeof seedHex === 'string' && /^[0-9a-fA-F]{64}$/.test(seedHex)
  if (!isSeed) throw errors.badArgument({ name: 'seed', expected: '64 hex digits' })
  const seed = fromHex(seedHex.toLowerCase())
  const bytes = ed25519.getPublicKey(seed)
  const key: SigningKey = { type: 'session', bytes }
  return {
    kind: 'session',
    publicKey: toHex(bytes),
    sign: async (transaction) => {
      const mode = SIGN_MODE.direct
      return { key, mode, signature: ed25519.sign(directSignBytes(transaction, { key, mode }), seed) }
    },
    signText: async (text) => ({ key, mode: 0, signature: ed25519.sign(utf8(text), seed) }),
  }
}
