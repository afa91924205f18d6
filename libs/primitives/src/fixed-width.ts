import { errors } from './primitive-errors.ts'
import { requireU64 } from './integers.ts'

/** Big-endian u64. Throws `primitives/20` outside 0 … 2⁶⁴ − 1. */
export function be64(value: bigint): Uint8Array {
  requireU64(value, 'u64')
  const bytes = new Uint8Array(8)
  // A view's `buffer` would move these few bytes off the heap
  write32(bytes, 0, Number(value >> 32n))
  write32(bytes, 4, Number(value & 0xffffffffn))
  return bytes
}

/** Little-endian u64. Throws `primitives/20` outside 0 … 2⁶⁴ − 1. */
export function le64(value: bigint): Uint8Array {
  return be64(value).reverse()
}

/** Big-endian u32. Throws `primitives/20` outside 0 … 2³² − 1. */
export function be32(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw errors.outOfRange({ what: 'u32', max: 0xffffffffn })
  }
  const bytes = new Uint8Array(4)
  write32(bytes, 0, value)
  return bytes
}

/** Big-endian u16. Throws `primitives/20` outside 0 … 65,535. */
export function be16(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff)
    throw errors.outOfRange({ what: 'u16', max: 0xffffn })
  return Uint8Array.of(value >> 8, value & 0xff)
}

/** Reads a big-endian u64 at `offset`. Throws `primitives/10`. */
export function fromBe64(bytes: Uint8Array, offset = 0): bigint {
  if (bytes.length < offset + 8) throw errors.truncated({ need: 8, have: Math.max(0, bytes.length - offset) })
  return (BigInt(read32(bytes, offset)) << 32n) | BigInt(read32(bytes, offset + 4))
}

/** Reads a big-endian u16 at `offset`. Throws `primitives/10`. */
export function fromBe16(bytes: Uint8Array, offset = 0): number {
  if (bytes.length < offset + 2) throw errors.truncated({ need: 2, have: Math.max(0, bytes.length - offset) })
  return (bytes[offset]! << 8) | bytes[offset + 1]!
}

function write32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24
  bytes[offset + 1] = value >>> 16
  bytes[offset + 2] = value >>> 8
  bytes[offset + 3] = value
}

function read32(bytes: Uint8Array, offset: number): number {
  const low = (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!
  return bytes[offset]! * 0x1000000 + low
}
