import sodium from 'sodium-native'
import { validatorAddress } from '@causeway/light-clients'
import { equalBytes, fromBase64, toHexUpper } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { publicKeyToJson } from './public-key-json.ts'
import type { PublicKeyJson } from './public-key-json.ts'

/** CometBFT's `priv_validator_key.json`. */
export interface ValidatorKeyJson {
  readonly address: string
  readonly pub_key: PublicKeyJson
  readonly priv_key: { readonly type: string; readonly value: string }
}

/** An Ed25519 key that signs blocks. */
export interface ValidatorKey {
  readonly address: Uint8Array
  readonly publicKey: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

const PRIVATE_KEY_TYPE = 'tendermint/PrivKeyEd25519'

/** Makes a validator's key file from 32 random bytes. */
export function generateValidatorKey(seed: Uint8Array): ValidatorKeyJson {
  const { publicKey, secretKey } = keyPair(seed)
  return {
    address: toHexUpper(validatorAddress({ ed25519: publicKey })),
    pub_key: publicKeyToJson({ ed25519: publicKey }),
    priv_key: { type: PRIVATE_KEY_TYPE, value: secretKey.toString('base64') },
  }
}

/** Reads a validator's key file; the public half is derived. Throws `engine/4`. */
export function parseValidatorKey(json: unknown): ValidatorKey {
  const given = json as Partial<ValidatorKeyJson> | null
  if (given?.priv_key?.type !== PRIVATE_KEY_TYPE || typeof given.priv_key.value !== 'string') {
    throw errors.badValidatorKey({ reason: `priv_key is not of type ${PRIVATE_KEY_TYPE}` })
  }
  const bytes = fromBase64(given.priv_key.value)
  if (bytes.length !== 64) throw errors.badValidatorKey({ reason: 'priv_key has not 64 bytes' })
  const { publicKey, secretKey } = keyPair(bytes.subarray(0, 32))
  if (!equalBytes(publicKey, bytes.subarray(32))) {
    throw errors.badValidatorKey({ reason: 'the halves of priv_key do not belong together' })
  }
  return {
    address: validatorAddress({ ed25519: publicKey }),
    publicKey,
    sign(message) {
      const signature = Buffer.alloc(sodium.crypto_sign_BYTES)
      sodium.crypto_sign_detached(signature, Buffer.from(message), secretKey)
      return new Uint8Array(signature)
    },
  }
}

function keyPair(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Buffer } {
  if (seed.length !== 32) throw errors.badValidatorKey({ reason: 'a seed has 32 bytes' })
  const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES)
  const secretKey = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, Buffer.from(seed))
  return { publicKey: new Uint8Array(publicKey), secretKey }
}
