import { bls12_381 } from '@noble/curves/bls12-381.js'
import { assert, be16, concatBytes, fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import { A, B, ISOGENY, Z } from './isogeny.ts'

/** Bytes of the hints for one message. */
export const HINT_BYTES = 290

const { Fp } = bls12_381.fields
const MINUS_B_BY_A = Fp.neg(Fp.div(B, A))

interface Mapped {
  readonly hints: readonly Uint8Array[]
  readonly x: bigint
  readonly y: bigint
}

/**
 * What the program needs to hash a message to G1 without exponentiations: inverses and square roots, which
 * it checks by multiplying. Nothing else than these bytes is accepted for the message and tag.
 * The bytes are defined in crates/bls12381/src/hash_to_g1.rs. Spec: RFC 9380, 3, 6.6.2 and 6.6.3.
 */
export function hashToG1Hints(message: Uint8Array, tag: string): Uint8Array {
  const [first, second] = hashToField(message, tag).map(map) as [Mapped, Mapped]
  const inverse = Fp.inv(Fp.sub(second.x, first.x))
  const slope = Fp.mul(Fp.sub(second.y, first.y), inverse)
  const x = Fp.sub(Fp.sub(Fp.sqr(slope), first.x), second.x)
  const denominators = Fp.mul(valueAt(ISOGENY.X_DENOMINATOR, x), valueAt(ISOGENY.Y_DENOMINATOR, x))
  return concatBytes(...first.hints, ...second.hints, bytes(inverse), bytes(Fp.inv(denominators)))
}

/** The simplified map of Shallue, van de Woestijne and Ulas. */
function map(u: bigint): Mapped {
  const zu2 = Fp.mul(Z, Fp.sqr(u))
  const inverse = Fp.inv(Fp.add(Fp.sqr(zu2), zu2))
  const x1 = Fp.mul(MINUS_B_BY_A, Fp.add(Fp.ONE, inverse))
  const isFirst = isSquare(curveAt(x1))
  const x = isFirst ? x1 : Fp.mul(zu2, x1)
  const root = Fp.sqrt(curveAt(x))
  const y = (root & 1n) === (u & 1n) ? root : Fp.neg(root)
  return { hints: [Uint8Array.of(isFirst ? 1 : 0), bytes(inverse), bytes(y)], x, y }
}

function curveAt(x: bigint): bigint {
  return Fp.add(Fp.mul(Fp.add(Fp.sqr(x), A), x), B)
}

function isSquare(value: bigint): boolean {
  return Fp.pow(value, (Fp.ORDER - 1n) / 2n) === Fp.ONE
}

function valueAt(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduceRight((value, coefficient) => Fp.add(Fp.mul(value, x), coefficient), 0n)
}

function bytes(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(96, '0'))
}

/** Spec: RFC 9380, 5.2 and 5.3.1, two elements with SHA-256. */
function hashToField(message: Uint8Array, tag: string): bigint[] {
  const domain = utf8(tag)
  assert(domain.length > 0 && domain.length < 256, 'a tag has 1 to 255 bytes')
  const suffix = concatBytes(domain, Uint8Array.of(domain.length))
  const first = sha256(concatBytes(new Uint8Array(64), message, be16(128), Uint8Array.of(0), suffix))
  let block: Uint8Array = new Uint8Array(32)
  const blocks = [1, 2, 3, 4].map((i) => {
    block = sha256(
      concatBytes(
        first.map((byte, at) => byte ^ block[at]!),
        Uint8Array.of(i),
        suffix,
      ),
    )
    return block
  })
  const halves = [concatBytes(...blocks.slice(0, 2)), concatBytes(...blocks.slice(2))]
  return halves.map((half) => Fp.create(BigInt(`0x${toHex(half)}`)))
}
