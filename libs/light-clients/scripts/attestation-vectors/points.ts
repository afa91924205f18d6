// Encodings that must be refused, made of right ones.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { concatBytes, fromHex, toHex } from '@causeway/primitives'

const { G1, G2, fields } = bls12_381
const { Fp, Fp2 } = fields
const MODULUS = Fp.ORDER
const WIDTH = 48

/** An encoding and what is wrong with it. */
export interface BadPoint {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Signatures that are none, or not the one given. */
export function badSignatures(signature: Uint8Array): BadPoint[] {
  const y = signature.subarray(WIDTH)
  return [
    ...badEncodings(signature),
    { name: 'negated', bytes: concatBytes(signature.subarray(0, WIDTH), field(MODULUS - number(y))) },
    { name: 'outside the subgroup', bytes: outsideG1() },
    { name: 'right but for a part outside the subgroup', bytes: withTorsion(signature) },
  ]
}

/** Keys that are none. */
export function badKeys(key: Uint8Array): BadPoint[] {
  return [...badEncodings(key), { name: 'outside the subgroup', bytes: outsideG2() }]
}

function badEncodings(point: Uint8Array): BadPoint[] {
  const flagged = (bits: number) => point.with(0, point[0]! | bits)
  return [
    { name: 'empty', bytes: new Uint8Array(0) },
    { name: 'a byte short', bytes: point.subarray(1) },
    { name: 'a byte long', bytes: concatBytes(point, Uint8Array.of(0)) },
    { name: 'the identity as zeros', bytes: new Uint8Array(point.length) },
    { name: 'the identity with a flag', bytes: new Uint8Array(point.length).with(0, 0x40) },
    { name: 'flagged as the greater root', bytes: flagged(0x20) },
    { name: 'flagged as compressed', bytes: flagged(0x80) },
    { name: 'off the curve', bytes: point.with(point.length - 1, point.at(-1)! ^ 1) },
    { name: 'with a coordinate of p', bytes: concatBytes(field(MODULUS), point.subarray(WIDTH)) },
    { name: 'not canonical (first coordinate + p)', bytes: nonCanonical(point) },
    { name: 'of greatest bytes', bytes: new Uint8Array(point.length).fill(255) },
  ]
}

function nonCanonical(point: Uint8Array): Uint8Array {
  return concatBytes(field(number(point.subarray(0, WIDTH)) + MODULUS), point.subarray(WIDTH))
}

/** The first point of the curve, by x, that is not in the subgroup. */
function outsideG1(): Uint8Array {
  for (let x = 1n; ; x++) {
    const square = Fp.add(Fp.pow(x, 3n), 4n)
    const y = root(() => Fp.sqrt(square))
    if (y === undefined || G1.Point.fromAffine({ x, y }).isTorsionFree()) continue
    return concatBytes(field(x), field(y))
  }
}

function outsideG2(): Uint8Array {
  for (let c0 = 1n; ; c0++) {
    const x = Fp2.fromBigTuple([c0, 0n])
    const y = root(() => Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.fromBigTuple([4n, 4n]))))
    if (y === undefined || G2.Point.fromAffine({ x, y }).isTorsionFree()) continue
    return concatBytes(...[x.c1, x.c0, y.c1, y.c0].map(field))
  }
}

/** The signature plus a point of small order: pairs alike, and is no signature. */
function withTorsion(signature: Uint8Array): Uint8Array {
  const outside = outsideG1()
  const stray = pointOf(outside)
  // r times a point outside the subgroup has only its part outside.
  const order = bls12_381.fields.Fr.ORDER
  const torsion = stray.multiplyUnsafe(order - 1n).add(stray)
  const { x, y } = pointOf(signature).add(torsion).toAffine()
  return concatBytes(field(x), field(y))
}

function pointOf(bytes: Uint8Array) {
  return G1.Point.fromAffine({ x: number(bytes.subarray(0, WIDTH)), y: number(bytes.subarray(WIDTH)) })
}

function root<Value>(make: () => Value): Value | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`)
}

function field(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * WIDTH, '0'))
}
