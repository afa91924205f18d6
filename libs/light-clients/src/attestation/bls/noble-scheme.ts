import { bls12_381 } from '@noble/curves/bls12-381.js'
import { assert, concatBytes, fromHex, toHex } from '@causeway/primitives'
import { FIELD_BYTES, KEY_BYTES, SECRET_BYTES, SIGNATURE_BYTES, coordinates } from './points.ts'
import type { BlsScheme } from './scheme.ts'

const { G1, G2, fields, shortSignatures } = bls12_381
const { Fp, Fp2 } = fields
type Signature = InstanceType<typeof G1.Point>
type Key = InstanceType<typeof G2.Point>

/** BLS12-381 by @noble/curves: the reference that faster implementations are compared with. */
export const nobleG1Scheme: BlsScheme = {
  publicKey: (secret) => encodeKey(shortSignatures.getPublicKey(requireSecret(secret))),
  sign: (secret, message, domain) =>
    encodeSignature(shortSignatures.sign(shortSignatures.hash(message, domain), requireSecret(secret))),
  isKey: (key) => decodeKey(key) !== undefined,
  verify(keys, message, domain, signature) {
    const key = sum(keys, decodeKey, G2.Point.ZERO)
    const point = decodeSignature(signature)
    if (key === undefined || point === undefined || !point.isTorsionFree()) return false
    return shortSignatures.verify(point, shortSignatures.hash(message, domain), key)
  },
  addSignatures(signatures) {
    const total = sum(signatures, decodeSignature, G1.Point.ZERO)
    return total && encodeSignature(total)
  },
  addKeys(keys) {
    const total = sum(keys, decodeKey, G2.Point.ZERO)
    return total && encodeKey(total)
  },
  subtractKeys(key, keys) {
    const from = decodeKey(key)
    if (from === undefined || keys.length === 0) return from && encodeKey(from)
    const negated = sum(keys, (bytes) => decodeKey(bytes)?.negate(), from)
    return negated && encodeKey(negated)
  },
}

interface Addable<Point> {
  add(other: Point): Point
  is0(): boolean
}

function sum<Point extends Addable<Point>>(
  encoded: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => Point | undefined,
  start: Point,
): Point | undefined {
  let total = start
  for (const bytes of encoded) {
    const point = decode(bytes)
    if (point === undefined) return undefined
    total = total.add(point)
  }
  return encoded.length === 0 || total.is0() ? undefined : total
}

/** A point of the curve and of the subgroup. */
function decodeKey(bytes: Uint8Array): Key | undefined {
  const parts = coordinates(bytes, KEY_BYTES)?.map(toNumber)
  if (parts === undefined) return undefined
  const [x1, x0, y1, y0] = parts as [bigint, bigint, bigint, bigint]
  const x = Fp2.fromBigTuple([x0, x1])
  const y = Fp2.fromBigTuple([y0, y1])
  const cubic = Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.Point.CURVE().b)
  if (!Fp2.eql(Fp2.sqr(y), cubic)) return undefined
  const point = G2.Point.fromAffine({ x, y })
  return point.isTorsionFree() ? point : undefined
}

/** A point of the curve, in the subgroup or not. */
function decodeSignature(bytes: Uint8Array): Signature | undefined {
  const parts = coordinates(bytes, SIGNATURE_BYTES)?.map(toNumber)
  if (parts === undefined) return undefined
  const [x, y] = parts as [bigint, bigint]
  const cubic = Fp.add(Fp.mul(Fp.sqr(x), x), G1.Point.CURVE().b)
  return Fp.eql(Fp.sqr(y), cubic) ? G1.Point.fromAffine({ x, y }) : undefined
}

function encodeKey(point: Key): Uint8Array {
  const { x, y } = point.toAffine()
  return concatBytes(...[x.c1, x.c0, y.c1, y.c0].map(toField))
}

function encodeSignature(point: Signature): Uint8Array {
  const { x, y } = point.toAffine()
  return concatBytes(...[x, y].map(toField))
}

function requireSecret(secret: Uint8Array): Uint8Array {
  assert(secret.length === SECRET_BYTES, 'a secret has 32 bytes')
  return secret
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`)
}

function toField(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * FIELD_BYTES, '0'))
}
