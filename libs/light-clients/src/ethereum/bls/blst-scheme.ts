import { PublicKey, Signature, fastAggregateVerify } from '@chainsafe/blst'
import { EXPANDED_KEY_BYTES } from './verify-sync-aggregate.ts'
import type { BlsScheme } from './verify-sync-aggregate.ts'

/** BLS12-381 by the native blst. */
export const blstScheme: BlsScheme<PublicKey> = {
  decodeKey(bytes) {
    if (bytes.length !== KEY_BYTES) return undefined
    try {
      return PublicKey.fromBytes(bytes, true)
    } catch {
      return undefined
    }
  },
  expandKey: (key) => key.toBytes(false),
  loadKey(bytes) {
    if (bytes.length !== EXPANDED_KEY_BYTES) return undefined
    try {
      return PublicKey.fromBytes(bytes, false)
    } catch {
      return undefined
    }
  },
  fastAggregateVerify(keys, message, signature) {
    if (keys.length === 0 || signature.length !== SIGNATURE_BYTES) return false
    try {
      return fastAggregateVerify(message, keys as PublicKey[], Signature.fromBytes(signature, true))
    } catch {
      return false
    }
  },
}

/** blst takes uncompressed encodings too, which the consensus layer does not know. */
const KEY_BYTES = 48
const SIGNATURE_BYTES = 96
