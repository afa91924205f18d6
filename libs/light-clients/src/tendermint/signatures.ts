import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { ValidatorKey } from './keys.ts'

/** Whether `signature` over `message` is `publicKey`'s: synchronous, without side effects. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** One Ed25519 signature to be checked. */
export interface SignatureCheck {
  publicKey: Uint8Array
  message: Uint8Array
  signature: Uint8Array
}

/**
 * Checks signatures together: `undefined` when all hold, else the position of the first that does not. A
 * worker pool behind it belongs to the app.
 */
export type VerifySignatures = (checks: readonly SignatureCheck[]) => number | undefined

const SIGNATURE_LENGTH = 64
const KEY_LENGTH = 32

/**
 * Ed25519 under ZIP-215, as every CometBFT node judges it: A and R of any encoding and order, S reduced, the
 * equation multiplied by the cofactor. This is the reference.
 */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: true })
  } catch {
    return false
  }
}

/**
 * A verifier that asks `fastAccept` first. Native libraries refuse some encodings that ZIP-215 accepts, so a
 * refusal is judged again by the reference; an acceptance stands, because their rules are a subset of
 * ZIP-215's.
 */
export function createSignatureVerifier(fastAccept?: VerifySignature): VerifySignatures {
  const verify: VerifySignature = (publicKey, message, signature) => {
    if (publicKey.length !== KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false
    if (fastAccept?.(publicKey, message, signature) === true) return true
    return verifyEd25519(publicKey, message, signature)
  }
  return (checks) => {
    const failed = checks.findIndex((check) => !verify(check.publicKey, check.message, check.signature))
    return failed === -1 ? undefined : failed
  }
}

/** A secp256k1 validator's signature: R ‖ S over SHA-256 of the message, S in the lower half. */
export function verifySecp256k1(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_LENGTH) return false
  try {
    return secp256k1.verify(signature, message, publicKey, { prehash: true, lowS: true, format: 'compact' })
  } catch {
    return false
  }
}

/** Whether `signature` is that of a validator's key, whatever its type. */
export function verifyWithKey(
  key: ValidatorKey,
  message: Uint8Array,
  signature: Uint8Array,
  verifySignatures: VerifySignatures,
): boolean {
  if (key.type === 'secp256k1') return verifySecp256k1(key.bytes, message, signature)
  return verifySignatures([{ publicKey: key.bytes, message, signature }]) === undefined
}
