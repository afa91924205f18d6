import { errors } from './primitive-errors.ts'
import { requireU64, U64_MAX } from './integers.ts'

/** Unsigned LEB128, as protobuf writes it. Throws `primitives/20` outside 0 … 2⁶⁴ − 1. */
export function uvarint(value: bigint | number): Uint8Array {
  let rest = requireU64(BigInt(value), 'uvarint')
  const bytes: number[] = []
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

/** Zigzag LEB128 of an i64: Go's `binary.PutVarint`, which cosmos/iavl hashes. */
export function zigzagVarint(value: bigint): Uint8Array {
  return uvarint(value < 0n ? -value * 2n - 1n : value * 2n)
}

/** Reads a minimal uvarint at `offset`. Throws `primitives/10` (cut short) or `primitives/11` (over-long). */
export function readUvarint(bytes: Uint8Array, offset: number): { value: bigint; next: number } {
  let value = 0n
  for (let i = 0; i < 10; i++) {
    const byte = bytes[offset + i]
    if (byte === undefined) throw errors.truncated({ need: i + 1, have: Math.max(0, bytes.length - offset) })
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) {
      if ((byte === 0 && i > 0) || value > U64_MAX) throw errors.varintOverlong()
      return { value, next: offset + i + 1 }
    }
  }
  throw errors.varintOverlong()
}
