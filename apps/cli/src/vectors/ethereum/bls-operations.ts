import {
  PublicKey,
  SecretKey,
  Signature,
  aggregateSerializedSignatures,
  aggregateVerify,
  fastAggregateVerify,
  verify,
  verifyMultipleAggregateSignatures,
} from '@chainsafe/blst'
import { bls12_381 } from '@noble/curves/bls12-381.js'

/**
 * The operations of the Ethereum BLS test suite. What is malformed or not in its group makes a verification
 * false and any other operation throw.
 */
export interface BlsOperations {
  readonly name: string
  sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array
  aggregate(signatures: readonly Uint8Array[]): Uint8Array
  verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
  aggregateVerify(
    keys: readonly Uint8Array[],
    messages: readonly Uint8Array[],
    signature: Uint8Array,
  ): boolean
  fastAggregateVerify(keys: readonly Uint8Array[], message: Uint8Array, signature: Uint8Array): boolean
  batchVerify(
    keys: readonly Uint8Array[],
    messages: readonly Uint8Array[],
    signatures: readonly Uint8Array[],
  ): boolean
  decodesKey(key: Uint8Array): boolean
  decodesSignature(signature: Uint8Array): boolean
}

const KEY_BYTES = 48
const SIGNATURE_BYTES = 96
const CIPHERSUITE = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'
const bls = bls12_381.longSignatures
const hash = (message: Uint8Array) => bls.hash(message, CIPHERSUITE)

/** By the native library. */
export const blstOperations: BlsOperations = {
  name: 'blst',
  sign: (secretKey, message) => SecretKey.fromBytes(secretKey).sign(message).toBytes(),
  aggregate: (signatures) => aggregateSerializedSignatures([...signatures], true).toBytes(),
  verify: (key, message, signature) => isTrue(() => verify(message, blstKey(key), blstSignature(signature))),
  aggregateVerify: (keys, messages, signature) =>
    isTrue(() => aggregateVerify([...messages], keys.map(blstKey), blstSignature(signature))),
  fastAggregateVerify: (keys, message, signature) =>
    isTrue(() => fastAggregateVerify(message, keys.map(blstKey), blstSignature(signature))),
  batchVerify: (keys, messages, signatures) =>
    isTrue(() => {
      const sets = keys.map((key, i) => ({
        msg: messages[i]!,
        pk: blstKey(key),
        sig: blstSignature(signatures[i]!),
      }))
      return verifyMultipleAggregateSignatures(sets)
    }),
  decodesKey: (key) =>
    key.length === KEY_BYTES &&
    isTrue(() => {
      const point = PublicKey.fromBytes(key)
      if (!isInfinity(key)) point.keyValidate()
      return true
    }),
  decodesSignature: (signature) =>
    signature.length === SIGNATURE_BYTES &&
    isTrue(() => {
      Signature.fromBytes(signature, true, false)
      return true
    }),
}

/** By the reference library. */
export const nobleOperations: BlsOperations = {
  name: 'noble',
  sign: (secretKey, message) => bls.sign(hash(message), secretKey).toBytes(),
  aggregate: (signatures) => bls.aggregateSignatures(signatures.map(nobleSignature)).toBytes(),
  verify: (key, message, signature) =>
    isTrue(() => bls.verify(nobleSignature(signature), hash(message), nobleKey(key))),
  aggregateVerify: (keys, messages, signature) =>
    isTrue(() => {
      const items = keys.map((key, i) => ({ message: hash(messages[i]!), publicKey: nobleKey(key) }))
      return bls.verifyBatch(nobleSignature(signature), items)
    }),
  fastAggregateVerify: (keys, message, signature) =>
    isTrue(() => {
      const key = bls.aggregatePublicKeys(keys.map(nobleKey))
      return bls.verify(nobleSignature(signature), hash(message), key)
    }),
  batchVerify: (keys, messages, signatures) =>
    keys.every((key, i) => nobleOperations.verify(key, messages[i]!, signatures[i]!)),
  decodesKey: (key) => isTrue(() => isInGroup(bls12_381.G1.Point.fromBytes(key))),
  decodesSignature: (signature) => isTrue(() => isInGroup(bls12_381.G2.Point.fromBytes(signature))),
}

function blstKey(bytes: Uint8Array): PublicKey {
  if (bytes.length !== KEY_BYTES) throw new Error('no compressed key')
  return PublicKey.fromBytes(bytes, true)
}

function blstSignature(bytes: Uint8Array): Signature {
  if (bytes.length !== SIGNATURE_BYTES) throw new Error('no compressed signature')
  return Signature.fromBytes(bytes, true)
}

function nobleKey(bytes: Uint8Array) {
  const point = bls12_381.G1.Point.fromBytes(bytes)
  if (point.is0() || !isInGroup(point)) throw new Error('no valid key')
  return point
}

function nobleSignature(bytes: Uint8Array) {
  const point = bls12_381.G2.Point.fromBytes(bytes)
  if (!isInGroup(point)) throw new Error('no valid signature')
  return point
}

function isInGroup(point: { is0(): boolean; isTorsionFree(): boolean }): boolean {
  return point.is0() || point.isTorsionFree()
}

function isInfinity(bytes: Uint8Array): boolean {
  return bytes[0] === 0xc0 && bytes.subarray(1).every((byte) => byte === 0)
}

function isTrue(attempt: () => boolean): boolean {
  try {
    return attempt()
  } catch {
    return false
  }
}
