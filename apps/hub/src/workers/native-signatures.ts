import { hash } from 'node:crypto'
import secp256k1 from 'secp256k1'
import type { SignatureCheck, VerifySignatures } from '../tx/signatures.ts'
import type { DigestCheck } from './signature-batch.ts'

/** libsecp256k1 on the calling thread. It accepts low S only, which is what Cosmos chains ask for. */
export const verifyNatively: VerifySignatures = (batch) => batch.map((check) => verifyCheck(check))

/** Whether one signature holds; anything malformed is simply not valid. */
export function verifyCheck(check: SignatureCheck): boolean {
  return hasForm(check) && verifyDigest(withDigest(check))
}

/** Whether key and signature have the lengths that a record holds. */
export function hasForm({ publicKey, signature }: SignatureCheck): boolean {
  return publicKey.length === 33 && signature.length === 64
}

/** The check with its message hashed. */
export function withDigest({ publicKey, message, signature }: SignatureCheck): DigestCheck {
  return { publicKey, digest: hash('sha256', message, 'buffer'), signature }
}

/** Whether a signature over a SHA-256 digest holds. */
export function verifyDigest({ publicKey, digest, signature }: DigestCheck): boolean {
  try {
    return secp256k1.ecdsaVerify(signature, digest, publicKey)
  } catch {
    // The library throws for keys off the curve and for R or S beyond the order.
    return false
  }
}
