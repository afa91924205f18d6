import type * as Mcl from 'mcl-wasm'
import { assert, concatBytes, toHex } from '@causeway/primitives'
import { hashToField } from './hash-to-field.ts'
import { FIELD_BYTES, KEY_BYTES, SECRET_BYTES, SIGNATURE_BYTES, coordinates } from './points.ts'
import type { BlsScheme } from './scheme.ts'

/** mcl-wasm after its `init(BLS12_381)`, which is asynchronous and therefore the application's affair. */
export type ReadyMcl = Omit<typeof Mcl, 'default'>

/** Decoded keys that are remembered: those of two large sets. */
const KEYS_MAX = 512

/**
 * BLS12-381 by mcl-wasm, which must be ready and be nobody else's to configure. Compared with
 * `nobleG1Scheme` in the tests.
 */
export function createMclG1Scheme(mcl: ReadyMcl): BlsScheme {
  mcl.setMapToMode(mcl.IRTF)
  mcl.setETHserialization(false)
  // `isValid` is the curve's equation alone; the order is asked for where it matters.
  mcl.verifyOrderG1(false)
  mcl.verifyOrderG2(false)
  const { decodeKey, decodeSignature, encodeKey, encodeSignature, decodeSecret } = codec(mcl)
  const generator = keyGenerator(mcl)
  const precomputed = new mcl.PrecomputedG2(generator)
  const keyOf = remembering(decodeKey)
  const hash = rememberingLast((message, domain) => {
    const [u0, u1] = hashToField(message, domain).map((uniform) => {
      const element = new mcl.Fp()
      element.setBigEndianMod(uniform)
      return element.mapToG1()
    })
    return mcl.add(u0!, u1!)
  })
  const sum = <Point extends Mcl.G1 | Mcl.G2>(points: readonly (Point | undefined)[]): Point | undefined => {
    let total: Point | undefined
    for (const point of points) {
      if (point === undefined) return undefined
      total = total === undefined ? point : mcl.add(total, point)
    }
    return total === undefined || total.isZero() ? undefined : total
  }
  return {
    publicKey: (secret) => encodeKey(mcl.mul(generator, decodeSecret(secret))),
    sign: (secret, message, domain) => encodeSignature(mcl.mul(hash(message, domain), decodeSecret(secret))),
    isKey: (key) => keyOf(key) !== undefined,
    verify(keys, message, domain, signature) {
      const key = sum(keys.map(keyOf))
      const point = decodeSignature(signature)
      if (key === undefined || point === undefined || !point.isValidOrder()) return false
      // e(signature, generator) · e(−H(message), key) = 1
      const negated = mcl.neg(hash(message, domain))
      return mcl.finalExp(mcl.precomputedMillerLoop2mixed(negated, key, point, precomputed)).isOne()
    },
    addSignatures(signatures) {
      const total = sum(signatures.map(decodeSignature))
      return total && encodeSignature(total)
    },
    addKeys(keys) {
      const total = sum(keys.map(keyOf))
      return total && encodeKey(total)
    },
    subtractKeys(key, keys) {
      const total = sum([keyOf(key), ...keys.map(keyOf).map((point) => point && mcl.neg(point))])
      return total && encodeKey(total)
    },
  }
}

/** Points and scalars of bytes, and back. */
function codec(mcl: ReadyMcl) {
  const field = (bytes: Uint8Array): Mcl.Fp => {
    const element = new mcl.Fp()
    element.deserialize(Uint8Array.from(bytes).reverse())
    return element
  }
  const fieldPair = (c1: Uint8Array, c0: Uint8Array): Mcl.Fp2 => {
    const element = new mcl.Fp2()
    element.set_a(field(c0))
    element.set_b(field(c1))
    return element
  }
  const bytesOf = (element: Mcl.Fp): Uint8Array => element.serialize().reverse()
  const one = field(new Uint8Array(FIELD_BYTES).fill(1, FIELD_BYTES - 1))
  const zero = new Uint8Array(FIELD_BYTES)
  const onePair = fieldPair(zero, new Uint8Array(FIELD_BYTES).fill(1, FIELD_BYTES - 1))
  return {
    decodeSecret(secret: Uint8Array): Mcl.Fr {
      assert(secret.length === SECRET_BYTES, 'a secret has 32 bytes')
      const scalar = new mcl.Fr()
      scalar.deserialize(Uint8Array.from(secret).reverse())
      assert(!scalar.isZero(), 'a secret is not zero')
      return scalar
    },
    /** A point of the curve, in the subgroup or not. */
    decodeSignature(bytes: Uint8Array): Mcl.G1 | undefined {
      const parts = coordinates(bytes, SIGNATURE_BYTES)
      if (parts === undefined) return undefined
      const point = new mcl.G1()
      point.setX(field(parts[0]!))
      point.setY(field(parts[1]!))
      point.setZ(one)
      return point.isValid() ? point : undefined
    },
    /** A point of the curve and of the subgroup. */
    decodeKey(bytes: Uint8Array): Mcl.G2 | undefined {
      const parts = coordinates(bytes, KEY_BYTES)
      if (parts === undefined) return undefined
      const point = new mcl.G2()
      point.setX(fieldPair(parts[0]!, parts[1]!))
      point.setY(fieldPair(parts[2]!, parts[3]!))
      point.setZ(onePair)
      return point.isValid() && point.isValidOrder() ? point : undefined
    },
    encodeSignature(point: Mcl.G1): Uint8Array {
      const affine = mcl.normalize(point)
      return concatBytes(bytesOf(affine.getX()), bytesOf(affine.getY()))
    },
    encodeKey(point: Mcl.G2): Uint8Array {
      const affine = mcl.normalize(point)
      const [x, y] = [affine.getX(), affine.getY()]
      return concatBytes(bytesOf(x.get_b()), bytesOf(x.get_a()), bytesOf(y.get_b()), bytesOf(y.get_a()))
    },
  }
}

/** The generator of G2. Spec: IETF pairing-friendly curves draft 11, 4.2.1. */
function keyGenerator(mcl: ReadyMcl): Mcl.G2 {
  const generator = new mcl.G2()
  generator.setStr(`1 ${GENERATOR.join(' ')}`, 16)
  return generator
}

const GENERATOR = [
  '24aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8',
  '13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e',
  'ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801',
  '606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be',
]

/** Remembers decoded keys by their bytes, so it can't change an answer. */
function remembering(decode: (bytes: Uint8Array) => Mcl.G2 | undefined) {
  const known = new Map<string, Mcl.G2>()
  return (bytes: Uint8Array): Mcl.G2 | undefined => {
    if (bytes.length !== KEY_BYTES) return undefined
    const name = toHex(bytes)
    const remembered = known.get(name)
    if (remembered !== undefined) return remembered
    const point = decode(bytes)
    if (point === undefined) return undefined
    if (known.size >= KEYS_MAX)
      for (const oldest of known.keys()) {
        known.delete(oldest)
        break
      }
    known.set(name, point)
    return point
  }
}

/** Remembers the last hash: all attestors of a height sign one message. */
function rememberingLast(hash: (message: Uint8Array, domain: string) => Mcl.G1) {
  let last: { name: string; point: Mcl.G1 } | undefined
  return (message: Uint8Array, domain: string): Mcl.G1 => {
    const name = `${domain} ${toHex(message)}`
    if (last?.name !== name) last = { name, point: hash(message, domain) }
    return last.point
  }
}
