import { errors } from './primitive-errors.ts'
import { requireU64 } from './integers.ts'

/** Big-endian u64. Throws `primitives/20` outside 0 … 2⁶⁴ − 1. */
export function be64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, requireU64(value, 'u64'))
  return bytes
}

/** Little-endian u64. Throws `primitives/20` outside 0 … 2⁶⁴ − 1. */
export function le64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, requireU64(value, 'u64'), true)
  return bytes
}

/** Big-endian u32. Throws `primitives/20` outside 0 … 2³² − 1. */
export function be32(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw errors.outOfRange({ what: 'u32', max: 0xffffffffn })
  }
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
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
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(offset)
}

/** Reads a big-endian u16 at `offset`. Throws `primitives/10`. */
export function fromBe16(bytes: Uint8Array, offset = 0): number {
  if (bytes.length < offset + 2) throw errors.truncated({ need: 2, have: Math.max(0, bytes.length - offset) })
  return (bytes[offset]! << 8) | bytes[offset + 1]!
}
