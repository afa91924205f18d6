import { bls12_381 } from '@noble/curves/bls12-381.js'
import { EXPANDED_KEY_BYTES } from './verify-sync-aggregate.ts'
import type { BlsScheme } from './verify-sync-aggregate.ts'

const bls = bls12_381.longSignatures
type Key = ReturnType<typeof bls12_381.G1.Point.fromBytes>

/** BLS12-381 by @noble/curves: the reference that a native implementation is compared with. */
export const nobleScheme: BlsScheme<Key> = {
  decodeKey(bytes) {
    if (bytes.length !== KEY_BYTES) return undefined
    try {
      const key = bls12_381.G1.Point.fromBytes(bytes)
      key.assertValidity()
      return key.is0() || !key.isTorsionFree() ? undefined : key
    } catch {
      return undefined
    }
  },
  expandKey: (key) => key.toBytes(false),
  loadKey(bytes) {
    if (bytes.length !== EXPANDED_KEY_BYTES) return undefined
    try {
      return bls12_381.G1.Point.fromBytes(bytes)
    } catch {
      return undefined
    }
  },
  fastAggregateVerify(keys, message, signature) {
    if (keys.length === 0 || signature.length !== SIGNATURE_BYTES) return false
    try {
      const point = bls12_381.G2.Point.fromBytes(signature)
      point.assertValidity()
      if (!point.isTorsionFree()) return false
      return bls.verify(point, bls.hash(message, CIPHERSUITE), bls.aggregatePublicKeys([...keys]))
    } catch {
      return false
    }
  },
}

const KEY_BYTES = 48
const SIGNATURE_BYTES = 96

/** Proof of possession: what the consensus layer signs with. */
const CIPHERSUITE = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'
