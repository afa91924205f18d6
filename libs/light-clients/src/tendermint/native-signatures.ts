import sodium from 'sodium-native'
import { createSignatureVerifier, type VerifySignature, type VerifySignatures } from './signatures.ts'

/**
 * libsodium's Ed25519: about thirty times the reference's speed, and stricter than ZIP-215. It accepts when
 * key and R are canonical encodings of points of large order and S·B = R + h·A without the cofactor; a test
 * holds it to exactly that rule, because what it refuses costs more gas.
 */
export const sodiumAccepts: VerifySignature = (publicKey, message, signature) => {
  // Typed as Buffer, accepts any Uint8Array.
  return sodium.crypto_sign_verify_detached(signature as Buffer, message as Buffer, publicKey as Buffer)
}

/**
 * The verifier for Node: libsodium accepts, the reference re-checks what it refuses. `secp256k1` is a native
 * verifier of that kind, where there is one.
 */
export function createNativeSignatureVerifier(secp256k1?: VerifySignature): VerifySignatures {
  return createSignatureVerifier({ ed25519: sodiumAccepts, ...(secp256k1 && { secp256k1 }) })
}
