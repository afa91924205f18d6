import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Charge } from '../light-client.ts'
import type { ValidatorKey } from './keys.ts'

/** Whether `signature` over `message` is `publicKey`'s: synchronous, without side effects. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** One signature to be checked. */
export interface SignatureCheck {
  /** Absent: Ed25519. */
  keyType?: ValidatorKey['type']
  publicKey: Uint8Array
  message: Uint8Array
  signature: Uint8Array
}

/**
 * Checks signatures together: `undefined` when all hold, else the position of the first that does not.
 * `charge` is told of each check that has to be done a second time, slowly. A worker pool behind it belongs
 * to the app.
 */
export type VerifySignatures = (checks: readonly SignatureCheck[], charge?: Charge) => number | undefined

/** Native verifiers. */
export interface NativeVerifiers {
  /** A fast accept: whatever it accepts, ZIP-215 accepts. */
  readonly ed25519?: VerifySignature
  /** A whole verdict: R ‖ S over SHA-256 of the message, S in the lower half. */
  readonly secp256k1?: VerifySignature
}

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
 * A verifier over native ones. Native Ed25519 refuses some signatures that ZIP-215 accepts, so a refusal is
 * charged as slow work and judged again by the reference; an acceptance stands, because their rules are a
 * subset of ZIP-215's.
 */
export function createSignatureVerifier(natives: NativeVerifiers = {}): VerifySignatures {
  const secp256k1Holds = natives.secp256k1 ?? verifySecp256k1
  return (checks, charge) => {
    const holds = ({ keyType, publicKey, message, signature }: SignatureCheck): boolean => {
      if (keyType === 'secp256k1') return secp256k1Holds(publicKey, message, signature)
      if (publicKey.length !== KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false
      if (natives.ed25519?.(publicKey, message, signature) === true) return true
      charge?.('ed25519Slow', 1)
      return verifyEd25519(publicKey, message, signature)
    }
    const failed = checks.findIndex((check) => !holds(check))
    return failed === -1 ? undefined : failed
  }
}

/** The same verifier, with every signature charged by its kind before the first is looked at. */
export function meteredSignatures(
  verifySignatures: VerifySignatures,
  charge: Charge | undefined,
): VerifySignatures {
  if (charge === undefined) return verifySignatures
  return (checks) => {
    const secp256k1Count = checks.filter(({ keyType }) => keyType === 'secp256k1').length
    const ed25519Count = checks.length - secp256k1Count
    if (ed25519Count > 0) charge('ed25519', ed25519Count)
    if (secp256k1Count > 0) charge('secp256k1', secp256k1Count)
    return verifySignatures(checks, charge)
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
  const check = { keyType: key.type, publicKey: key.bytes, message, signature }
  return verifySignatures([check]) === undefined
}
