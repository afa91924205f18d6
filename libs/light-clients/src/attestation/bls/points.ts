// Encodings of points: affine coordinates, big-endian, without flag bits. Canonical or refused.
import { compareBytes, fromHex } from '@causeway/primitives'

/** Bytes of a coordinate in the base field. */
export const FIELD_BYTES = 48
/** Bytes of a signature: a point of G1, `x ‖ y`. */
export const SIGNATURE_BYTES = 96
/** Bytes of a key: a point of G2, `x.c1 ‖ x.c0 ‖ y.c1 ‖ y.c0` (the order of ZCash). */
export const KEY_BYTES = 192
/** Bytes of a secret. */
export const SECRET_BYTES = 32

const FIELD_MODULUS = fromHex(
  '1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab',
)

/**
 * The coordinates of an encoded point; nothing when the length is wrong, a coordinate is not below the field
 * modulus (flag bits make it so), or all are zero, by which other encodings mean the identity.
 */
export function coordinates(bytes: Uint8Array, length: number): Uint8Array[] | undefined {
  if (bytes.length !== length || bytes.every((byte) => byte === 0)) return undefined
  const parts: Uint8Array[] = []
  for (let at = 0; at < length; at += FIELD_BYTES) {
    const part = bytes.subarray(at, at + FIELD_BYTES)
    if (compareBytes(part, FIELD_MODULUS) >= 0) return undefined
    parts.push(part)
  }
  return parts
}
