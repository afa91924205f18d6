/**
 * Varints of safe integers, written into a buffer: what primitives' `uvarint` and `zigzagVarint` return for
 * the same numbers, without the allocation and without bigint. For the inner loops of hashing, storing and
 * proving only.
 */

/** Bytes that `writeVarint` takes. */
export function varintLength(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x200000) return 3
  if (value < 0x10000000) return 4
  let length = 5
  for (let limit = 2 ** 35; value >= limit; limit *= 128) length++
  return length
}

/** Bytes that `writeZigzag` takes. */
export function zigzagLength(value: number): number {
  return varintLength(value * 2)
}

/** Writes an unsigned LEB128 varint; returns the offset behind it. */
export function writeVarint(value: number, bytes: Uint8Array, offset: number): number {
  let rest = value
  let end = offset
  while (rest >= 0x80) {
    bytes[end++] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
  }
  bytes[end++] = rest
  return end
}

/** Writes a zigzag varint of a non-negative number (below 2⁵²); returns the offset behind it. */
export function writeZigzag(value: number, bytes: Uint8Array, offset: number): number {
  return writeVarint(value * 2, bytes, offset)
}

/** Reads varints one after the other from a trusted record. */
export class VarintReader {
  readonly bytes: Uint8Array
  offset: number

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes
    this.offset = offset
  }

  /** The next varint. */
  next(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.offset++]!
      if (byte < 0x80) return value + byte * scale
      value += (byte & 0x7f) * scale
    }
  }
}
