import { concatBytes, le64, utf8 } from '@causeway/primitives'

/** A number of 16 bits, little-endian. */
export function le16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8)
}

/** A number of 32 bits, little-endian. */
export function le32(value: number): Uint8Array {
  return le64(BigInt(value)).subarray(0, 4)
}

/** A byte. */
export function byte(value: number): Uint8Array {
  return Uint8Array.of(value)
}

/** Bytes of which there are so many. */
export function fixedBytes(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`${bytes.length} bytes in place of ${length}`)
  return bytes
}

/** A text behind one byte of length. */
export function shortText(text: string): Uint8Array {
  const bytes = utf8(text)
  if (bytes.length > 0xff) throw new RangeError(`a text of ${bytes.length} bytes`)
  return concatBytes(Uint8Array.of(bytes.length), bytes)
}

/** Bytes behind two bytes of length. */
export function longBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 0xffff) throw new RangeError(`${bytes.length} bytes`)
  return concatBytes(le16(bytes.length), bytes)
}
