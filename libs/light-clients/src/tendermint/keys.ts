import type { PublicKey } from '@causeway/protocol/tendermint/crypto/keys'
import { ripemd160, sha256 } from '@causeway/primitives'
import { errors } from './errors.ts'

const ADDRESS_LENGTH = 20

/** A validator's key in the two types that CometBFT chains use. */
export type ValidatorKey =
  | { readonly type: 'ed25519'; readonly bytes: Uint8Array }
  | { readonly type: 'secp256k1'; readonly bytes: Uint8Array }

/**
 * The typed form of a protobuf key. Throws `07-tendermint/47` for a missing, malformed or unsupported one.
 */
export function validatorKey(key: PublicKey | undefined): ValidatorKey {
  if (key?.ed25519 !== undefined && key.secp256k1 === undefined && key.ed25519.length === 32) {
    return { type: 'ed25519', bytes: key.ed25519 }
  }
  if (key?.secp256k1 !== undefined && key.ed25519 === undefined && key.secp256k1.length === 33) {
    return { type: 'secp256k1', bytes: key.secp256k1 }
  }
  throw errors.unsupportedKey()
}

/** Address of a validator: SHA-256 cut to 20 bytes (Ed25519), or RIPEMD-160 of SHA-256 (secp256k1). */
export function validatorAddress(key: PublicKey | undefined): Uint8Array {
  const { type, bytes } = validatorKey(key)
  return type === 'ed25519' ? sha256(bytes).slice(0, ADDRESS_LENGTH) : ripemd160(sha256(bytes))
}
