import type { PublicKey } from '@causeway/protocol/tendermint/crypto/keys'
import { fromBase64 } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** A public key in CometBFT's JSON. */
export interface PublicKeyJson {
  readonly type: string
  readonly value: string
}

/** Writes a key in CometBFT's JSON. */
export function publicKeyToJson(key: PublicKey | undefined): PublicKeyJson {
  const [type, bytes] = key?.secp256k1
    ? (['tendermint/PubKeySecp256k1', key.secp256k1] as const)
    : (['tendermint/PubKeyEd25519', key?.ed25519 ?? new Uint8Array(0)] as const)
  return { type, value: Buffer.from(bytes).toString('base64') }
}

/** Reads a key of CometBFT's JSON. Throws `engine/4`. */
export function publicKeyFromJson(json: unknown): PublicKey {
  const { type, value } = (json ?? {}) as Partial<Record<keyof PublicKeyJson, unknown>>
  if (typeof value !== 'string') throw errors.badValidatorKey({ reason: 'it has no value' })
  const bytes = fromBase64(value)
  if (type === 'tendermint/PubKeyEd25519' && bytes.length === 32) return { ed25519: bytes }
  if (type === 'tendermint/PubKeySecp256k1' && bytes.length === 33) return { secp256k1: bytes }
  throw errors.badValidatorKey({ reason: 'unknown type or wrong length' })
}
