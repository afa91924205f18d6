// The BLS key of a validator that signs attestations, as a file beside its Ed25519 key.
import { SECRET_BYTES, nobleG1Scheme } from '@causeway/light-clients'
import { assert, fromHex, toHex } from '@causeway/primitives'

/** `attestor_key.json`. */
export interface AttestorKeyJson {
  /** 192 bytes in hex. */
  readonly bls_public_key: string
  /** 32 bytes in hex. */
  readonly bls_secret: string
}

/** Makes a key file from 32 random bytes, of which 254 bits count: a secret lies below the group's order. */
export function generateAttestorKey(seed: Uint8Array): AttestorKeyJson {
  assert(seed.length === SECRET_BYTES, 'a seed has 32 bytes')
  const secret = seed.slice()
  secret[0]! &= 0x3f
  return { bls_public_key: toHex(nobleG1Scheme.publicKey(secret)), bls_secret: toHex(secret) }
}

/** The secret in a key file; nothing when it is no key file, or its halves do not belong together. */
export function attestorSecret(json: unknown): Uint8Array | undefined {
  const { bls_public_key: key, bls_secret: text } = (json ?? {}) as Partial<AttestorKeyJson>
  if (typeof text !== 'string' || !/^[0-9a-f]{64}$/.test(text)) return undefined
  const secret = fromHex(text)
  const isSecret = secret.some((byte) => byte > 0) && secret[0]! <= 0x3f
  return isSecret && toHex(nobleG1Scheme.publicKey(secret)) === key ? secret : undefined
}
