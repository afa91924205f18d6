import { blake2b, blake2s } from '@noble/hashes/blake2.js'
import { sha512_256 } from '@noble/hashes/sha2.js'
import {
  EMPTY_BYTES,
  concatBytes,
  keccak256,
  ripemd160,
  sha256,
  sha256Concat,
  sha512,
  uvarint,
} from '@causeway/primitives'
import { errors } from './errors.ts'

const SHA256 = 1
const SHORT_LENGTHS = Array.from({ length: 0x80 }, (_, length) => Uint8Array.of(length))

/**
 * Hashes with the operation of this protobuf number. Throws `ics23/13` for none and for unknown ones.
 *
 * DIFFERS FROM SPEC: keccak256 (3) works here, as in ics23's Rust; Go refuses it. No spec that we accept uses
 * it.
 */
export function hashWith(operation: number, data: Uint8Array): Uint8Array {
  switch (operation) {
    case SHA256:
      return sha256(data)
    case 2:
      return sha512(data)
    case 3:
      return keccak256(data)
    case 4:
      return ripemd160(data)
    case 5:
      return ripemd160(sha256(data))
    case 6:
      return sha512_256(data)
    case 7:
      return blake2b(data)
    case 8:
      return blake2s(data)
    default:
      throw errors.unsupportedHash({ operation })
  }
}

/** Hashes parts one after the other, without joining them where it can. */
export function hashParts(operation: number, parts: readonly Uint8Array[]): Uint8Array {
  return operation === SHA256 ? sha256Concat(...parts) : hashWith(operation, concatBytes(...parts))
}

/** Hashes, or passes the data on when the operation is none (0). */
export function hashOrPass(operation: number, data: Uint8Array): Uint8Array {
  return operation === 0 ? data : hashWith(operation, data)
}

/**
 * The bytes that go before the data to tell its length, as the operation of this number says. Throws
 * `ics23/14`, `/15`.
 */
export function lengthPrefix(operation: number, data: Uint8Array): Uint8Array {
  switch (operation) {
    case 0:
      return EMPTY_BYTES
    case 1:
      return data.length < 0x80 ? SHORT_LENGTHS[data.length]! : uvarint(data.length)
    case 3:
    case 4:
      return fixedLength(4, data.length, operation === 4)
    case 5:
    case 6:
      return fixedLength(8, data.length, operation === 6)
    case 7:
      return requireLength(data, 32)
    case 8:
      return requireLength(data, 64)
    default:
      throw errors.unsupportedLength({ operation })
  }
}

function fixedLength(width: number, length: number, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(width)
  const at = littleEndian ? 0 : width - 4
  new DataView(bytes.buffer).setUint32(at, length, littleEndian)
  return bytes
}

function requireLength(data: Uint8Array, expected: number): Uint8Array {
  if (data.length !== expected) throw errors.wrongLength({ size: data.length, expected })
  return EMPTY_BYTES
}
