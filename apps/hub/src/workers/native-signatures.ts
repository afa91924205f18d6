import { hash } from 'node:crypto'
import secp256k1 from 'secp256k1'
import sodium from 'sodium-native'
import { eip712Digest } from '@causeway/protocol'
import type { SignatureCheck, SignatureScheme, VerifySignatures } from '../tx/signatures.ts'

/**
 * libsecp256k1 and libsodium on the calling thread. Of secp256k1 they accept low S only, which is what Cosmos
 * chains ask for; of Ed25519 canonical encodings of points of large order, and S·B = R + h·A without the
 * cofactor.
 */
export const verifyNatively: VerifySignatures = (batch) => batch.map((check) => verifyCheck(check))

const LENGTHS: Readonly<Record<SignatureScheme, { readonly key: number; readonly signature: number }>> = {
  secp256k1: { key: 33, signature: 64 },
  eip712: { key: 33, signature: 65 },
  ed25519: { key: 32, signature: 64 },
}
/** Half of the order of secp256k1, big-endian: the greatest S. */
const HALF_ORDER = Buffer.from('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0', 'hex')

/** Whether one signature holds; anything malformed is simply not valid. */
export function verifyCheck(check: SignatureCheck): boolean {
  return hasForm(check) && verifyFormed(check)
}

/** Whether key and signature have the lengths of their scheme. */
export function hasForm({ scheme, publicKey, signature }: SignatureCheck): boolean {
  return publicKey.length === LENGTHS[scheme].key && signature.length === LENGTHS[scheme].signature
}

/** Whether a signature of the right form holds. */
export function verifyFormed({ scheme, publicKey, message, signature }: SignatureCheck): boolean {
  if (scheme === 'eip712') return verifyRecoverable(publicKey, eip712Digest(message), signature)
  if (scheme === 'secp256k1') return verifySecp256k1(publicKey, hash('sha256', message, 'buffer'), signature)
  // Typed as Buffer, accepts any Uint8Array.
  return sodium.crypto_sign_verify_detached(signature as Buffer, message as Buffer, publicKey as Buffer)
}

/** Whether a secp256k1 signature over a digest holds. */
export function verifySecp256k1(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  try {
    return secp256k1.ecdsaVerify(signature, digest, publicKey)
  } catch {
    // The library throws for keys off the curve and for R or S beyond the order.
    return false
  }
}

/** The same with the recovery id as EVM wallets write it: only the one that gives this key. */
function verifyRecoverable(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const v = signature[64]!
  if (v !== 27 && v !== 28) return false
  // Recovery takes any S.
  if (Buffer.compare(signature.subarray(32, 64), HALF_ORDER) > 0) return false
  try {
    const recovered = secp256k1.ecdsaRecover(signature.subarray(0, 64), v - 27, digest, true)
    return Buffer.compare(recovered, publicKey) === 0
  } catch {
    return false
  }
}
